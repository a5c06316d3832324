"""The village's server as phones reach it: a port of this machine, over the test's own database."""

import socket
from dataclasses import dataclass, field
from threading import Event, Thread

from flask import Flask

from pointshop.cli.http_server import HttpServer


@dataclass(slots=True)
class Site:
    """The server; it can go away and come back on the same port."""

    app: Flask
    port: int = 0
    _server: HttpServer | None = None
    _stopping: Event = field(default_factory=Event)
    _thread: Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = listener.getsockname()[1]
        self._stopping = Event()
        self._server = HttpServer(self.app, listener, threads=4)
        self._thread = Thread(target=self._server.serve_until, args=(self._stopping,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._stopping.set()
        self._server.wake()
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()
        self._server = self._thread = None
