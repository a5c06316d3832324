"""`pointshop serve`: one process for SQLite, several for PostgreSQL, and none that outlives its parent."""

import errno
import multiprocessing
import os
import pkgutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from tempfile import TemporaryDirectory
from threading import Event, Thread
from types import FrameType
from typing import NamedTuple

from pointshop.cli.http_server import HttpServer
from pointshop.config import read_config
from pointshop.core.logs import configure_logs, usual_form

APPLICATION = "pointshop.app:create_app"
#: Over SQLite one works, and others join in where a request has waited for LATE seconds; most take a tenth of it.
THREADS = 4
LATE = 0.02
#: Seconds to wait for a port that the process before us has not let go of yet.
PATIENCE = 3.0


class CannotServe(Exception):
    """The address cannot be had, or the workers do not stay alive; the message says which."""


class _Worker(NamedTuple):
    """leash: our end of a pipe. A message from us stops the worker gently, its end (we died) stops it at once; a
    message from the worker says that it serves."""

    process: SpawnProcess
    leash: Connection


def serve(*, host: str, port: int, workers: int, threads: int = THREADS, application: str = APPLICATION) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that have begun are finished before it returns.

    host: name or address; port: 0 takes a free one; workers: processes, more than one only with PostgreSQL;
    application: "module:factory", called once in each process. Raises CannotServe.
    """
    listener = _listen(host, port)
    _announce(listener)
    if workers > 1:
        _supervise(listener, workers, threads, application)
    else:
        _serve_here(listener, threads, application)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. A server killed a moment ago may still hold the address, so we ask for a while."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
                0
            ]
            return socket.create_server(address[:2], family=family, backlog=1024)
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE or time.monotonic() > give_up:
                raise CannotServe(_why_not_here(problem, host, port)) from problem
            time.sleep(0.1)


def _why_not_here(problem: OSError, host: str, port: int) -> str:
    if isinstance(problem, socket.gaierror):
        return f"找不到地址 {host}；只在本机用填 127.0.0.1，让手机也能连上填 0.0.0.0"
    if problem.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用：也许系统已经在运行；若是别的程序，请加 --port 换一个端口，例如 --port {port + 1}"
    if problem.errno == errno.EADDRNOTAVAIL:
        return f"本机没有 {host} 这个地址；让手机也能连上填 0.0.0.0"
    if problem.errno == errno.EACCES:
        return f"没有使用端口 {port} 的权限；请换一个 1024 以上的端口，例如 --port 8000"
    return f"无法在 {host}:{port} 上服务：{problem.strerror}"


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    print(f"http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)


# --- one process ---


def _serve_here(listener: socket.socket, threads: int, application: str) -> None:
    server, stopping = _prepare(listener, threads, application), Event()

    def stop(number: int, frame: FrameType | None) -> None:
        # Whoever asks a second time does not want to wait.
        signal.signal(number, signal.SIG_DFL)
        stopping.set()
        server.wake()

    _on_stop_signals(stop)
    server.serve_until(stopping)


def _prepare(listener: socket.socket, threads: int, application: str) -> HttpServer:
    config = read_config(os.environ)
    configure_logs(config.log or usual_form())
    patience = LATE if config.database_url.startswith("sqlite") else 0
    return HttpServer(pkgutil.resolve_name(application)(), listener, threads=threads, patience=patience)


def _on_stop_signals(handler: Callable[[int, FrameType | None], object]) -> None:
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)
    if sys.platform == "win32":
        signal.signal(signal.SIGBREAK, handler)


# --- several processes ---


def _supervise(listener: socket.socket, workers: int, threads: int, application: str) -> None:
    """Keep `workers` processes on one socket; replace one that dies, give up when one never came to serve."""
    stopping = Event()
    _on_stop_signals(lambda number, frame: stopping.set())
    with TemporaryDirectory(prefix="pointshop-") as counts:
        # workers add up what they count there, and each tells the sum (ops.metrics)
        os.environ.setdefault("POINTSHOP_METRICS_DIR", counts)
        _keep_crew(listener, workers, threads, application, stopping)


def _keep_crew(listener: socket.socket, workers: int, threads: int, application: str, stopping: Event) -> None:
    crew = [_hire(listener, threads, application) for _ in range(workers)]
    try:
        while not stopping.is_set():
            # A signal does not end the wait, hence the short one.
            gone = wait([worker.process.sentinel for worker in crew], timeout=0.25)
            for worker in [worker for worker in crew if worker.process.sentinel in gone]:
                crew.remove(worker)
                _bury(worker)
                crew.append(_hire(listener, threads, application))
    finally:
        listener.close()
        _dismiss(crew)


def _hire(listener: socket.socket, threads: int, application: str) -> _Worker:
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe()
    process = context.Process(target=_work, args=(listener, theirs, threads, application))
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _bury(worker: _Worker) -> None:
    worker.process.join()
    with worker.leash:
        if not _has_served(worker):
            # the next one would die in the same way; better to stop and be seen
            raise CannotServe(f"工作进程启动后即退出（{worker.process.exitcode}）")


def _has_served(worker: _Worker) -> bool:
    try:
        return worker.leash.poll() and worker.leash.recv() == "serving"
    except (EOFError, OSError):
        return False


def _dismiss(crew: list[_Worker]) -> None:
    for worker in crew:
        with suppress(BrokenPipeError):
            worker.leash.send("stop")
    for worker in crew:
        worker.process.join()


def _work(listener: socket.socket, leash: Connection, threads: int, application: str) -> None:
    """What a worker does. Ctrl-C reaches the whole group of processes; only the supervisor acts on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server, stopping = _prepare(listener, threads, application), Event()

    def stop() -> None:
        stopping.set()
        server.wake()

    signal.signal(signal.SIGTERM, lambda number, frame: stop())
    Thread(target=_follow, args=(leash, stop), daemon=True).start()
    leash.send("serving")
    server.serve_until(stopping)


def _follow(leash: Connection, stop: Callable[[], None]) -> None:
    """Stop gently when told to, at once when the supervisor is gone: its successor needs the port."""
    try:
        leash.recv()
    except (EOFError, OSError):
        # reset, where our own message was never read
        os._exit(1)
    stop()
