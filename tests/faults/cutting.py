"""A proxy on the network between a phone and the service that hangs up at a chosen moment."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any, Literal

from flask import Flask

from pointshop.cli.http_server import HttpServer
from pointshop.core import strictjson
from tests.faults.deeds import Deed
from tests.ground import HOME

Moment = Literal["never", "mid_request", "before_response", "mid_response"]


class Cutter:
    """Forwards each connection to `target` and cuts it at `moment`. Ports of 127.0.0.1."""

    def __init__(self, target: int) -> None:
        self.moment: Moment = "never"
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                phone, _ = self._listener.accept()
            except OSError:
                return
            with phone, socket.create_connection(("127.0.0.1", self._target)) as service, suppress(OSError):
                self._forward(phone, service)

    def _forward(self, phone: socket.socket, service: socket.socket) -> None:
        asked = _whole_message(phone)
        if self.moment == "mid_request":
            service.sendall(asked[:-5])
            return
        service.sendall(asked)
        answer = _whole_message(service)
        if self.moment == "never":
            phone.sendall(answer)
        if self.moment == "mid_response":
            phone.sendall(answer[: len(answer) // 2])


def _whole_message(source: socket.socket) -> bytes:
    """One HTTP message with a Content-Length."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _some(source)
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().splitlines() if line.startswith(b"content-length")]
    while len(body) < int(lengths[0]):
        body += _some(source)
    return head + b"\r\n\r\n" + body


def _some(source: socket.socket) -> bytes:
    got = source.recv(65536)
    if not got:
        raise ConnectionResetError
    return got


@contextmanager
def behind_a_cutter(app: Flask) -> Iterator[Cutter]:
    """The app served in this process, reached only through the proxy."""
    listener, stopping = socket.create_server(("127.0.0.1", 0)), threading.Event()
    server = HttpServer(app, listener, threads=2)
    thread = threading.Thread(target=server.serve_until, args=[stopping])
    thread.start()
    cutter = Cutter(listener.getsockname()[1])
    try:
        yield cutter
    finally:
        cutter.close()
        stopping.set()
        server.wake()
        thread.join()


def send_through(cutter: Cutter, deed: Deed, token: str) -> tuple[int, bool] | None:
    """Status and whether it was replayed; None when no whole answer came."""
    connection = HTTPConnection("127.0.0.1", cutter.port, timeout=10)
    headers: dict[str, Any] = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request(
            deed.method, f"/api/v1/villages/{HOME}{deed.path}", strictjson.dumps(deed.body).encode(), headers
        )
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
    return answer.status, "Idempotency-Replayed" in answer.headers
