"""What a request costs on each database, held against the limits of the same run.

    .venv/bin/python -m benchmarks.hot [--database sqlite|postgresql] [--rounds 5] [--requests 150]
        [--households 10000] [--history 20000]

efficiency = (CPU of an empty Flask endpoint + CPU of the bare transaction) / CPU of the request, all under the same
server and on the same database settings; CPU of the server's and of the database's processes, by the system's
accounting. Requests and limits take turns in every round, the first of which is thrown away; the databases come one
after the other, as a village has one of them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import bare
from benchmarks.bare import Player, Statements
from benchmarks.databases import NAMES, Database, opened
from benchmarks.limits import Ledger
from benchmarks.load import cpu_seconds, send_each
from benchmarks.requests import BATCH, BATCH_OF_MERITS, PLACE, RANKING, Maker, makers, wire
from benchmarks.village import add_history, build

#: How many connections send at once.
CONNECTIONS = 4
#: Heavier requests are sent less often in a round.
LIGHTER = {BATCH_OF_MERITS: 15, RANKING: 3, PLACE: 3}
EMPTY = "empty endpoint"
COPY = f"limit: {BATCH} bare entries"


class Server(NamedTuple):
    pid: int
    port: int


class Figures(NamedTuple):
    """CPU of server and database per request in µs, requests per second, 99th percentile of the latency in ms, CPU of
    the bare transaction in µs (None where there is none)."""

    cpu: float
    rate: float
    p99: float
    bare: float | None = None


#: (database, request) → medians.
Found = dict[tuple[str, str], Figures]


class Contest:
    """One database with its server, and for each request a copy of the database to play its statements to."""

    def __init__(self, stack: ExitStack, database: Database, *, rounds: int, options: argparse.Namespace) -> None:
        self.database = database
        self.requests: int = options.requests
        village = build(database, households=options.households)
        add_history(village, merits=options.history, months=12)
        village.close()
        database.settle()
        self._ledger = Ledger(database)
        self._village = village
        self._players: dict[str, tuple[Player, list[list[Statements]]]] = {}
        self.makers = makers(village, seed=2)
        for number, (name, make) in enumerate(makers(village).items()):
            player = stack.enter_context(Player(stack.enter_context(database.copied(number))))
            self._players[name] = player, self._record(name, make, rounds)
            village.close()
        self._server = stack.enter_context(serving(database, "pointshop.app:create_app"))

    def _record(self, name: str, make: Maker, rounds: int) -> list[list[Statements]]:
        count = self.count(name)
        recorded = bare.record(self._village.app, [make() for _ in range(count * rounds)], token=self._village.token)
        return [recorded[start : start + count] for start in range(0, len(recorded), count)]

    def count(self, name: str) -> int:
        return max(self.requests // LIGHTER.get(name, 1), CONNECTIONS)

    def measure_limit(self) -> Figures:
        """What a batch costs when it is nothing but its lines."""
        limit = self._ledger.measure()
        return Figures(limit.cpu * BATCH, limit.rate / BATCH, BATCH / limit.rate * 1e3)

    def measure(self, name: str, number: int) -> Figures:
        """Round `number` of one request."""
        messages = [wire(self.makers[name](), token=self._village.token) for _ in range(self.count(name))]
        figures = measured(self._server, messages, self.database)
        player, rounds = self._players[name]
        before = self.database.cpu()
        played = player.play(rounds[number]) + self.database.cpu() - before
        return figures._replace(bare=played / len(messages) * 1e6)


def measure(databases: list[Database], options: argparse.Namespace) -> Found:
    """The medians of all rounds but the first."""
    found: Found = {}
    for database in databases:
        found |= {(database.name, name): figures for name, figures in _measure_alone(database, options).items()}
    return found


def _measure_alone(database: Database, options: argparse.Namespace) -> dict[str, Figures]:
    rounds = options.rounds + 1
    found: dict[str, list[Figures]] = {}
    with ExitStack() as stack:
        contest = Contest(stack, database, rounds=rounds, options=options)
        empty = stack.enter_context(serving(database, "benchmarks.empty:create_app"))
        plain = [b"GET /empty HTTP/1.1\r\nHost: village\r\n\r\n"] * (2 * options.requests)
        for number in range(rounds):
            found.setdefault(EMPTY, []).append(measured(empty, plain, None))
            found.setdefault(COPY, []).append(contest.measure_limit())
            for name in contest.makers:
                found.setdefault(name, []).append(contest.measure(name, number))
    return {name: _medians(figures[1:]) for name, figures in found.items()}


def _medians(rounds: list[Figures]) -> Figures:
    bare = [each.bare for each in rounds if each.bare is not None]
    return Figures(
        median(each.cpu for each in rounds),
        median(each.rate for each in rounds),
        median(each.p99 for each in rounds),
        median(bare) if bare else None,
    )


def measured(server: Server, requests: list[bytes], database: Database | None) -> Figures:
    """Send the requests; what they cost each."""
    before = cpu_seconds(server.pid) + (database.cpu() if database else 0)
    load = send_each(server.port, requests, connections=CONNECTIONS)
    cpu = cpu_seconds(server.pid) + (database.cpu() if database else 0) - before
    return Figures(cpu / load.requests * 1e6, load.requests / load.seconds, load.quantile(0.99) * 1e3)


def efficiency(found: Found, key: tuple[str, str]) -> float | None:
    """The share of a request's CPU that no program could do without; None for requests without a limit."""
    figures = found[key]
    return None if figures.bare is None else (found[key[0], EMPTY].cpu + figures.bare) / figures.cpu


