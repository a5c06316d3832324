import json
import socket
from contextlib import ExitStack
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse

import pytest

from pointshop.cli.http_server import LARGEST_BODY, LARGEST_HEADER
from tests.cli.conftest import Server, StartServer

HOST = b"Host: village\r\n"
FAULTY = {
    "no HTTP": (b"\x00\x01\x02\r\n\r\n", 400),
    "raw bytes in the path": (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "unclosed bracket in the target": (b"GET http://[::1/pid HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "header without colon": (b"GET /pid HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n", 400),
    "NUL in a header": (b"GET /pid HTTP/1.1\r\n" + HOST + b"X: \x00\r\n\r\n", 400),
    "negative length": (b"PUT /length HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400),
    "two lengths": (
        b"PUT /length HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        400,
    ),
    "length of 5000 digits": (b"PUT /length HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
    "unknown transfer encoding": (
        b"PUT /length HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n",
        400,
    ),
    "bad chunk": (b"PUT /length HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "body too large": (b"PUT /length HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), 413),
    "header too large": (b"GET /pid HTTP/1.1\r\nX: " + b"a" * LARGEST_HEADER + b"\r\n\r\n", 431),
}


@pytest.fixture(scope="module")
def server(start_server: StartServer) -> Server:
    return start_server()


def exchange(port: int, request: bytes) -> bytes:
    """What the server answers until it hangs up, which it must do by itself."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while received := connection.recv(65536):
            answer += received
    return answer


def test_answers_every_malformed_request_with_a_problem_document(server: Server) -> None:
    answers = {name: exchange(server.port, request) for name, (request, _) in FAULTY.items()}
    for name, answer in answers.items():
        head, _, body = answer.partition(b"\r\n\r\n")
        assert int(head.split()[1]) == FAULTY[name][1], name
        assert b"content-type: application/problem+json" in head.lower(), name
        assert {"type", "title", "status", "code", "detail", "instance"} <= json.loads(body).keys(), name


def test_tells_the_application_that_a_proxy_was_between_and_believes_nothing_of_it(server: Server) -> None:
    request = b"GET /came-by HTTP/1.0\r\n" + HOST + b"X-Forwarded-For: 10.0.0.8\r\nForwarded: for=10.0.0.8\r\n\r\n"
    seen = json.loads(exchange(server.port, request).partition(b"\r\n\r\n")[2])
    assert seen == {"headers": {"X-Forwarded-For": "10.0.0.8", "Forwarded": "for=10.0.0.8"}, "address": "127.0.0.1"}


def test_hides_a_body_that_breaks_off_from_the_application(server: Server) -> None:
    for start in (b"Content-Length: 10\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(b"PUT /length HTTP/1.1\r\n" + HOST + start)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100) == b""


def test_measures_a_chunked_body_for_the_application(server: Server) -> None:
    assert server.ask("/length", method="PUT", body=[b"abc", b"de"]) == (200, {"length": 5})


@pytest.mark.parametrize("so_far", [b"", b"PUT /length HTTP/1.1\r\nContent-Length: 100\r\n\r\n123"])
def test_slow_clients_hold_up_nobody(server: Server, so_far: bytes) -> None:
    with ExitStack() as slow:
        for _ in range(100):
            connection = slow.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(so_far)
        assert server.ask()[0] == 200


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None: ...


def _answer(_environ: object, start: StartResponse) -> list[bytes]:
    start("200 OK", [])
    return [b"done"]


def test_a_server_that_reads_where_it_answers_is_held_up_by_one_slow_client() -> None:
    """The anomaly is real: Python's own server waits for whoever came first."""
    with make_server("127.0.0.1", 0, _answer, handler_class=_Quiet) as plain:
        serving = Thread(target=plain.serve_forever)
        serving.start()
        address = "127.0.0.1", plain.server_port
        with socket.create_connection(address), socket.create_connection(address, timeout=2) as other:
            other.sendall(b"GET / HTTP/1.0\r\n\r\n")
            with pytest.raises(TimeoutError):
                other.recv(1)
        assert exchange(plain.server_port, b"GET / HTTP/1.0\r\n\r\n").endswith(b"done")
        plain.shutdown()
        serving.join()
