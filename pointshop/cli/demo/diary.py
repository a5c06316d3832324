"""The half year's deeds: gatherings logged in one go, single deeds in the evening, now and then a deduction."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from random import Random
from typing import Any, NamedTuple

from pointshop.cli.demo import deeds
from pointshop.cli.demo.deeds import Deed, Gathering
from pointshop.cli.demo.desk import Desk, Happening
from pointshop.cli.demo.roster import Doing, Neighbour, Quota, pick_doings
from pointshop.cli.demo.season import Season, at_clock
from pointshop.cli.demo.staff import LEADER, MANAGER, worker_of

SATURDAY, WEDNESDAY = 6, 3
PARTY_DAY, REPORT_DAY, ASSEMBLY_DAY, JUDGING_DAY, STARS_DAY = 5, 8, 10, 26, 28
_REPORT_MONTHS = (1, 7)
_SINGLES_PER_DAY = (0, 1, 1, 2, 2, 3)
_LAGS = (0, 0, 0, 0, 1, 1, 2, 4)


class Waiting(NamedTuple):
    """A merit that nobody has signed yet. is_alone: it came in no batch."""

    merit_id: str
    is_alone: bool


class Logbook:
    """What was logged so far, by merit. singles: with the instant; waiting: those to be signed."""

    def __init__(self) -> None:
        self.singles: list[tuple[str, datetime]] = []
        self.waiting: list[Waiting] = []

    def note_single(self, merit: dict[str, Any], at: datetime) -> None:
        if merit["points"] > 0:
            self.singles.append((merit["id"], at))
        self._note_state(merit, is_alone=True)

    def note_batch(self, batch: dict[str, Any]) -> None:
        for merit in batch["merits"]:
            self._note_state(merit, is_alone=False)

    def _note_state(self, merit: dict[str, Any], *, is_alone: bool) -> None:
        if merit["state"] == "submitted":
            self.waiting.append(Waiting(merit["id"], is_alone))


class Diary:
    """Plans who does what on which day; what it yields is done later, each at its instant."""

    def __init__(self, chance: Random, season: Season, roster: Sequence[Neighbour], quota: Quota) -> None:
        self._chance = chance
        self._season = season
        self._roster = roster
        self._quota = quota

    def gatherings(self, desk: Desk, book: Logbook) -> Iterator[Happening]:
        """What many did together, one batch each; none after the last signing, which is of whole batches."""
        places, evenings = cycle(deeds.CLEANING_PLACES), cycle(deeds.EVENINGS)
        yield from self._batch(desk, book, deeds.COVENANT, at_clock(self._season.opens_on, 10), by=LEADER)
        for day in self._season.days():
            if day.isoweekday() == SATURDAY:
                count = self._chance.randint(32, 56)
                cleaning = Gathering("HJ06", "household", count / len(self._roster), f"{next(places)}集中清扫")
                yield from self._batch(desk, book, cleaning, at_clock(day, 10, self._chance.randint(20, 50)), by=LEADER)
            if day.isoweekday() == WEDNESDAY and day.toordinal() // 7 % 2:
                yield from self._batch(desk, book, next(evenings), at_clock(day, 21, 5), by=LEADER)
            yield from self._dated(desk, book, day)

    def single_deeds(self, desk: Desk, book: Logbook) -> Iterator[Happening]:
        """One household's deeds, logged by its group's worker the same evening or some days later."""
        for day in self._season.days():
            in_season = [deed for deed in deeds.DEEDS if not deed.months or day.month in deed.months]
            for _ in range(self._chance.choice(_SINGLES_PER_DAY)):
                deed = self._chance.choices(in_season, [deed.weight for deed in in_season])[0]
                yield from self._single(desk, book, deed, day)

    def deductions(self, desk: Desk, book: Logbook) -> Iterator[Happening]:
        """Those who were warned before; spread over the half year."""
        days = list(self._season.days())
        for index, (rule, note) in enumerate(deeds.DEDUCTIONS, start=1):
            day = days[len(days) * index // (len(deeds.DEDUCTIONS) + 1)]
            deed = Deed(rule, 1, "household", (note,))
            yield from self._single(desk, book, deed, day)

    def _dated(self, desk: Desk, book: Logbook, day: date) -> Iterator[Happening]:
        evening = at_clock(day, 19, self._chance.randint(0, 40))
        if day.day == PARTY_DAY:
            yield from self._batch(desk, book, deeds.PARTY_DAY, evening, by=MANAGER)
        if day.day == REPORT_DAY and day.month in _REPORT_MONTHS:
            yield from self._batch(desk, book, deeds.SCHOOL_REPORT, evening, by=LEADER)
        if day.day == ASSEMBLY_DAY:
            yield from self._batch(desk, book, deeds.ASSEMBLY, evening, by=MANAGER)
        if day.day == JUDGING_DAY:
            yield from self._batch(desk, book, deeds.JUDGING, evening, by=LEADER)
        if day.day == STARS_DAY and day.month % 3 == 0:
            for index, (rule, count, note) in enumerate(deeds.STARS):
                stars = Gathering(rule, "household", count / len(self._roster), note)
                yield from self._batch(desk, book, stars, evening + timedelta(minutes=3 * index), by=MANAGER)

    def _batch(self, desk: Desk, book: Logbook, gathering: Gathering, at: datetime, *, by: str) -> Iterator[Happening]:
        if at > self._season.last_signing:
            return
        day = at.date()
        able = list(pick_doings(self._chance, self._roster, gathering.doer, year=day.year))
        wanted = max(1, round(gathering.share * (len(able) if gathering.doer in _FEW else len(self._roster))))
        fitting = (doing for doing in able if self._quota.take(doing.number, gathering.rule, day))
        lines = [_line(doing) for doing in islice(fitting, wanted)]
        if lines:
            body = _body(gathering.rule, day, gathering.note) | {
                "lines": sorted(lines, key=lambda line: line["household"])
            }
            yield Happening(at, partial(_log_batch, desk, book, by, body))

    def _single(self, desk: Desk, book: Logbook, deed: Deed, day: date) -> Iterator[Happening]:
        logged_on = day + timedelta(days=self._chance.choice(_LAGS))
        at = at_clock(logged_on, 18, 30) + timedelta(seconds=self._chance.randrange(2 * 3600))
        quantity = self._chance.randint(1, deed.most)
        note = self._chance.choice(deed.notes)
        if not self._season.has_come(at):
            return
        for doing in pick_doings(self._chance, self._roster, deed.doer, year=day.year):
            if self._quota.take(doing.number, deed.rule, day, quantity):
                body = _body(deed.rule, day, note) | _line(doing) | {"quantity": quantity}
                worker = worker_of(doing.neighbour.home.group_no)
                yield Happening(at, partial(_log_single, desk, book, worker, body, at))
                return


#: Doers who are so few that a share is of them, not of all households.
_FEW = ("volunteer", "party", "pupil")


def _body(rule: str, day: date, note: str) -> dict[str, Any]:
    return {"rule": rule, "occurred_on": day.isoformat(), "note": note}


def _line(doing: Doing) -> dict[str, Any]:
    return {"household": doing.number} | ({"member_id": doing.member_id} if doing.member_id else {})


def _log_batch(desk: Desk, book: Logbook, username: str, body: dict[str, Any]) -> None:
    book.note_batch(desk.send(username, "merit_batch", body))


def _log_single(desk: Desk, book: Logbook, username: str, body: dict[str, Any], at: datetime) -> None:
    book.note_single(desk.send(username, "merit", body), at)
