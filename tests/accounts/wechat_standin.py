"""Stands in for WeChat's `jscode2session`: answers as told, and remembers what it was asked."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Standin:
    """answer: what it says next; delay: seconds before it does; drip: seconds between its bytes."""

    url: str = ""
    answer: Any = None
    status: int = 200
    delay: float = 0
    drip: float = 0
    asked: list[dict[str, list[str]]] = field(default_factory=list)


@contextmanager
def standing_in() -> Iterator[Standin]:
    standin = Standin()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            standin.asked.append(parse_qs(urlsplit(self.path).query))
            time.sleep(standin.delay)
            body = standin.answer if isinstance(standin.answer, bytes) else json.dumps(standin.answer).encode()
            self.send_response(standin.status)
            self.send_header("Location", standin.url)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for byte in body if standin.drip else [body]:
                self.wfile.write(bytes([byte]) if isinstance(byte, int) else byte)
                self.wfile.flush()
                time.sleep(standin.drip)

        def log_message(self, format: str, *args: object) -> None:
            """Quietly."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                # whoever asked lost patience, which is what is tested
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    standin.url = f"http://127.0.0.1:{server.server_port}/sns/jscode2session"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield standin
    server.shutdown()
    server.server_close()
    thread.join()
