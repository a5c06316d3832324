"""What a request costs as a village grows: with its history, and with its households.

    .venv/bin/python -m benchmarks.growth [--database sqlite|postgresql] [--large]

CPU of this process and of the database for a request, without a server: everything else that a request does. Rankings
are asked for on the way. --large: ten million entries too.
"""

import argparse
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from benchmarks import bare, ranking
from benchmarks.databases import NAMES, Database, opened
from benchmarks.history import add_households
from benchmarks.ranking import Asked
from benchmarks.requests import BATCH_OF_MERITS, makers
from benchmarks.village import build

#: Requests per figure, besides those that warm up.
TIMES, WARM = 120, 20
Size = tuple[int, int]
#: (households, entries): one of the two grows, the other stays.
BY_HISTORY = [(1_000, 10_000), (1_000, 100_000), (1_000, 1_000_000)]
BY_HOUSEHOLDS = [(100, 1_000), (1_000, 10_000), (10_000, 100_000), (100_000, 1_000_000)]
LARGE = [(1_000, 10_000_000), (100_000, 10_000_000)]
#: Those of a million entries and more.
_RANKED = {(100_000, 1_000_000), (100_000, 10_000_000)}
#: To see whether everything runs.
QUICK = [(10, 100), (100, 100), (100, 1_000)]


class Growth(NamedTuple):
    """costs: (database, households, entries) → request → CPU µs."""

    costs: dict[tuple[str, int, int], dict[str, float]]
    rankings: list[Asked]


def measure(databases: list[Database], sizes: Collection[Size]) -> Growth:
    """Villages of all sizes, one after the other."""
    found = Growth({}, [])
    for households, entries in sorted(set(sizes)):
        for database in databases:
            with database.another() as fresh:
                _survey(found, fresh, households, entries)
    return found


def _survey(found: Growth, database: Database, households: int, entries: int) -> None:
    village = build(database, households=20, cards=20)
    village = add_households(village, database, households=households, entries=entries)
    if (households, entries) in {*_RANKED, *QUICK}:
        found.rankings.append(ranking.ask(database, village, entries=entries))
    costs = found.costs[database.name, households, entries] = {}
    for name, make in makers(village).items():
        if name == BATCH_OF_MERITS:
            continue
        for _ in range(WARM):
            bare.call(village.app, make(), village.token)
        requests = [make() for _ in range(TIMES)]
        started = time.process_time() + database.cpu()
        for request in requests:
            bare.call(village.app, request, village.token)
        costs[name] = (time.process_time() + database.cpu() - started) / TIMES * 1e6
    village.close()


def table(found: Growth) -> list[str]:
    """As Markdown."""
    names = list(next(iter(found.costs.values())))
    lines = [f"| CPU µs | households | entries | {' | '.join(names)} |", "|---" * (len(names) + 3) + "|"]
    for (database, households, entries), costs in sorted(found.costs.items()):
        figures = " | ".join(f"{costs[name]:,.0f}" for name in names)
        lines.append(f"| {database} | {households:,} | {entries:,} | {figures} |")
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=NAMES, action="append")
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, opened(tuple(given.database or NAMES), Path(folder)) as databases:
        found = measure(databases, [*BY_HISTORY, *BY_HOUSEHOLDS, *(LARGE if given.large else [])])
    for part in (table(found), ranking.table(found.rankings)):
        print("\n".join([*part, ""]))


if __name__ == "__main__":
    main()
