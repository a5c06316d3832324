"""Who works on which request: one thread as long as that is quick enough."""

import logging
import threading
import time
from collections import deque
from typing import NamedTuple, Protocol

log = logging.getLogger("pointshop.serve")


class Task(Protocol):
    """A request that was read whole."""

    def service(self) -> None: ...
    def cancel(self) -> None: ...


class _Waiting(NamedTuple):
    """since: monotonic."""

    since: float
    task: Task


class Turns:
    """Takes waitress's tasks to threads. The first thread takes whatever comes; another one only what has waited longer
    than `patience` seconds, behind a sheet as PDF or a list of households.

    Python runs one thread at a time and is let go at every statement of SQLite, so that threads at work together hand
    it to and fro two dozen times a request, each with a connection whose cache the others have made stale
    (docs/decisions/0028). Over PostgreSQL threads wait for the network: patience 0.
    """

    def __init__(self, threads: int, *, patience: float) -> None:
        self._patience = patience
        self._queue: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._first_is_free, self._others_are_free = threading.Condition(self._lock), threading.Condition(self._lock)
        self._first_rests, self._is_watched, self._is_over = False, False, False
        targets = [self._take_all, *[self._take_late] * (threads - 1)]
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()

    def add_task(self, task: Task) -> None:
        """Called by the thread that reads from the network."""
        with self._lock:
            self._queue.append(_Waiting(time.monotonic(), task))
            if self._first_rests:
                # from now on: what comes before it is awake has to be watched
                self._first_rests = False
                self._first_is_free.notify()
            elif not self._is_watched:
                self._others_are_free.notify()

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> None:
        """Let threads end what they are at, for `timeout` seconds; what nobody has begun is cancelled."""
        with self._lock:
            self._is_over = True
            self._first_is_free.notify_all()
            self._others_are_free.notify_all()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        with self._lock:
            left, self._queue = self._queue, deque()
        for waiting in left:
            waiting.task.cancel()

    def _take_all(self) -> None:
        while True:
            with self._lock:
                while not self._queue and not self._is_over:
                    self._first_rests = True
                    self._first_is_free.wait()
                self._first_rests = False
                if self._is_over:
                    return
                task = self._queue.popleft().task
            _serve(task)

    def _take_late(self) -> None:
        while (task := self._next_late()) is not None:
            _serve(task)

    def _next_late(self) -> Task | None:
        """None when all is over. One of the threads watches the clock of whoever waits longest, the others sleep."""
        with self._lock:
            while not self._is_over:
                if not self._queue or self._is_watched:
                    self._others_are_free.wait()
                    continue
                left = self._queue[0].since + self._patience - time.monotonic()
                if left <= 0:
                    task = self._queue.popleft().task
                    # somebody else watches those behind it
                    self._others_are_free.notify()
                    return task
                self._is_watched = True
                self._others_are_free.wait(left)
                self._is_watched = False
        return None


def _serve(task: Task) -> None:
    try:
        task.service()
    except Exception:
        log.exception("a request could not be answered")
