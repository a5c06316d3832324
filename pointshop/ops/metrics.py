"""Counts for Prometheus, in its text format.

With several processes (`serve --workers`) each writes its own counts into a folder that the supervisor makes, at most a
second late; whoever is asked adds up all of them, those of processes that have died included. Gauges about the
installation (`ops.gauges`) are read when asked, from the database and from what commands left in the data folder.
"""

import json
import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock, Timer
from typing import Any

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
#: Seconds; upper ends of the histogram's buckets.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LATEST = 1.0
_PART = "counts-{}.json"


class Counts:
    """What one process has answered. Threads share it. folder: where processes tell each other, None for one alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = Lock()
        self._folder = folder
        self._counted: Counter[str] = Counter()
        self._timer: Timer | None = None
        self._since = time.time()

    def add(self, *, route: str, method: str, status: int, code: str | None, seconds: float) -> None:
        place = f'route="{_quoted(route)}",method="{method}"'
        with self._lock:
            counted = self._counted
            counted[f'pointshop_requests_total{{{place},status="{status}"}}'] += 1
            if code is not None:
                counted[f'pointshop_problems_total{{code="{code}"}}'] += 1
            bucket = bisect_left(BUCKETS, seconds)
            end = BUCKETS[bucket] if bucket < len(BUCKETS) else "+Inf"
            counted[f'_bucket{{{place},le="{end}"}}'] += 1
            # a Counter of whole numbers: microseconds
            counted[f"_sum{{{place}}}"] += round(seconds * 1_000_000)
            self._tell_soon()

    def add_retry(self) -> None:
        """A unit of work that had to be done again."""
        with self._lock:
            self._counted["pointshop_unit_retries_total"] += 1
            self._tell_soon()

    def exposition(self, gauges: Iterable[tuple[str, str, float]] = ()) -> str:
        """Everything in Prometheus's text format. gauges: name with labels, help, value."""
        with self._lock:
            counted = Counter(self._counted)
        for others in self._others():
            counted.update(others)
        return "\n".join([*_counters(counted), *_histogram(counted), *_gauges(gauges, since=self._since)]) + "\n"

    def _others(self) -> Iterator[dict[str, int]]:
        if self._folder is None:
            return
        for part in sorted(self._folder.glob(_PART.format("*"))):
            if part.name != _PART.format(os.getpid()):
                try:
                    yield json.loads(part.read_bytes())
                except (OSError, ValueError):  # it is being replaced, or its folder went away
                    continue

    def _tell_soon(self) -> None:
        """Let the other processes know within a second; the lock is held."""
        if self._folder is not None and self._timer is None:
            self._timer = Timer(_LATEST, self._tell)
            self._timer.daemon = True
            self._timer.start()

    def _tell(self) -> None:
        with self._lock:
            self._timer = None
            words = json.dumps(self._counted)
        if self._folder is None:
            return
        target = self._folder / _PART.format(os.getpid())
        part = target.with_suffix(".part")
        try:
            part.write_text(words, encoding="utf-8")
            os.replace(part, target)
        except OSError:  # the supervisor has gone and its folder with it
            return


_HELP = {
    "pointshop_requests_total": "Requests answered, by route, method and HTTP status.",
    "pointshop_problems_total": "Problem documents sent, by code.",
    "pointshop_unit_retries_total": "Units of work done again after a deadlock or a serialisation failure.",
}
_SECONDS = "pointshop_request_seconds"


def _counters(counted: Counter[str]) -> Iterator[str]:
    for family, words in _HELP.items():
        yield f"# HELP {family} {words}"
        yield f"# TYPE {family} counter"
        found = sorted(name for name in counted if name.partition("{")[0] == family)
        if not found and family == "pointshop_unit_retries_total":
            yield f"{family} 0"
        yield from (f"{name} {counted[name]}" for name in found)


def _histogram(counted: Counter[str]) -> Iterator[str]:
    yield f"# HELP {_SECONDS} Time from the request to its answer, by route and method."
    yield f"# TYPE {_SECONDS} histogram"
    for name in sorted(name for name in counted if name.startswith("_sum{")):
        place = name.removeprefix("_sum{").removesuffix("}")
        total = 0
        for end in (*BUCKETS, "+Inf"):
            total += counted[f'_bucket{{{place},le="{end}"}}']
            yield f'{_SECONDS}_bucket{{{place},le="{end}"}} {total}'
        yield f"{_SECONDS}_sum{{{place}}} {counted[name] / 1_000_000:.6f}"
        yield f"{_SECONDS}_count{{{place}}} {total}"


def _gauges(gauges: Iterable[tuple[str, str, float]], *, since: float) -> Iterator[str]:
    told: set[str] = set()
    for name, words, value in (
        *gauges,
        ("process_start_time_seconds", "When this process began, in unix time.", since),
    ):
        family = name.partition("{")[0]
        if family not in told:
            told.add(family)
            yield f"# HELP {family} {words}"
            yield f"# TYPE {family} gauge"
        yield f"{name} {value:.15g}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def counts_of(extensions: dict[str, Any]) -> Counts:
    found: Counts = extensions["pointshop.counts"]
    return found
