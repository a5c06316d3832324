"""Notices a PostgreSQL server that hangs: its machine takes what is sent, and no answer ever comes (threats.md F05).

`statement_timeout` is the server's own, so a server that stands still never sees it pass; and where the network is
well, neither keepalives nor `tcp_user_timeout` find anything wrong. One thread per process looks once in a while at
who has waited for how long, and hangs up for them; to them it looks like a server that is gone, which is 503.
"""

import logging
import os
import select
import socket
import threading
import time
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]
log = logging.getLogger("pointshop")

#: Seconds. The server gives up a statement by itself after five; patient units of work are not watched.
PATIENCE = 6.0
_PAUSE = 0.5

#: Connection → when it was asked (monotonic) what it has not answered yet; kept by `postgresql.py`.
asked: dict[Connection, float] = {}
#: Those whose server may take as long as it needs.
patient: set[Connection] = set()
_noticed_at = float("-inf")
_watcher: tuple[int, threading.Thread] | None = None
_starting = threading.Lock()


def is_suspect(connected_at: float) -> bool:
    """Whether a server was found hanging since; then what was connected before hangs as well, most likely."""
    return connected_at < _noticed_at


def start_watching() -> None:
    """See that this process has its thread; one that a fork left behind does not count."""
    global _watcher
    with _starting:
        if _watcher is None or _watcher[0] != os.getpid():
            asked.clear()
            thread = threading.Thread(target=_watch, name="silence", daemon=True)
            _watcher = os.getpid(), thread
            thread.start()


def _watch() -> None:
    while True:
        time.sleep(_PAUSE)
        for connection, asked_at in list(asked.items()):
            if time.monotonic() - asked_at > PATIENCE and connection not in patient:
                _hang_up(connection, asked_at)


def _hang_up(connection: Connection, asked_at: float) -> None:
    """Break a connection off under the hands of the thread that waits for it, unless the answer is there."""
    global _noticed_at
    try:
        number = os.dup(connection.pgconn.socket)
        with socket.socket(fileno=number) as wire:
            # still the same question: then the number is that of its own wire, not of one opened since
            if asked.get(connection) == asked_at and not has_news(number):
                _noticed_at = time.monotonic()
                log.warning("database hangs: gave up after %.0f s", PATIENCE)
                wire.shutdown(socket.SHUT_RDWR)
    except (psycopg.Error, OSError):
        # it was closed meanwhile, by us or by the server
        return


def has_news(number: int) -> bool:
    """Whether anything is there to be read on a socket."""
    if not hasattr(select, "poll"):
        return bool(select.select([number], [], [], 0)[0])
    # unlike select(), it takes descriptors above 1023
    watched_for = select.poll()
    watched_for.register(number, select.POLLIN)
    return bool(watched_for.poll(0))
