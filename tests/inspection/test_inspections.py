"""A random re-check from the draw to the last finding."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from pointshop.inspection.rules import draw
from tests.api import Api, Caller
from tests.books import violations
from tests.merits.deeds import logged, review
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def merits(api: Api, world: World) -> list[str]:
    """Twelve posted merits of this month."""
    world.households(3)
    world.rule()
    worker = api.as_("worker")
    return [logged(worker, f"000{number % 3 + 1}", note=str(number)) for number in range(12)]


def month() -> str:
    return village_day(now()).isoformat()[:7]


def drawn(caller: Caller, **more: Any) -> dict[str, Any]:
    plan = {"period": month(), "confidence": 90, "margin": 30, "seed": "体彩 20261122"} | more
    answer = caller.put(f"/inspections/{new_name()}", plan)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.get_json()
    return document


def find(caller: Caller, inspection: dict[str, Any], merit: str, outcome: str, **more: Any) -> TestResponse:
    told = {"merit": merit, "outcome": outcome} | more
    return caller.put(f"/inspections/{inspection['id']}/findings/{new_name()}", told)


def test_sample_can_be_drawn_again_by_anyone_who_knows_the_seed(api: Api, merits: list[str]) -> None:
    found = drawn(api.as_("supervisor"))
    assert (found["population"], found["sample_size"]) == (12, 5)
    items = [item["merit"] for item in found["items"]]
    assert items == draw(merits, size=5, seed=found["seed"])


def test_who_names_a_seed_does_not_choose_the_sample(api: Api, merits: list[str]) -> None:
    words = "体" * 47
    first, second = (drawn(api.as_("supervisor"), seed=words)["seed"] for _ in range(2))
    assert first.startswith(f"{words} ") and len(first) == len(second) == 64
    assert first != second


def test_chance_gives_a_seed_where_nobody_names_one(api: Api, merits: list[str]) -> None:
    first, second = (drawn(api.as_("supervisor"), seed=None) for _ in range(2))
    assert len(first["seed"]) == 32 and first["seed"] != second["seed"]
    assert [item["merit"] for item in first["items"]] == draw(merits, size=5, seed=first["seed"])


def test_findings_are_written_down_once_and_counted(api: Api, merits: list[str]) -> None:
    supervisor = api.as_("supervisor")
    found = drawn(supervisor)
    first, second = (item["merit"] for item in found["items"][:2])
    assert find(supervisor, found, first, "confirmed").status_code == 201
    assert find(supervisor, found, second, "wrong", note="那天没有扫").status_code == 201
    assert outcome(find(supervisor, found, first, "wrong", note="再想想")) == (422, "not_pending")
    after = api.as_("manager").get(f"/inspections/{found['id']}").get_json()
    assert (after["checked"], after["wrong"]) == (2, 1)
    assert after["items"][1]["note"] == "那天没有扫"


def test_finding_says_what_is_wrong_about_a_line_that_was_drawn(api: Api, merits: list[str]) -> None:
    supervisor = api.as_("supervisor")
    found = drawn(supervisor)
    spared = next(name for name in merits if name not in [item["merit"] for item in found["items"]])
    assert find(supervisor, found, spared, "confirmed").get_json()["errors"].keys() == {"merit"}
    unsaid = find(supervisor, found, found["items"][0]["merit"], "wrong")
    assert unsaid.get_json()["errors"].keys() == {"note"}
    assert outcome(find(supervisor, found | {"id": new_name()}, merits[0], "confirmed")) == (404, "not_found")


def test_nobody_checks_what_went_through_their_own_hands(api: Api, world: World) -> None:
    world.household()
    world.rule()
    world.settings(review_levels=1)
    manager = api.as_("manager")
    own = logged(manager, note="manager's")
    review(api.as_("reviewer"), own)
    signed = logged(api.as_("worker"), note="worker's")
    review(manager, signed)
    found = drawn(api.as_("supervisor"), confidence=99, margin=1)
    assert {item["merit"] for item in found["items"]} == {own, signed}
    for name in (own, signed):
        assert outcome(find(manager, found, name, "confirmed")) == (403, "forbidden")
        assert outcome(find(api.as_("supervisor"), found, name, "confirmed")) == 201


def test_nobody_checks_the_own_family(api: Api, merits: list[str]) -> None:
    every = [{"number": f"000{number}", "relation": "kin"} for number in range(1, 4)]
    api.as_("manager").put("/ties/supervisor", {"households": every})
    found = drawn(api.as_("supervisor"))
    answer = find(api.as_("supervisor"), found, found["items"][0]["merit"], "confirmed")
    assert outcome(answer) == (422, "self_dealing")


def test_where_nothing_was_posted_nothing_is_drawn(api: Api, merits: list[str]) -> None:
    plan = {"period": "2024", "confidence": 95}
    assert api.as_("manager").put(f"/inspections/{new_name()}", plan).get_json()["errors"].keys() == {"period"}
    odd = api.as_("manager").put(f"/inspections/{new_name()}", {"period": month(), "confidence": 92})
    assert odd.get_json()["errors"].keys() == {"confidence"}


def test_slips_show_each_line_for_the_round_from_door_to_door(api: Api, merits: list[str]) -> None:
    found = drawn(api.as_("supervisor"))
    page = api.as_("supervisor").get(f"/inspections/{found['id']}/slips.html").get_data(as_text=True)
    assert page.count('<section class="slip">') == 5
    for text in ("第 5 号", "集中清扫", "不得张贴", "体彩 20261122", "无法核实"):
        assert text in page
    (listed,) = api.as_("reviewer").get("/inspections").get_json()["items"]
    assert listed["id"] == found["id"]


@pytest.mark.breaks_the_books
def test_verify_finds_a_sample_that_lost_a_line(api: Api, world: World, merits: list[str]) -> None:
    drawn(api.as_("supervisor"))
    assert world.see(violations) == {}
    api.ground.tamper("DELETE FROM inspected_merit WHERE item_no = 5")
    assert "sample_is_as_large_as_it_says" in world.see(violations)