def batches(found: Found) -> list[str]:
    """What batches make of the limit, as Markdown."""
    lines = [
        "| | entries/s | of the limit | CPU µs per entry | of the limit's |",
        "|---|---|---|---|---|",
    ]
    for database in NAMES:
        if (database, COPY) in found:
            limit, batch = found[database, COPY], found[database, BATCH_OF_MERITS]
            lines.append(f"| {database}: bare entries | {limit.rate * BATCH:,.0f} | | {limit.cpu / BATCH:.1f} | |")
            share, cheap = batch.rate / limit.rate, limit.cpu / batch.cpu
            lines.append(
                f"| {database}: {BATCH_OF_MERITS} over HTTP | {batch.rate * BATCH:,.0f} | {share:.2f} "
                f"| {batch.cpu / BATCH:.1f} | {cheap:.2f} |"
            )
    return lines


def table(found: Found) -> list[str]:
    """As Markdown."""
    lines = ["| | requests/s | p99 ms | CPU µs | bare µs | efficiency |", "|---|---|---|---|---|---|"]
    for (database, name), figures in found.items():
        share = efficiency(found, (database, name))
        limits = f"{figures.bare:,.0f} | {share:.2f}" if share is not None else "|"
        lines.append(
            f"| {database}: {name} | {figures.rate:,.0f} | {figures.p99:.1f} | {figures.cpu:,.0f} | {limits} |"
        )
    return lines


@contextmanager
def serving(database: Database, application: str) -> Iterator[Server]:
    """A server of its own process, as `pointshop serve` starts it."""
    call = f"serve(host='127.0.0.1', port=0, workers=1, application={application!r})"
    environment = os.environ | {
        "POINTSHOP_DATA_DIR": str(database.folder),
        "POINTSHOP_DATABASE_URL": database.url,
        "POINTSHOP_ENV": "development",
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-c", f"from pointshop.cli.serve import serve; {call}"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline().strip().rstrip("/").rsplit(":", 1)[1])
            yield Server(process.pid, port)
        finally:
            process.terminate()


def options_of(parser: argparse.ArgumentParser) -> None:
    """What may be asked of this benchmark."""
    parser.add_argument("--database", choices=NAMES, action="append", help="one of them alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=150)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--history", type=int, default=20_000)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options_of(parser)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, opened(tuple(options.database or NAMES), Path(folder)) as databases:
        found = measure(databases, options)
    print("\n".join([*table(found), "", *batches(found)]))


if __name__ == "__main__":
    main()
