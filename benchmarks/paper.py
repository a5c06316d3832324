"""How long it takes to set sheets: python -m benchmarks.paper

Each is set once to warm up (fonts are read, templates parsed) and then several times with other names and codes, since
the typesetter remembers what it has set; the median counts. Exits with 1 where a promise is broken.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import NamedTuple

from benchmarks.sheets import cards, honor_roll, table
from pointshop.publishing.sheets import Paper

_TIMES = 5
_MADE_AT = datetime(2026, 11, 23, tzinfo=UTC)


class Promise(NamedTuple):
    """What is set, how, and in how many seconds at most; None where nothing was promised."""

    name: str
    make: Callable[..., bytes]
    seconds: float | None


PROMISES = (
    Promise("光荣榜 33户 A3", partial(honor_roll, 33, Paper.A3, made_at=_MADE_AT), 0.5),
    Promise("光荣榜 300户 A3", partial(honor_roll, 300, Paper.A3, made_at=_MADE_AT), None),
    Promise("积分卡 400张 A4", partial(cards, 400, made_at=_MADE_AT), 3.0),
    Promise("积分公示 33条 A4", partial(table, "merit_notice", 33, Paper.A4, made_at=_MADE_AT), None),
    Promise("积分台账 2000户 A3", partial(table, "ledger", 2000, Paper.A3, made_at=_MADE_AT), None),
)


def main() -> int:
    """Print a line for each; 0 when every promise holds."""
    broken = 0
    for promise in PROMISES:
        first, _ = _seconds(promise.make, turn=0)
        figures = [_seconds(promise.make, turn=turn) for turn in range(1, _TIMES + 1)]
        warm, busy = median(wall for wall, _ in figures), median(cpu for _, cpu in figures)
        size = len(promise.make()) / 1024
        # other programs on the machine break no promise of ours
        is_kept = promise.seconds is None or min(warm, busy) < promise.seconds
        broken += not is_kept
        limit = "" if promise.seconds is None else f"  < {promise.seconds} s{'' if is_kept else '  BROKEN'}"
        figures_told = f"first {first:6.2f} s  warm {warm:6.2f} s  processor {busy:6.2f} s  {size:6.0f} kB"
        print(f"{promise.name:<14} {figures_told}{limit}", flush=True)
    return 1 if broken else 0


def _seconds(make: Callable[..., bytes], *, turn: int) -> tuple[float, float]:
    """By the clock, and of the processor."""
    started, busy = time.perf_counter(), time.process_time()
    make(turn=turn)
    return time.perf_counter() - started, time.process_time() - busy


if __name__ == "__main__":
    sys.exit(main())
