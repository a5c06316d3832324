"""What a request costs, held against the limits of the same run.

    .venv/bin/python -m benchmarks.hot [--rounds 5] [--requests 150] [--households 10000] [--history 50000]

efficiency = (CPU of an empty Flask endpoint + CPU of the bare transaction) / CPU of the request, all under the same
server and on the same database settings. Everything takes turns in every round; the first round is thrown away.
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
from benchmarks.load import Load, cpu_seconds, send_each
from benchmarks.requests import makers, wire
from benchmarks.village import BenchVillage, add_history, build

#: How many connections send at once.
CONNECTIONS = 4
#: Heavier requests are sent less often in a round.
LIGHTER = {"batch of 100": 10, "ranking": 10}


#: Built per call, so its statement does not pass the recorder; it is held against time, not against a limit.
NOT_PLAYED = {"ranking"}


class Server(NamedTuple):
    pid: int
    port: int


class Round(NamedTuple):
    """Server CPU per request in µs, requests per second, 99th percentile of the latency in ms."""

    cpu: float
    rate: float
    p99: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=150)
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--history", type=int, default=50_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        village = build(Path(folder), households=given.households)
        add_history(village, merits=given.history, months=12)
        plays = _record(village, Path(folder), rounds=given.rounds + 1, requests=given.requests)
        ours = stack.enter_context(_serving(Path(folder), "pointshop.app:create_app"))
        empty = stack.enter_context(_serving(Path(folder), "benchmarks.empty:create_app"))
        _measure(village, ours, empty, plays, given.rounds + 1, given.requests)


def _measure(
    village: BenchVillage,
    ours: Server,
    empty: Server,
    plays: dict[str, list[float]],
    rounds: int,
    requests: int,
) -> None:
    made = makers(village, seed=2)
    found: dict[str, list[Round]] = {name: [] for name in ["empty endpoint", *made]}
    for _ in range(rounds):
        plain = [b"GET /empty HTTP/1.1\r\nHost: village\r\n\r\n"] * requests
        found["empty endpoint"].append(_round(empty, plain))
        for name, make in made.items():
            count = max(requests // LIGHTER.get(name, 1), CONNECTIONS)
            found[name].append(_round(ours, [wire(make(), token=village.token) for _ in range(count)]))
    _report(found, plays)


def _round(server: Server, requests: list[bytes]) -> Round:
    before = cpu_seconds(server.pid)
    load: Load = send_each(server.port, requests, connections=CONNECTIONS)
    cpu = (cpu_seconds(server.pid) - before) / load.requests
    return Round(cpu * 1e6, load.requests / load.seconds, load.quantile(0.99) * 1e3)


def _report(found: dict[str, list[Round]], plays: dict[str, list[float]]) -> None:
    print(f"{'':16}{'requests/s':>12}{'p99 ms':>9}{'CPU µs':>9}{'bare µs':>9}{'efficiency':>12}")
    floor = median(each.cpu for each in found["empty endpoint"][1:])
    for name, rounds in found.items():
        kept = rounds[1:]
        rate, p99, cpu = (median(values) for values in zip(*((r.rate, r.p99, r.cpu) for r in kept), strict=True))
        line = f"{name:16}{rate:12,.0f}{p99:9.1f}{cpu:9,.0f}"
        if name in plays:
            limit = median(plays[name][1:])
            line += f"{limit:9,.0f}{(floor + limit) / cpu:12.2f}"
        print(line)


def _record(village: BenchVillage, folder: Path, *, rounds: int, requests: int) -> dict[str, list[float]]:
    """Bare CPU µs per request, round by round."""
    found: dict[str, list[float]] = {}
    source = folder / "pointshop.sqlite3"
    for name, make in makers(village).items():
        if name in NOT_PLAYED:
            continue
        count = max(requests // LIGHTER.get(name, 1), 1)
        copy = folder / "bare.sqlite3"
        bare.copy_database(source, copy)
        recorded = bare.record(village.app, [make() for _ in range(count * rounds)], token=village.token)
        parts = [recorded[start : start + count] for start in range(0, len(recorded), count)]
        found[name] = [bare.play(copy, part) / count * 1e6 for part in parts]
        for file in folder.glob("bare.sqlite3*"):
            file.unlink()
    return found


@contextmanager
def _serving(folder: Path, application: str) -> Iterator[Server]:
    call = f"serve(host='127.0.0.1', port=0, workers=1, application={application!r})"
    code = f"from pointshop.cli.serve import serve; {call}"
    environment = os.environ | {
        "POINTSHOP_DATA_DIR": str(folder),
        "POINTSHOP_ENV": "development",
        "PYTHONUTF8": "1",
    }
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline().strip().rstrip("/").rsplit(":", 1)[1])
            yield Server(process.pid, port)
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
