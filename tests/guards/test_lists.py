"""Whatever a list holds, the database is asked as often: nothing is looked up once more for each row."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api
from tests.evaluation.rounds import terms
from tests.events.conftest import planned
from tests.statements import cost
from tests.world import World

_counter = count(1)


def _today() -> str:
    return clock.village_day(clock.now()).isoformat()


def _put(api: Api, role: str, path: str, **body: Any) -> str:
    name = new_name()
    answer = api.as_(role).put(path.format(name), body)
    assert answer.status_code == 201, answer.text
    return name


def _gift(api: Api) -> None:
    said = {"household": "0001", "to_household": "0002", "points": 1, "occurred_on": _today(), "note": "家里有病人"}
    name = _put(api, "manager", "/gifts/{}", **said)
    _put(api, "manager", f"/gifts/{name}/reversal", reason="写错了户")


def _event(api: Api) -> None:
    _put(api, "worker", "/events/{}", **planned())


def _evaluation(api: Api) -> None:
    _put(api, "manager", "/evaluations/{}", **terms())


def _adjustment(api: Api) -> None:
    name = _put(api, "manager", "/adjustments/{}", household="0001", points=1, reason="paper_books", note="漏抄一页")
    _put(api, "supervisor", f"/adjustments/{name}/decision", decision="approve")


def _veto(api: Api) -> None:
    said = {"reason": "焚烧秸秆", "evidence": "镇巡查单 2026-31", "decided_by": "村两委会", "effects": ["no_honor"]}
    name = _put(api, "manager", "/vetoes/{}", household="0001", from_on=_today(), until_on=_today(), **said)
    _put(api, "manager", f"/vetoes/{name}/appeals/{{}}", grounds="不是我家")


def _reminder(api: Api) -> None:
    _put(api, "worker", "/reminders/{}", household="0001", item="柴草堆放占道", due_on=_today())


def _inspection(api: Api) -> None:
    said = {"period": _today()[:7], "confidence": 90, "margin": 30, "seed": f"体彩 {next(_counter)}"}
    _put(api, "supervisor", "/inspections/{}", **said)


def _stocktake(api: Api) -> None:
    name = _put(api, "manager", "/stocktakes/{}", products=["P1"])
    _put(api, "clerk", "/stocktake-counts/{}", stocktake=name, lines=[{"product": "P1", "quantity": 1}])
    _put(api, "manager", f"/stocktakes/{name}/closing")


def _delivery(api: Api, card: str) -> None:
    order = {"card": card, "lines": [{"product": "P1", "quantity": 1}], "expected_points": 1}
    name = _put(api, "clerk", "/redemptions/{}", **order)
    _put(api, "clerk", f"/redemptions/{name}/delivery", carrier="worker")


def _wish(api: Api) -> None:
    _put(api, "clerk", "/wishes/{}", household="0001", item=f"电饭锅{next(_counter)}")


def _fund(api: Api) -> None:
    said = {"kind": "grant", "amount_fen": 100, "party": "合作社", "purpose": "进货", "occurred_on": _today()}
    name = _put(api, "manager", "/fund-entries/{}", **said)
    _put(api, "manager", f"/fund-entries/{name}/reversal", reason="记错金额")


def _lot(api: Api) -> None:
    received = {"quantity": 3, "best_before": "2099-01-01"}
    _put(api, "clerk", "/stock-moves/{}", product="P1", kind="receive", **received)


@pytest.fixture
def card(api: Api, world: World) -> str:
    """A village with points, a card, goods on the shelf and a few deeds; the card's code."""
    world.households(3, points=100)
    world.rule()
    world.rule("Z1", category="志愿服务", name="志愿服务", points=2, per="半小时")
    world.rule("WM01", category="文明户", name="星级文明户称号", points=50)
    world.rule("HJ113", category="文明庭院", name="文明庭院三星", points=20)
    for note in ("上午", "下午"):
        world.merit(note=note)
    assert api.as_("manager").put("/products/P1", {"name": "大米", "unit": "袋", "points": 1}).status_code == 201
    _put(api, "clerk", "/stock-moves/{}", product="P1", kind="receive", quantity=20)
    return world.card()


@pytest.mark.parametrize(
    ("path", "add"),
    [
        ("/gifts", _gift),
        ("/events", _event),
        ("/evaluations", _evaluation),
        ("/adjustments", _adjustment),
        ("/vetoes", _veto),
        ("/reminders", _reminder),
        ("/inspections", _inspection),
        ("/stocktakes", _stocktake),
        ("/deliveries", _delivery),
        ("/wishes", _wish),
        ("/fund-entries", _fund),
        ("/lots", _lot),
    ],
)
def test_a_list_costs_the_same_however_long(api: Api, card: str, path: str, add: Callable[..., None]) -> None:
    more = {"card": card} if add is _delivery else {}
    supervisor = api.as_("supervisor")

    def rows() -> int:
        return len(supervisor.get(path).get_json()["items"])

    add(api, **more)
    before, few = rows(), cost(api.ground.app, rows)
    for _ in range(4):
        add(api, **more)
    assert rows() >= before + 4
    assert cost(api.ground.app, rows) == few <= 4
