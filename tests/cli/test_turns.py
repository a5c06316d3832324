"""One thread works on what comes; behind what takes long another one goes on."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from pointshop.cli.turns import Turns

PATIENCE = 0.05


class Job:
    """A task: does `work`, and tells in which thread and that it is over."""

    def __init__(self, work: Callable[[], object] = lambda: None) -> None:
        self._work = work
        self.over = threading.Event()
        self.thread: threading.Thread | None = None
        self.was_cancelled = False

    def service(self) -> None:
        self.thread = threading.current_thread()
        try:
            self._work()
        finally:
            self.over.set()

    def cancel(self) -> None:
        self.was_cancelled = True


@pytest.fixture
def turns() -> Iterator[Turns]:
    found = Turns(4, patience=PATIENCE)
    yield found
    found.shutdown()


def test_quick_ones_are_all_done_by_one_thread() -> None:
    # however long this machine lets the thread wait
    turns = Turns(4, patience=60)
    jobs = [Job() for _ in range(200)]
    for job in jobs:
        turns.add_task(job)
    assert all(job.over.wait(60) for job in jobs)
    assert len({job.thread for job in jobs}) == 1
    turns.shutdown()


def test_behind_long_ones_the_others_go_on_after_a_moment(turns: Turns) -> None:
    may_end = threading.Event()
    long = [Job(lambda: may_end.wait(10)) for _ in range(3)]
    for job in long:
        turns.add_task(job)
    started = time.monotonic()
    short = [Job() for _ in range(5)]
    for job in short:
        turns.add_task(job)
    assert all(job.over.wait(10) for job in short)
    assert time.monotonic() - started < 5
    assert not any(job.over.is_set() for job in long)
    may_end.set()
    assert all(job.over.wait(10) for job in long)
    assert len({job.thread for job in long}) == 3


def test_without_patience_all_threads_work_at_once() -> None:
    turns, together = Turns(4, patience=0), threading.Barrier(4, timeout=10)
    jobs = [Job(together.wait) for _ in range(4)]
    for job in jobs:
        turns.add_task(job)
    assert all(job.over.wait(10) for job in jobs)
    assert not together.broken
    turns.shutdown()


def test_with_one_thread_what_comes_behind_a_long_one_waits_for_its_end() -> None:
    """The anomaly is real."""
    turns, may_end = Turns(1, patience=PATIENCE), threading.Event()
    long, short = Job(lambda: may_end.wait(10)), Job()
    turns.add_task(long)
    turns.add_task(short)
    assert not short.over.wait(0.5)
    may_end.set()
    assert short.over.wait(10)
    turns.shutdown()


def test_one_that_fails_stops_nobody(turns: Turns, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("ours")

    jobs = [Job(fail), Job()]
    for job in jobs:
        turns.add_task(job)
    assert all(job.over.wait(10) for job in jobs)
    assert "a request could not be answered" in caplog.text


def test_at_the_end_what_has_begun_is_ended_and_the_rest_cancelled() -> None:
    turns, has_begun, may_end = Turns(1, patience=PATIENCE), threading.Event(), threading.Event()

    def work() -> None:
        has_begun.set()
        may_end.wait(10)

    begun, waiting = Job(work), Job()
    turns.add_task(begun)
    turns.add_task(waiting)
    assert has_begun.wait(10)
    threading.Timer(0.2, may_end.set).start()
    turns.shutdown()
    assert begun.over.is_set()
    assert waiting.was_cancelled or waiting.over.is_set()


@pytest.mark.parametrize("threads", [1, 4])
def test_nothing_is_forgotten_however_it_comes(threads: int) -> None:
    turns = Turns(threads, patience=0.001)
    jobs = [Job(partial(time.sleep, 0.003 if number % 7 == 0 else 0)) for number in range(300)]
    for number, job in enumerate(jobs):
        turns.add_task(job)
        if number % 20 == 0:
            time.sleep(0.005)
    assert all(job.over.wait(20) for job in jobs)
    turns.shutdown()
