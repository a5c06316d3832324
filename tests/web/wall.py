"""Something for a wall to show."""

from typing import Any

from pointshop.core.ids import new_name
from tests.api import Api
from tests.world import World

ROLL = {"title": "年度光荣榜", "period": "2026", "subject": "household", "places": 50, "board": "公开栏"}


def furnish(world: World, api: Api) -> World:
    """Twelve households with points, a roll on show, and soap to be had."""
    world.rule("A1", name="集中清扫")
    for number in range(1, 13):
        world.household(f"{number:04d}", head="张建国")
        world.merit(f"{number:04d}")
    api.as_("manager").put("/products/P1", {"name": "肥皂", "unit": "件", "points": 6})
    return world


def publish(api: Api, **changes: Any) -> str:
    name = new_name()
    answer = api.as_("manager").put(
        f"/honor-rolls/{name}", ROLL | {"notice_days": 7, "contact": "监督电话 0393-5550110"} | changes
    )
    assert answer.status_code == 201, answer.get_json()
    return name
