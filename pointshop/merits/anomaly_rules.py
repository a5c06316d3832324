"""What looks odd in what one person wrote down (threats.md B08). Pure. Nothing is refused: people look at it later."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from pointshop.core.clock import VILLAGE_TIME

#: Of each sort one by one, by hand, in an hour: more merits is somebody who invents them, or writes up a week on an
#: evening; a counter serves one household a minute; voids and gifts are rare.
BURST, BURST_WINDOW = {"merit": 40, "redemption": 60, "void": 5, "gift": 10}, timedelta(hours=1)
#: From ten in the evening to five in the morning; so many in one night are no accident.
DUSK, DAWN, NIGHT = time(22), time(5), 3
#: Of the points that one person wrote down, to one household; of so many points and entries at least.
FAVOUR_SHARE, FAVOUR_POINTS, FAVOUR_ENTRIES = 0.4, 100, 5


class Logged(NamedTuple):
    """An entry. by: who wrote it down; household: who gained; points: its worth; logged_at: aware; sort: of `BURST`."""

    id: str
    by: str
    household: str
    points: int
    logged_at: datetime
    in_batch: bool = False
    sort: str = "merit"


class Anomaly(NamedTuple):
    """kind: `burst`, `night` or `favour`. entries: of one sort, in the order in which they were logged. household: of
    `favour`."""

    kind: str
    sort: str
    by: str
    entries: Sequence[Logged]
    household: str | None = None


def find_anomalies(logged: Iterable[Logged]) -> list[Anomaly]:
    """What is odd in entries of any sort by anybody, by sort, person and kind; one may be odd in several ways."""
    found: list[Anomaly] = []
    written: dict[tuple[str, str], list[Logged]] = defaultdict(list)
    for entry in logged:
        written[entry.sort, entry.by].append(entry)
    for sort, by in sorted(written, key=lambda key: (list(BURST).index(key[0]), key[1])):
        entries = sorted(written[sort, by], key=lambda entry: (entry.logged_at, entry.id))
        # a batch is one decision about many households
        single = [entry for entry in entries if not entry.in_batch]
        found += [Anomaly("burst", sort, by, burst) for burst in _bursts(single, BURST[sort])]
        found += [Anomaly("night", sort, by, night) for night in _nights(entries)]
        found += [Anomaly("favour", sort, by, given, given[0].household) for given in _favours(entries)]
    return found


def _bursts(entries: Sequence[Logged], most: int) -> Iterator[Sequence[Logged]]:
    """Runs in which more than `most` lie within the window, wherever it stands; runs that overlap are one."""
    first = 0
    begin = end = -1
    for last, entry in enumerate(entries):
        while entry.logged_at - entries[first].logged_at >= BURST_WINDOW:
            first += 1
        if last - first + 1 <= most:
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
