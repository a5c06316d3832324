"""A veto from the meeting to its end: what it stops meanwhile, what it never touches."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from pointshop.vetoes.queries import barred
from tests.api import Api, Caller
from tests.books import violations
from tests.merits.deeds import day, honour, logged
from tests.shop.counter import Counter
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")

ALL = ["no_award", "no_honor", "no_redemption"]


def veto(caller: Caller, *, name: str | None = None, **more: Any) -> TestResponse:
    body = {
        "household": "0001",
        "reason": "焚烧秸秆",
        "evidence": "镇巡查单 2026-31",
        "decided_by": "村两委会",
        "from_on": day(),
        "until_on": day(10),
        "effects": ALL,
    } | more
    return caller.put(f"/vetoes/{name or new_name()}", body)


def recorded(caller: Caller, **more: Any) -> str:
    answer = veto(caller, **more)
    assert answer.status_code == 201, answer.text
    found: str = answer.get_json()["id"]
    return found


def names_on_a_roll(api: Api) -> list[str]:
    wanted = {"title": "光荣榜", "period": day()[:4], "subject": "household", "places": 10, "board": "榜"}
    answer = api.as_("manager").put(f"/honor-rolls/{new_name()}", wanted | {"notice_days": 7, "contact": "村部"})
    assert answer.status_code == 201, answer.text
    return [item["name"] for item in answer.get_json()["items"]]


@pytest.fixture
def manager(api: Api, world: World) -> Caller:
    world.household("0001", head="张建国", name_consent=True)
    world.household("0002", head="李秀英", name_consent=True)
    world.rule()
    logged(api.as_("worker"), "0001", quantity=4)
    logged(api.as_("worker"), "0002")
    return api.as_("manager")


def test_no_goods_while_it_lasts_and_goods_again_by_itself(shop: Counter) -> None:
    shop.stock("P001", points=5)
    body = {"household": "0001", "reason": "焚烧秸秆", "evidence": "巡查单", "decided_by": "两委会"}
    body |= {"from_on": day(), "until_on": day(2), "effects": ["no_redemption"]}  # type: ignore[dict-item]
    assert shop.ask("PUT", f"vetoes/{new_name()}", body, by="manager").status_code == 201
    scanned = shop.scan(shop.cards["0001"]).get_json()
    assert (scanned["balance"], scanned["today"]["points_left"]) == (100, 0)
    refused = shop.redeem(shop.order())
    assert outcome(refused) == (422, "account_not_active")
    assert refused.get_json()["data"] == {"household": "0001", "until": day(2)}
    slip = shop.slip(occurred_on=day())
    assert outcome(shop.redeem(slip, by="manager")) == (422, "account_not_active")
    assert shop.redeem(shop.slip(occurred_on=day(-1)), by="manager").status_code == 201
    with clock.at(now() + timedelta(days=3)):
        assert shop.redeem(shop.order()).status_code == 201
    assert shop.balance() == 90


def test_no_place_on_the_roll_while_it_lasts(api: Api, manager: Caller, world: World) -> None:
    assert names_on_a_roll(api) == ["张建国", "李秀英"]
    recorded(manager, effects=["no_honor"])
    assert names_on_a_roll(api) == ["李秀英"]
    with clock.at(now() + timedelta(days=11)):
        assert names_on_a_roll(api) == ["张建国", "李秀英"]


def test_points_and_honour_stay_as_they_were(api: Api, manager: Caller, world: World) -> None:
    recorded(manager)
    assert (world.balance(), honour(manager)) == (20, 20)
    logged(api.as_("worker"), "0001", note="改好了")
    assert (world.balance(), honour(manager)) == (25, 25)


def test_each_effect_holds_for_its_days(manager: Caller, world: World) -> None:
    recorded(manager, from_on=day(1), effects=["no_award"])

    def barred_after(days: int) -> int:
        with clock.at(now() + timedelta(days=days)):
            return len(world.see(lambda work: barred(work, world.village_id, "no_award")))

    assert [barred_after(days) for days in (0, 1, 10, 11)] == [0, 1, 1, 0]
    assert world.see(lambda work: barred(work, world.village_id, "no_honor")) == set()


def test_appeal_that_is_right_ends_it_at_once(api: Api, manager: Caller) -> None:
    name, asked = recorded(manager, effects=["no_honor"]), new_name()
    told = manager.put(f"/vetoes/{name}/appeals/{asked}", {"grounds": "烧的不是我家的地"})
    assert told.status_code == 201
    decision = {"decision": "upheld", "answer": "查实是邻村的地"}
    assert outcome(manager.put(f"/vetoes/{name}/appeals/{asked}/decision", decision)) == (403, "forbidden")
    answer = api.as_("supervisor").put(f"/vetoes/{name}/appeals/{asked}/decision", decision)
    assert (answer.status_code, answer.get_json()["in_force"]) == (201, False)
    assert answer.get_json()["end_reason"] == "申诉成立"
    assert names_on_a_roll(api) == ["张建国", "李秀英"]
    again = api.as_("supervisor").put(f"/vetoes/{name}/appeals/{asked}/decision", decision | {"answer": "再答"})
    assert outcome(again) == (422, "not_pending")


def test_appeal_that_is_dismissed_changes_nothing_but_is_answered(api: Api, manager: Caller) -> None:
    name, asked = recorded(manager), new_name()
    manager.put(f"/vetoes/{name}/appeals/{asked}", {"grounds": "不知道"})
    decision = {"decision": "dismissed", "answer": "有照片为证"}
    answer = api.as_("supervisor").put(f"/vetoes/{name}/appeals/{asked}/decision", decision)
    assert answer.get_json()["in_force"]
    assert answer.get_json()["appeals"][0]["answer"] == "有照片为证"


def test_it_can_be_lifted_once_and_not_for_the_own_family(api: Api, manager: Caller) -> None:
    name, other = recorded(manager), recorded(manager)
    own = {"households": [{"number": "0001", "relation": "kin"}]}
    lifting = {"reason": "已经整改"}
    api.as_("supervisor").put("/ties/manager", own)
    assert outcome(manager.put(f"/vetoes/{name}/lifting", lifting)) == (422, "self_dealing")
    assert outcome(veto(manager)) == (422, "self_dealing")
    api.as_("supervisor").put("/ties/manager", {"households": []})
    # a refusal sticks to whoever was refused; the other one was never asked for
    lifted = manager.put(f"/vetoes/{other}/lifting", lifting)
    assert (lifted.status_code, lifted.get_json()["in_force"]) == (201, False)
    assert outcome(manager.put(f"/vetoes/{other}/lifting", {"reason": "再来"})) == (422, "already_voided")
    late = manager.put(f"/vetoes/{other}/appeals/{new_name()}", {"grounds": "晚了"})
    assert outcome(late) == (422, "already_voided")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": -20}, "points"),
        ({"effects": []}, "effects"),
        ({"effects": ["no_award", "no_award"]}, "effects"),
        ({"effects": ["blacklist"]}, "effects.0"),
        ({"reason": " "}, "reason"),
        ({"evidence": None}, "evidence"),
        ({"until_on": "2020-01-01", "from_on": "2019-12-31"}, "until_on"),
        ({"until_on": day(400)}, "until_on"),
        ({"until_on": day(-1)}, "until_on"),
        ({"household": "9999"}, "household"),
    ],
)
def test_it_is_dated_reasoned_and_never_a_number(manager: Caller, change: dict[str, Any], field: str) -> None:
    assert veto(manager, **change).get_json()["errors"].keys() == {field}


def test_it_is_listed_in_the_office_and_told_to_nobody_else(api: Api, manager: Caller, world: World) -> None:
    name = recorded(manager)
    (listed,) = api.as_("supervisor").get("/vetoes", query={"household": "0001"}).get_json()["items"]
    assert (listed["id"], listed["effects"], listed["in_force"]) == (name, ALL, True)
    assert api.as_("supervisor").get("/vetoes", query={"household": "0002"}).get_json()["items"] == []
    for role in ("worker", "clerk", "viewer"):
        assert api.as_(role).get("/vetoes").status_code == 403
        for path in ("/households/0001", "/rankings", "/households/0001/passbook"):
            assert "焚烧" not in api.as_(role).get(path).get_data(as_text=True)


def test_sent_twice_it_is_one(manager: Caller) -> None:
    name = new_name()
    assert [veto(manager, name=name).status_code for _ in range(2)] == [201, 200]


@pytest.mark.breaks_the_books
def test_verify_finds_an_appeal_that_was_right_and_changed_nothing(api: Api, manager: Caller, world: World) -> None:
    name, asked = recorded(manager), new_name()
    manager.put(f"/vetoes/{name}/appeals/{asked}", {"grounds": "不知道"})
    decision = {"decision": "upheld", "answer": "是"}
    api.as_("supervisor").put(f"/vetoes/{name}/appeals/{asked}/decision", decision)
    assert world.see(violations) == {}
    api.ground.tamper("UPDATE veto SET ended_at = NULL, ended_by = NULL, end_reason = NULL")
    assert "appeal_was_answered_by_another" in world.see(violations)


def test_today_is_the_villages(manager: Caller) -> None:
    assert veto(manager, from_on=village_day(now()).isoformat()).get_json()["in_force"]
