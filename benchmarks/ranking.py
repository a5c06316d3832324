"""Whether rankings slow down when the history grows tenfold, and what they ask of the database.

    .venv/bin/python -m benchmarks.ranking [--database sqlite|postgresql] [--households 100000]
        [--entries 1000000 --entries 10000000]

The time of the statements that read tallies, each run alone through the driver on a warm database: top 50 of a year,
and the place of a household in it. A ranking of a quarter adds up three months of every household.
"""

import argparse
import random
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import bare
from benchmarks.bare import Player, Request, Statements
from benchmarks.databases import NAMES, Database, opened
from benchmarks.history import add_households
from benchmarks.requests import BASE, Maker
from benchmarks.village import BenchVillage, build
from pointshop.core.clock import now, village_day

#: Requests per figure.
TIMES = 25
TOP, PLACE, QUARTER = "top 50 of a year", "place in a year", "top 50 of a quarter"


class Asked(NamedTuple):
    """Medians of database time in ms, by kind of ranking."""

    database: str
    households: int
    entries: int
    milliseconds: dict[str, float]


def measure(database: Database, *, households: int, entries: int) -> Asked:
    """Write a history and rank it."""
    village = add_households(build(database, households=20, cards=20), database, households=households, entries=entries)
    return ask(database, village, entries=entries)


def ask(database: Database, village: BenchVillage, *, entries: int) -> Asked:
    """Rank a village that has so many entries."""
    with Player(database.url) as player:
        found = {
            name: median(player.milliseconds(_tallies_in(village, make)) for _ in range(TIMES))
            for name, make in _makers(village).items()
        }
    village.close()
    return Asked(database.name, len(village.households), entries, found)


def _tallies_in(village: BenchVillage, make: Maker) -> Statements:
    (asked,) = bare.record(village.app, [make()], token=village.token)
    return [each for each in asked if each[1] and "tally" in str(each[1][0])]


def _makers(village: BenchVillage) -> dict[str, Maker]:
    chance, today = random.Random(3), village_day(now())
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"

    def place() -> Request:
        number = chance.choice(village.households[-1000:])
        return "GET", f"{BASE}/households/{number}/place?period={today.year}", b""

    return {
        TOP: lambda: ("GET", f"{BASE}/rankings?period={today.year}&limit=50", b""),
        PLACE: place,
        QUARTER: lambda: ("GET", f"{BASE}/rankings?period={quarter}&limit=50", b""),
    }


def table(found: list[Asked]) -> list[str]:
    """As Markdown."""
    lines = [
        f"| ms of database time | households | entries | {TOP} | {PLACE} | {QUARTER} |",
        "|---|---|---|---|---|---|",
    ]
    for each in found:
        figures = " | ".join(f"{each.milliseconds[name]:.2f}" for name in (TOP, PLACE, QUARTER))
        lines.append(f"| {each.database} | {each.households:,} | {each.entries:,} | {figures} |")
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=NAMES, action="append")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--entries", type=int, action="append")
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder, opened(tuple(given.database or NAMES), Path(folder)) as databases:
        for database in databases:
            for entries in given.entries or [1_000_000, 10_000_000]:
                with database.another() as fresh:
                    found.append(measure(fresh, households=given.households, entries=entries))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
