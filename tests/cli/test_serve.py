import os
import signal
import socket
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection

import psutil
import pytest

from pointshop.cli import serve as serving
from tests.cli.conftest import Server, StartServer


def worker_of(server: Server) -> int:
    pid: int = server.ask()[1]["pid"]
    return pid


def wait_until_refused(port: int) -> None:
    for _ in range(100):
        try:
            # reset: it reached the listener in the instant of closing
            with suppress(ConnectionResetError):
                socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    raise AssertionError(f"port {port} still takes connections")


def wait_until_gone(pid: int) -> None:
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_finishes_what_has_begun_when_told_to_stop(
    start_server: StartServer, workers: int, number: signal.Signals
) -> None:
    server = start_server(workers=workers)
    answers: list[int] = []
    slow = threading.Thread(target=lambda: answers.append(server.ask("/slow?seconds=1", method="PUT")[0]))
    slow.start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as half:
        half.sendall(b"PUT /length HTTP/1.1\r\nContent-Length: 6\r\n\r\nabc")
        worker_of(server)
        server.process.send_signal(number)
        half.sendall(b"def")
        assert half.recv(100).startswith(b"HTTP/1.1 200")
    slow.join()
    assert answers == [200]
    assert server.process.wait(timeout=20) == 0


def test_idle_connections_do_not_keep_it_from_stopping(start_server: StartServer) -> None:
    server = start_server()
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as idle:
        idle.request("GET", "/pid")
        idle.getresponse().read()
        assert server.stop(signal.SIGTERM) == 0


def test_takes_no_new_connections_while_it_stops(start_server: StartServer) -> None:
    server = start_server()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as half:
        half.sendall(b"PUT /length HTTP/1.1\r\nContent-Length: 6\r\n\r\nabc")
        worker_of(server)
        server.process.send_signal(signal.SIGTERM)
        wait_until_refused(server.port)
        half.sendall(b"def")
        assert half.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("workers", [1, 2])
def test_leaves_nothing_behind_when_killed_and_starts_again_on_its_port(
    start_server: StartServer, workers: int
) -> None:
    killed = start_server(workers=workers)
    worker = worker_of(killed)
    assert killed.stop(signal.SIGKILL) == -signal.SIGKILL
    successor = start_server(port=killed.port, workers=workers)
    assert worker_of(successor) != worker
    wait_until_gone(worker)


def test_replaces_a_worker_that_dies(start_server: StartServer) -> None:
    server = start_server(workers=2)
    killed = worker_of(server)
    os.kill(killed, signal.SIGKILL)
    wait_until_gone(killed)
    assert worker_of(server) != killed
    assert server.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_ends_when_the_application_cannot_be_made(start_server: StartServer, workers: int) -> None:
    server = start_server(workers=workers, application="tests.cli.standin:broken_app")
    assert server.process.wait(timeout=20) == 1


def test_says_when_the_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.0)
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(serving.CannotServe, match=r"已被占用.*--port"),
    ):
        serving.serve(host="127.0.0.1", port=taken.getsockname()[1], workers=1)
