"""How long `pointshop verify` takes over a long history, and how much memory.

    .venv/bin/python -m benchmarks.verifying [--database sqlite|postgresql] [--entries 1000000] [--households 10000]

Memory is the most that the command's process held at once; PostgreSQL's own memory is set by its `work_mem`.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.databases import NAMES, Database, opened
from benchmarks.history import add_households
from benchmarks.village import build


class Verified(NamedTuple):
    """seconds: wall clock. cpu: seconds of the command and of the database. megabytes: at most, of the command."""

    database: str
    entries: int
    seconds: float
    cpu: float
    megabytes: float


def measure(database: Database, *, entries: int, households: int) -> Verified:
    """Write a history and verify it. Raises RuntimeError when verify finds something."""
    add_households(build(database, households=20, cards=20), database, households=households, entries=entries)
    return verify(database, entries=entries)


def verify(database: Database, *, entries: int) -> Verified:
    """Seal and verify a village of so many entries, which nobody is connected to."""
    _run(database, "seal")
    before = database.cpu()
    seconds, cpu, megabytes = _run(database, "verify")
    return Verified(database.name, entries, seconds, cpu + database.cpu() - before, megabytes)


def _run(database: Database, command: str) -> tuple[float, float, float]:
    """Wall clock and CPU in seconds, memory in megabytes."""
    environment = os.environ | {
        "POINTSHOP_DATA_DIR": str(database.folder),
        "POINTSHOP_DATABASE_URL": database.url,
        "POINTSHOP_ENV": "development",
        "PYTHONUTF8": "1",
    }
    started = time.perf_counter()
    with open(database.folder / f"{command}.txt", "w+", encoding="utf-8") as said:
        process = subprocess.Popen([sys.executable, "-m", "pointshop", command], env=environment, stdout=said)
        most, ended = 0.0, 0
        while not ended:
            # the most it held until now; what wait4 tells includes what this process held when it was forked
            most = max(most, _held(process.pid))
            time.sleep(0.05)
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{said.read()[:5000]}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, most


def _held(pid: int) -> float:
    """Megabytes that a process has held at most since its program began; 0 where there is no Linux to tell."""
    status = Path(f"/proc/{pid}/status")
    words = status.read_text(encoding="ascii", errors="replace") if status.exists() else ""
    found = re.search(r"^VmHWM:\s+(\d+) kB", words, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0


def table(found: list[Verified]) -> list[str]:
    """As Markdown."""
    lines = ["| | entries | seconds | CPU s | memory MB |", "|---|---|---|---|---|"]
    return lines + [
        f"| {each.database} | {each.entries:,} | {each.seconds:.1f} | {each.cpu:.1f} | {each.megabytes:.0f} |"
        for each in found
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=NAMES, action="append")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--households", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, opened(tuple(given.database or NAMES), Path(folder)) as databases:
        found = [measure(each, entries=given.entries, households=given.households) for each in databases]
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
