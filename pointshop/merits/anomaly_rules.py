"""What looks odd in how merits were logged (threats.md B08). Pure. Nothing here is refused: people look at it later."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from pointshop.core.clock import VILLAGE_TIME

#: One by one, by hand: more in an hour is somebody who invents them, or writes up a week on an evening.
BURST, BURST_WINDOW = 40, timedelta(hours=1)
#: From ten in the evening to five in the morning; so many in one night are no accident.
DUSK, DAWN, NIGHT = time(22), time(5), 3
#: Of one worker's points, to one household; of so many points and entries at least.
FAVOUR_SHARE, FAVOUR_POINTS, FAVOUR_ENTRIES = 0.4, 100, 5


class Logged(NamedTuple):
    """An entry. points: what it is worth; logged_at: aware."""

    merit_id: str
    worker: str
    household: str
    points: int
    logged_at: datetime
    in_batch: bool


class Anomaly(NamedTuple):
    """kind: `burst`, `night` or `favour`. entries: in the order in which they were logged. household: of `favour`."""

    kind: str
    worker: str
    entries: Sequence[Logged]
    household: str | None = None


def find_anomalies(logged: Iterable[Logged]) -> list[Anomaly]:
    """What is odd in entries of any workers, by worker and kind; one entry may be odd in several ways."""
    found: list[Anomaly] = []
    by_worker: dict[str, list[Logged]] = defaultdict(list)
    for entry in logged:
        by_worker[entry.worker].append(entry)
    for worker in sorted(by_worker):
        entries = sorted(by_worker[worker], key=lambda entry: (entry.logged_at, entry.merit_id))
        # a batch is one decision about many households
        single = [entry for entry in entries if not entry.in_batch]
        found += [Anomaly("burst", worker, burst) for burst in _bursts(single)]
        found += [Anomaly("night", worker, night) for night in _nights(entries)]
        found += [Anomaly("favour", worker, given, given[0].household) for given in _favours(entries)]
    return found


def _bursts(entries: Sequence[Logged]) -> Iterator[Sequence[Logged]]:
    """Runs in which more than BURST lie within the window, wherever it stands; runs that overlap are one."""
    first = 0
    begin = end = -1
    for last, entry in enumerate(entries):
        while entry.logged_at - entries[first].logged_at >= BURST_WINDOW:
            first += 1
        if last - first + 1 <= BURST:
            continue
        if first > end:
            if begin >= 0:
                yield entries[begin : end + 1]
            begin = first
        end = last
    if begin >= 0:
        yield entries[begin : end + 1]


def _nights(entries: Sequence[Logged]) -> Iterator[Sequence[Logged]]:
    nights: dict[object, list[Logged]] = defaultdict(list)
    for entry in entries:
        local = entry.logged_at.astimezone(VILLAGE_TIME)
        if local.time() >= DUSK or local.time() < DAWN:
            # a night belongs to the day on which it began
            nights[(local - timedelta(hours=DAWN.hour)).date()].append(entry)
    return (night for night in nights.values() if len(night) >= NIGHT)


def _favours(entries: Sequence[Logged]) -> Iterator[Sequence[Logged]]:
    given = [entry for entry in entries if entry.points > 0]
    total = sum(entry.points for entry in given)
    households: dict[str, list[Logged]] = defaultdict(list)
    for entry in given:
        households[entry.household].append(entry)
    if total < FAVOUR_POINTS:
        return
    for household in sorted(households):
        mine = households[household]
        if len(mine) >= FAVOUR_ENTRIES and sum(entry.points for entry in mine) > FAVOUR_SHARE * total:
            yield mine
