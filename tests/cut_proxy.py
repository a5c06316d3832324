"""A wire between the service and its PostgreSQL server that can be cut at a chosen word."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self


class CutProxy:
    """Listens on `port` and passes bytes to the server's port.

    cut_on: bytes in what the client says (`b"COMMIT"`). before: whether the server still hears them. A cut closes that
    connection on both sides; later ones pass until `cut_on` is set again. delay: seconds by which each answer is late.
    is_down: nobody gets through, and whoever speaks is cut off.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut_on: bytes | None = None
        self.before = True
        self.delay = 0.0
        self.is_down = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    def cut(self, words: bytes, *, before: bool) -> None:
        self.cut_on, self.before = words, before

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.is_down:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._server_port))
            muted, answered = threading.Event(), threading.Event()
            for task in (self._pass_on, self._pass_back):
                threading.Thread(target=task, args=(client, server, muted, answered), daemon=True).start()

    def _pass_on(
        self, client: socket.socket, server: socket.socket, muted: threading.Event, answered: threading.Event
    ) -> None:
        """What the client says, to the server; up to the cut."""
        with suppress(OSError):
            while said := client.recv(65536):
                if self.is_down:
                    break
                if self.cut_on is not None and self.cut_on in said:
                    self.cut_on = None
                    if not self.before:
                        muted.set()
                        server.sendall(said)
                        answered.wait(timeout=5)
                    break
                server.sendall(said)
        _hang_up(client, server)

    def _pass_back(
        self, client: socket.socket, server: socket.socket, muted: threading.Event, answered: threading.Event
    ) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                time.sleep(self.delay)
                if muted.is_set():
                    answered.set()
                else:
                    client.sendall(said)
        _hang_up(client, server)


def _hang_up(*wires: socket.socket) -> None:
    # closing alone would not reach the other side while a thread waits for something to read
    for wire in wires:
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)
        wire.close()
