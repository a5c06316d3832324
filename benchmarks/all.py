"""Everything, in one command: measures on both databases and writes docs/performance.md with its plots.

    .venv/bin/python -m benchmarks.all [--only hot|verify|growth] [--large | --quick] [--into docs]

About ten minutes; --large adds villages of ten million entries, which take an hour and 15 GB of disk. --only measures
one part anew and leaves the others on the page as they are. --quick only shows that everything runs: its figures mean
nothing.
"""

import argparse
import os
import platform
import re
import sqlite3
import tempfile
from datetime import date
from pathlib import Path

import psutil

from benchmarks import growth, hot, ranking, verifying
from benchmarks.databases import NAMES, Database, Postgresql, opened
from benchmarks.growth import BY_HISTORY, BY_HOUSEHOLDS, LARGE, QUICK, Growth, Size
from benchmarks.plot import Points, line_plot
from benchmarks.requests import MERIT, PLACE, RANKING, REDEMPTION, SCAN

_SHOWN = (MERIT, SCAN, REDEMPTION, RANKING, PLACE)
_USUAL = {"rounds": 5, "requests": 120, "households": 10_000, "history": 20_000}
_QUICK = {"rounds": 1, "requests": 20, "households": 600, "history": 1_000}
_SECTION = re.compile(r"<!-- (\w+) -->\n(.*?)<!-- end of \1 -->", re.DOTALL)
_TEXT = Path(__file__).with_name("performance.md")


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--large", action="store_true")
    sizes.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--into", type=Path, default=Path("docs"))
    given = parser.parse_args()
    page = given.into / "performance.md"
    sections = sections_of(page.read_text(encoding="utf-8")) if given.only else {}
    with tempfile.TemporaryDirectory() as folder, opened(NAMES, Path(folder)) as databases:
        for part in given.only or PARTS:
            machine = describe(databases)
            found, plots = PARTS[part](databases, given)
            sections |= {name: [machine, "", *lines] for name, lines in found.items()}
            for name, plot in plots.items():
                (given.into / name).write_text(plot, encoding="utf-8")
    page.write_text(written(sections), encoding="utf-8")


#: Section of the page → its lines; file → plot.
Sections = dict[str, list[str]]
Measured = tuple[Sections, dict[str, str]]


def _measure_hot(databases: list[Database], given: argparse.Namespace) -> Measured:
    found = hot.measure(databases, argparse.Namespace(**(_QUICK if given.quick else _USUAL)))
    return {"hot": hot.table(found), "batches": hot.batches(found)}, {}


def _measure_verify(databases: list[Database], given: argparse.Namespace) -> Measured:
    found = []
    for database in databases:
        with database.another() as fresh:
            entries, households = (1_000, 100) if given.quick else (1_000_000, 10_000)
            found.append(verifying.measure(fresh, entries=entries, households=households))
    return {"verify": verifying.table(found)}, {}


def _measure_growth(databases: list[Database], given: argparse.Namespace) -> Measured:
    by_history, by_households = BY_HISTORY, BY_HOUSEHOLDS
    if given.large:
        by_history = [*BY_HISTORY, LARGE[0]]
    if given.quick:
        by_history, by_households = QUICK[1:], QUICK[::2]
    more = LARGE if given.large else []
    grown = growth.measure(databases, [*by_history, *by_households, *more])
    found = {"growth": growth.table(grown), "rankings": ranking.table(grown.rankings)}
    return found, plots(grown, by_history=by_history, by_households=by_households)


PARTS = {"hot": _measure_hot, "verify": _measure_verify, "growth": _measure_growth}


def sections_of(page: str) -> Sections:
    """What stands on a page that was written before."""
    return {name: lines.strip("\n").split("\n") for name, lines in _SECTION.findall(page)}


def written(sections: Sections) -> str:
    """The page: its words, and the sections between marks by which they are found again."""
    text = _TEXT.read_text(encoding="utf-8")
    for name, lines in sections.items():
        text = text.replace(f"<!-- {name} -->", "\n".join([f"<!-- {name} -->", *lines, f"<!-- end of {name} -->"]))
    return text


def describe(databases: list[Database]) -> str:
    """The day, the machine and the versions, in a sentence."""
    servers = [
        each.server.run("SHOW server_version")[0][0].split()[0] for each in databases if isinstance(each, Postgresql)
    ]
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{date.today().isoformat()}. {psutil.cpu_count()} cores ({platform.machine()}, load {os.getloadavg()[0]:.1f} "
        f"at the start), {memory:.0f} GB; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} (WAL, "
        f"`synchronous=FULL`), PostgreSQL {', '.join(servers)} (on disk, `fsync` on)."
    )


def plots(grown: Growth, *, by_history: list[Size], by_households: list[Size]) -> dict[str, str]:
    """File name → SVG."""
    return {
        "cost-by-history.svg": line_plot(
            f"What a request costs, {by_history[0][0]:,} households",
            x="entries in the books",
            y="CPU µs",
            lines=_lines(grown, by_history, by=1),
        ),
        "cost-by-households.svg": line_plot(
            "What a request costs, 10 entries a household",
            x="households",
            y="CPU µs",
            lines=_lines(grown, by_households, by=0),
        ),
    }


def _lines(grown: Growth, sizes: list[Size], *, by: int) -> dict[str, Points]:
    return {
        f"{database}: {name.partition(',')[0]}": [(size[by], grown.costs[database, *size][name]) for size in sizes]
        for database in NAMES
        for name in _SHOWN
    }


if __name__ == "__main__":
    main()
