"""Whether a ranking slows down when the history grows tenfold.

    .venv/bin/python -m benchmarks.ranking [--households 1000] [--merits 12000]

The same requests to the same village, in this process: with so many merits spread over twelve months, then with ten
times as many. Rankings read tallies, so the ratio should be near 1.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import bare
from benchmarks.requests import makers
from benchmarks.village import BenchVillage, add_history, build

#: Requests per figure.
TIMES = 15


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000)
    parser.add_argument("--merits", type=int, default=12_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        village = build(Path(folder), households=given.households, cards=1)
        add_history(village, merits=given.merits, months=12)
        before = _cost(village)
        add_history(village, merits=given.merits * 9, months=12)
        after = _cost(village)
    print(f"{given.merits:,} merits: {before:.1f} ms; ten times as many: {after:.1f} ms; ratio {after / before:.2f}")


def _cost(village: BenchVillage) -> float:
    """Median CPU milliseconds of a ranking of the year."""
    make, figures = makers(village)["ranking"], []
    for _ in range(TIMES):
        started = time.process_time()
        bare.record(village.app, [make()], token=village.token)
        figures.append((time.process_time() - started) * 1e3)
    return median(figures)


if __name__ == "__main__":
    main()
