"""waitress, made to answer in problem documents only and to finish what it began before it stops.

A request is taken in whole before a thread of ours sees it, so a slow phone at the river holds up nobody.
docs/decisions/0003-server.md says why this server.
"""

import select
import socket
import time
from contextlib import suppress
from threading import Event
from typing import Any, cast
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, TransferEncodingNotImplemented
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

from pointshop.cli.turns import Turns
from pointshop.core import errors
from pointshop.core.ids import new_name
from pointshop.core.strictjson import dumps

#: Longer than any header we send or read; a longer one is a mistake or an attack.
LARGEST_HEADER = 16 * 1024
#: What is worth receiving at all: a photo straight from a phone. The application's own limits are narrower.
LARGEST_BODY = 16 * 1024 * 1024
#: Open connections, idle ones included. Where there is no poll(), select() cannot watch more than 512.
MOST_CONNECTIONS = 900 if hasattr(select, "poll") else 400
#: Seconds to hear out a client whose request was cut short by our answer.
HEARING = 5.0
#: Seconds that requests which have begun get to end in.
GRACE = 10.0


class HeaderTooLarge(errors.TooLarge):
    status, title = 431, "请求头过大"


_BY_STATUS: dict[int, type[errors.Problem]] = {
    400: errors.BadRequest,
    413: errors.TooLarge,
    431: HeaderTooLarge,
    500: errors.InternalError,
}


class _Parser(HTTPRequestParser):
    def parse_header(self, header_plus: bytes) -> None:
        """As in waitress, but what it answers with 501 or by hanging up is the client's mistake too: 400."""
        try:
            super().parse_header(header_plus)
        except TransferEncodingNotImplemented as problem:
            raise ParsingError("unknown Transfer-Encoding") from problem
        except ValueError as problem:
            raise ParsingError("malformed request target") from problem


class _ProblemTask(ErrorTask):
    def execute(self) -> None:
        """Answer what the application never got to see."""
        error: Any = self.request.error  # type: ignore[attr-defined]  # the stubs take a request for its error
        problem = _BY_STATUS.get(error.code, errors.BadRequest)()
        body = dumps(problem.document(instance=new_name())).encode()
        self.status = f"{problem.status} {error.reason}"
        self.response_headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")]
        # Where the faulty request ends is unknown, so nothing that follows it can be understood.
        self.set_close_on_finish()
        cast(_Channel, self.channel).hears_out = True
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):
    parser_class = _Parser
    error_task_class = _ProblemTask
    #: Whether bytes may still be coming that we refused to understand. Closing on them would reset the
    #: connection and take the answer away from the client; so we say goodbye first and let it finish.
    hears_out = False
    hears_out_until: float | None = None

    def handle_close(self) -> None:
        if not self.hears_out or self.hears_out_until or not self.connected or self.socket is None:
            super().handle_close()
            return
        self.hears_out_until = time.monotonic() + HEARING
        self.will_close = False
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:  # already gone
            super().handle_close()

    def readable(self) -> bool:
        return self.hears_out_until is not None or super().readable()

    def handle_read(self) -> None:
        if self.hears_out_until is None:
            super().handle_read()
        elif time.monotonic() > self.hears_out_until:
            self.handle_close()
        else:
            self.recv(65536)  # at the client's end it calls handle_close

    def is_idle(self) -> bool:
        """Whether nothing has been asked that is not answered yet."""
        return not (self.request or self.requests or self.total_outbufs_len)


class HttpServer(TcpWSGIServer):
    """Serves an application on a listening socket with `threads` threads until told to stop. patience: of `Turns`."""

    channel_class = _Channel

    def __init__(
        self, application: WSGIApplication, listener: socket.socket, *, threads: int, patience: float = 0
    ) -> None:
        self._watched: dict[int, Any] = {}
        super().__init__(
            application,
            map=self._watched,
            _sock=listener,
            bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            dispatcher=cast(Any, Turns(threads, patience=patience)),  # the stubs know waitress's own only
            adj=Adjustments(
                ident=None,
                connection_limit=MOST_CONNECTIONS,
                max_request_header_size=LARGEST_HEADER,
                max_request_body_size=LARGEST_BODY,
                asyncore_use_poll=True,
                # nothing in them is believed, but who comes through a proxy must be seen to (ops: /metrics)
                clear_untrusted_proxy_headers=False,
            ),
        )

    def serve_until(self, stopping: Event) -> None:
        """Serve until `stopping` is set (wake() makes that noticed at once), then end what has begun."""
        while not stopping.is_set():
            self._turn(1.0)
        wasyncore.dispatcher.close(self)  # the listener only: the loop still runs for those who are connected
        self._turn(0)  # what was sent before we hung up still counts
        last_call = time.monotonic() + GRACE
        while self._hang_up_idle() and time.monotonic() < last_call:
            self._turn(0.1)
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._watched)

    def wake(self) -> None:
        """Make the loop turn now; safe in a signal handler and from any thread, also when it has ended."""
        if self._watched:
            with suppress(OSError):  # it ended just now
                self.pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._watched, count=1)

    def _hang_up_idle(self) -> bool:
        """Close the connections nobody waits on; says whether any is left."""
        channels = [each for each in self._watched.values() if isinstance(each, _Channel)]
        idle = [channel for channel in channels if channel.is_idle()]
        for channel in idle:
            channel.handle_close()
        return len(idle) < len(channels)
