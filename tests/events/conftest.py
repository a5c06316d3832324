"""A village with an event of this afternoon, as staff and villagers meet at it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.clock import as_text
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.closing.periods import noon
from tests.world import World

#: two in the afternoon of a village day
FROM = noon(clock.village_day(clock.now() - timedelta(days=1)).isoformat()) + timedelta(hours=2)


class Meeting(NamedTuple):
    """An event from two to five, and what is done at it. Times are minutes after its beginning."""

    api: Api
    world: World
    cards: dict[str, str]

    def plan(self, **more: Any) -> str:
        """A new event of the worker's; its name."""
        name = new_name()
        answer = self.api.as_("worker").put(f"/events/{name}", planned(**more))
        assert answer.status_code == 201, answer.text
        return name

    def sign(self, event: str, way: str, number: str, minutes: int, **more: Any) -> TestResponse:
        """way: in or out. The phone has signal."""
        caller: Caller = more.pop("by", self.api.as_("worker"))
        with clock.at(FROM + timedelta(minutes=minutes)):
            return caller.put(f"/events/{event}/sign-{way}s/{new_name()}", {"card": self.cards[number]} | more)

    def attend(self, event: str, number: str, came: int, left: int, **more: Any) -> None:
        for way, minutes in (("in", came), ("out", left)):
            answer = self.sign(event, way, number, minutes, **more)
            assert answer.status_code == 201, answer.text

    def close(self, event: str, by: Caller | None = None, without_own: bool = False) -> TestResponse:
        body = {"without_own": without_own}
        return (by or self.api.as_("worker")).put(f"/events/{event}/closings/{new_name()}", body)


def planned(**more: Any) -> dict[str, Any]:
    event = {
        "title": "清理河道",
        "place": "村东河边",
        "from_at": as_text(FROM),
        "until_at": as_text(FROM + timedelta(hours=3)),
        "rule": "Z1",
        "unit_minutes": 30,
    }
    return event | more


def hour(minutes: int) -> datetime:
    return FROM + timedelta(minutes=minutes)


@pytest.fixture
def meeting(api: Api, world: World) -> Iterator[Meeting]:
    """Three households with cards, and a rule of two points for each half hour. It is the evening after."""
    world.households(3)
    world.rule("Z1", category="志愿服务", name="志愿服务", points=2, per="半小时", cap=8, cap_period="month")
    cards = {number: world.card(number) for number in ("0001", "0002", "0003")}
    with clock.at(FROM + timedelta(hours=6)):
        yield Meeting(api, world, cards)
