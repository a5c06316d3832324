"""What neighbours do together and for one another: a morning's work by the hour, an event of today, a gift."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from pointshop.cli.demo.desk import Desk, Happening
from pointshop.cli.demo.diary import Logbook
from pointshop.cli.demo.roster import Neighbour
from pointshop.cli.demo.season import Season, at_clock
from pointshop.cli.demo.staff import LEADER, MANAGER
from pointshop.core.clock import as_text, now, village_day
from pointshop.core.db import reading
from pointshop.ledger.queries import balances_of
from pointshop.people import queries as register

#: 志愿服务每小时
_RULE = "DJ04"
_CAME, _GIFT = 12, 20


def events(
    desk: Desk, book: Logbook, roster: Sequence[Neighbour], chance: Random, season: Season
) -> Iterator[Happening]:
    """One of the week before last, from a list of paper; one that is on just now, so that cards can be scanned."""
    day = season.today - timedelta(days=12)
    yield Happening(at_clock(day, 12, 5), partial(_work_together, desk, book, roster, chance))
    yield Happening(season.now - timedelta(hours=2), partial(_plan_for_now, desk, season))


def gifts(desk: Desk, roster: Sequence[Neighbour], season: Season) -> Iterator[Happening]:
    """Somebody with many points gives some to somebody with none."""
    yield Happening(at_clock(season.today - timedelta(days=9), 15, 40), partial(_give, desk, roster))


def _work_together(desk: Desk, book: Logbook, roster: Sequence[Neighbour], chance: Random) -> None:
    end = now()
    body = {
        "title": "清理村东排水沟",
        "place": "村东",
        "from_at": as_text(end - timedelta(hours=3, minutes=30)),
        "until_at": as_text(end),
        "rule": _RULE,
        "unit_minutes": 60,
        "rounding": "nearest",
    }
    event = desk.send(LEADER, "event", body)["id"]
    homes = [neighbour.home.number for neighbour in roster if neighbour.home.zeal]
    lines = [
        {"household": number, "minutes": chance.choice((60, 120, 150, 180))}
        for number in sorted(chance.sample(homes, _CAME))
    ]
    desk.send(LEADER, "paper_list", {"lines": lines}, event=event)
    closed = desk.send(LEADER, "event_close", {"without_own": False}, event=event)
    book.note_batch({"merits": [_submitted(each["merit"]) for each in closed["attendances"] if each["merit"]]})


def _submitted(merit_id: str) -> dict[str, Any]:
    return {"id": merit_id, "state": "submitted"}


def _plan_for_now(desk: Desk, season: Season) -> None:
    body = {
        "title": "主题党日：整修村口花坛",
        "place": "村口",
        "from_at": as_text(season.now - timedelta(hours=1)),
        "until_at": as_text(season.now + timedelta(hours=8)),
        "rule": _RULE,
        "unit_minutes": 60,
    }
    desk.send(LEADER, "event", body)


def _give(desk: Desk, roster: Sequence[Neighbour]) -> None:
    work, village_id = reading(), desk.village.id
    homes = {
        found.id: found.number
        for found in register.households_named(
            work, village_id, sorted(neighbour.home.number for neighbour in roster)
        ).values()
        if found.status == "active"
    }
    purses = balances_of(work, village_id, sorted(homes))
    richest = max(purses, key=lambda household_id: (purses[household_id], -household_id))
    poorest = min(purses, key=lambda household_id: (purses[household_id], household_id))
    slip = {
        "household": homes[richest],
        "to_household": homes[poorest],
        "points": _GIFT,
        "occurred_on": village_day(now()).isoformat(),
        "note": "邻居住院，自愿相助，签字条存档",
    }
    desk.send(MANAGER, "gift", slip)
