"""Compare WSGI servers under a small Flask application: CPU per request, requests per second, slow clients.

    .venv/bin/python -m benchmarks.servers [--rounds 5] [--seconds 3] [--connections 8]

Needs `pip install granian` besides the test environment; without it only ours is measured. The servers run side by side
and take turns under load, the first round is thrown away. `read` answers `{}`; `write` stores one row in SQLite with
BEGIN IMMEDIATE and synchronous=FULL.
"""

import argparse
import importlib
import importlib.util
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from itertools import product
from statistics import median
from typing import NamedTuple

from flask import Flask, request

from benchmarks.load import Load, cpu_seconds, send
from pointshop.cli.serve import serve

REQUESTS = {
    "read": b"GET /read HTTP/1.1\r\nHost: village\r\n\r\n",
    "write": b"PUT /write HTTP/1.1\r\nHost: village\r\nContent-Type: application/json\r\n"
    b'Content-Length: 14\r\n\r\n{"points": 25}',
}
THREADS = (1, 2, 4)


class Running(NamedTuple):
    pid: int
    port: int


def create_app() -> Flask:
    """The application under the servers; one SQLite connection per thread, as in ours."""
    app, local = Flask(__name__), threading.local()

    def database() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(os.environ["BENCHMARK_DATABASE"], isolation_level=None, timeout=30)
            local.connection.execute("PRAGMA journal_mode=WAL")
            local.connection.execute("PRAGMA synchronous=FULL")
            local.connection.execute("CREATE TABLE IF NOT EXISTS merit (id INTEGER PRIMARY KEY, points INTEGER)")
        connection: sqlite3.Connection = local.connection
        return connection

    @app.get("/read")
    def read() -> dict[str, str]:
        return {}

    @app.put("/write")
    def write() -> tuple[dict[str, int], int]:
        connection, points = database(), int(request.get_json()["points"])
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO merit (points) VALUES (?)", (points,))
        connection.execute("COMMIT")
        return {"points": points}, 201

    @app.put("/length")
    def length() -> dict[str, int]:
        return {"length": len(request.get_data())}

    return app


def run_server(name: str, *, port: int, threads: int) -> None:
    """Serve `create_app` in this process until killed."""
    if name == "waitress":
        serve(host="127.0.0.1", port=port, workers=1, threads=threads, application="benchmarks.servers:create_app")
        return
    granian = importlib.import_module("granian")
    granian.Granian(
        "benchmarks.servers:create_app",
        port=port,
        interface="wsgi",
        blocking_threads=threads,
        factory=True,
        log_enabled=False,
    ).serve()


def measure(servers: dict[str, Running], *, rounds: int, seconds: float, connections: int) -> None:
    """Print the medians over the rounds; in each round every server gets its turn."""
    for kind, message in REQUESTS.items():
        cost: dict[str, list[float]] = {name: [] for name in servers}
        loads: dict[str, list[Load]] = {name: [] for name in servers}
        for turn in range(rounds + 1):
            for name, server in servers.items():
                before = cpu_seconds(server.pid)
                load = send(server.port, message, connections=connections, seconds=seconds)
                if turn:  # the first warms up
                    cost[name].append((cpu_seconds(server.pid) - before) / load.requests)
                    loads[name].append(load)
        print(f"\n{kind}, {connections} connections, {rounds} rounds of {seconds} s, medians")
        print(f"{'server, threads':16} {'CPU µs':>8} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'client µs':>10}")
        for name in servers:
            print(
                f"{name:16} {median(cost[name]) * 1e6:8.0f}"
                f" {median(load.requests / load.seconds for load in loads[name]):8.0f}"
                f" {median(load.quantile(0.5) for load in loads[name]) * 1e3:8.2f}"
                f" {median(load.quantile(0.99) for load in loads[name]) * 1e3:8.2f}"
                f" {median(load.client_cpu / load.requests for load in loads[name]) * 1e6:10.0f}"
            )


def probe(servers: dict[str, Running]) -> None:
    """Print what 20 clients that never finish their request do to the others, and what a cut-off body becomes."""
    print(f"\n{'server, threads':16} {'beside 20 unfinished requests':32} a body of 10 bytes cut off after 3")
    start = b"PUT /length HTTP/1.1\r\nHost: village\r\nContent-Length: 10\r\n\r\nabc"
    for name, server in servers.items():
        with ExitStack() as slow:
            for _ in range(20):
                slow.enter_context(socket.create_connection(("127.0.0.1", server.port))).sendall(start)
            time.sleep(0.2)
            beside = ask(server.port, REQUESTS["read"], then_hang_up=False)
        print(f"{name:16} {beside:32} {ask(server.port, start, then_hang_up=True)}")


def ask(port: int, message: bytes, *, then_hang_up: bool) -> str:
    """First line and body of the answer, or that there is none within two seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(message)
        if then_hang_up:
            connection.shutdown(socket.SHUT_WR)
        try:
            answer = connection.recv(65536).decode()
        except TimeoutError:
            return "no answer in 2 s"
    return f"{answer.partition(chr(13))[0]} {answer.rpartition(chr(13))[2].strip()}" if answer else "no answer, closed"


def start_all(context: ExitStack) -> dict[str, Running]:
    """One server of each kind and number of threads, each with a database of its own."""
    names = ["waitress"] + ["granian"] * bool(importlib.util.find_spec("granian"))
    folder = context.enter_context(tempfile.TemporaryDirectory())
    servers = {}
    for number, (name, threads) in enumerate(product(names, THREADS)):
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.servers", "--run", name, str(port), str(threads)],
            env=dict(os.environ, BENCHMARK_DATABASE=f"{folder}/{number}.sqlite3"),
            stdout=subprocess.DEVNULL,
        )
        context.callback(process.wait)
        context.callback(process.terminate)
        servers[f"{name}, {threads}"] = Running(process.pid, port)
    for server in servers.values():
        wait_for(server.port)
    return servers


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--run", nargs=3, metavar=("SERVER", "PORT", "THREADS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_server(options.run[0], port=int(options.run[1]), threads=int(options.run[2]))
        return
    with ExitStack() as context:
        servers = start_all(context)
        measure(servers, rounds=options.rounds, seconds=options.seconds, connections=options.connections)
        probe(servers)


if __name__ == "__main__":
    main()
