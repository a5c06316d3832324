"""The village office: how its ways change, who signs, what is taken back, posted, sealed and hung on the wall."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from pointshop.app import DUE, SEALED
from pointshop.cli.demo.desk import Desk, Happening
from pointshop.cli.demo.diary import Logbook, Waiting
from pointshop.cli.demo.founding import set_ways
from pointshop.cli.demo.season import BREATH, Season, at_clock, first_of_month
from pointshop.cli.demo.staff import MANAGER, REVIEWER
from pointshop.core.clock import as_text, now
from pointshop.core.db import reading, unit_of_work
from pointshop.core.periods import period_label
from pointshop.core.work import Work
from pointshop.ledger.seal import seal_village
from pointshop.merits.queries import get_merit

NOTICE_DAYS = 3
#: Single merits, the newest, that a signing leaves for the next one: so whoever tries the reviewer's login finds some.
LEFT_WAITING = 10
_SIGNING_DAYS = (2, 5)
_MOST_AT_ONCE = 500
_CONTACT = "监督电话 0399-5550110"
ROLL_DAY = 8
_REJECTIONS = ("照片看不清，请补充后再报", "与工分表对不上，请核实", "同一天已有志愿服务记录")
_REVERSALS = ("经核实与上一条重复，冲正", "当事人说明当天没有参加", "选错了细则，另行登记")


def changes_of_ways(desk: Desk, season: Season) -> Iterator[Happening]:
    """First points count at once; then they need a signature; then they hang on the wall before they count."""
    yield Happening(at_clock(season.reviewed_from, 8), partial(set_ways, desk, {"review_levels": 1}))
    yield Happening(at_clock(season.noticed_from, 8), partial(set_ways, desk, {"notice_days": NOTICE_DAYS}))


def signings(desk: Desk, book: Logbook, chance: Random, season: Season) -> Iterator[Happening]:
    """Twice a week, and once before this moment, the reviewer signs what waits."""
    for day in season.days():
        at = at_clock(day, 20, 50)
        if day >= season.reviewed_from and day.isoweekday() in _SIGNING_DAYS and at < season.last_signing:
            yield Happening(at, partial(_sign, desk, book, chance))
    yield Happening(season.last_signing, partial(_sign, desk, book, chance))


def postings(desk: Desk, season: Season) -> Iterator[Happening]:
    """Every morning what hung long enough begins to count."""
    for day in season.days():
        at = at_clock(day, 5, 30)
        if day > season.noticed_from and season.has_come(at):
            yield Happening(at, partial(_post_due, desk))


def seals(desk: Desk, season: Season) -> Iterator[Happening]:
    """The books are sealed as each month begins, and last night."""
    nights = {at_clock(day, 0, 20) for day in season.days() if day.day == 1}
    nights.add(at_clock(season.today - timedelta(days=1), 23, 40))
    for night in nights:
        if season.has_come(night):
            yield Happening(night, partial(_seal, desk))


def reversals(desk: Desk, book: Logbook, chance: Random, season: Season) -> Iterator[Happening]:
    """Three times a merit turns out to be none."""
    days = list(season.days())
    for index, reason in enumerate(_REVERSALS, start=1):
        day = days[len(days) * index // (len(_REVERSALS) + 1)]
        yield Happening(at_clock(day, 16, 10 + index), partial(_reverse, desk, book, chance, reason))


def honor_rolls(desk: Desk, season: Season) -> Iterator[Happening]:
    """The households of the last quarter and the volunteers of the last month, soon after each was over."""
    quarter, month = season.last_quarter(), season.last_month()
    this_quarter = first_of_month(season.today, back=(season.today.month - 1) % 3)
    for_quarter = {
        "title": f"{period_label(quarter)}文明积分光荣榜",
        "period": quarter,
        "subject": "household",
        "places": 20,
        "board": "民生实事光荣榜",
        "notice_days": 100,
        "contact": _CONTACT,
    }
    for_month = {
        "title": f"{period_label(month)}志愿服务光荣榜",
        "period": month,
        "subject": "member",
        "category": "志愿服务",
        "places": 15,
        "board": "支部公开栏",
        "notice_days": 45,
        "contact": _CONTACT,
    }
    yield Happening(_hung_at(season, this_quarter, hour=10), partial(_hang, desk, for_quarter))
    yield Happening(_hung_at(season, first_of_month(season.today), hour=11), partial(_hang, desk, for_month))


def evaluations(desk: Desk, season: Season) -> Iterator[Happening]:
    """Since yesterday the households of the first group vote on the civilized ones among them; a week is left."""
    opens = at_clock(season.today - timedelta(days=1), 9)
    asked = {
        "title": "一组文明户",
        "subject": "household",
        "group_no": 1,
        "method": "rank",
        "choices": 3,
        "electorate": "households",
        "quorum": 5,
        "opens_at": as_text(opens),
        "closes_at": as_text(opens + timedelta(days=8)),
        "awards": [{"rule": "WM01", "first": 1, "last": 3}],
    }
    yield Happening(opens, lambda: desk.send(MANAGER, "evaluation", asked))


def _sign(desk: Desk, book: Logbook, chance: Random) -> None:
    left = [waiting for waiting in book.waiting if waiting.is_alone][-LEFT_WAITING:]
    signed = [waiting for waiting in book.waiting if waiting not in left]
    book.waiting = left
    rejected = [waiting for waiting in signed if waiting.is_alone and chance.random() < 0.05]
    for waiting in rejected:
        body = {"decision": "reject", "comment": chance.choice(_REJECTIONS)}
        desk.send(REVIEWER, "merit_review", body, id=waiting.merit_id)
    _approve(desk, [waiting for waiting in signed if waiting not in rejected])


def _approve(desk: Desk, signed: Sequence[Waiting]) -> None:
    for first in range(0, len(signed), _MOST_AT_ONCE):
        names = [waiting.merit_id for waiting in signed[first : first + _MOST_AT_ONCE]]
        desk.send(REVIEWER, "review", {"decision": "approve", "merits": names})


def _post_due(desk: Desk) -> None:
    def step(work: Work) -> None:
        for post in DUE:
            post(work, desk.village.id)

    unit_of_work(step)


def _seal(desk: Desk) -> None:
    unit_of_work(partial(seal_village, village_id=desk.village.id, streams=SEALED))


def _reverse(desk: Desk, book: Logbook, chance: Random, reason: str) -> None:
    """The newest fitting single merit of the last weeks: posted, and seen by somebody since."""
    since, until = now() - timedelta(days=25), now() - timedelta(days=1)
    recent = [name for name, at in book.singles if since <= at <= until]
    chance.shuffle(recent)
    for name in recent:
        if get_merit(reading(), desk.village.id, name).state == "posted":
            desk.send(MANAGER, "reversal", {"reason": reason}, id=name)
            return


def _hung_at(season: Season, first_day: date, *, hour: int) -> datetime:
    """A week into the month, when the notice periods of the last one are over; if it is not yet that late, just now."""
    usual = at_clock(first_day + timedelta(days=ROLL_DAY - 1), hour)
    return max(at_clock(first_day, 0), min(usual, season.now - BREATH))


def _hang(desk: Desk, body: dict[str, Any]) -> None:
    desk.send(MANAGER, "honor_roll", body)
