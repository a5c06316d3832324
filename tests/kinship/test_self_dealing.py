"""B01: nobody gives points to their own family; what must be is signed above the village and stays marked."""

from datetime import timedelta
from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.books import violations
from tests.ground import OTHER
from tests.merits.deeds import day, deed, log, log_batch, logged, reverse, review, state_of
from tests.staff import hire
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    """Three households and a rule; 0001 is the worker's own, 0002 a brother's."""
    world.households(3, points=20)
    world.rule()


def tie(caller: Caller, username: str = "worker", **relations: str) -> Any:
    """`tie(manager, n0001="own")`."""
    households = [{"number": key.lstrip("n"), "relation": relation} for key, relation in relations.items()]
    return caller.put(f"/ties/{username}", {"households": households})


@pytest.fixture
def worker(api: Api) -> Caller:
    assert tie(api.as_("manager"), n0001="own", n0002="kin").status_code == 200
    return api.as_("worker")


def test_own_household_and_kin_are_refused_for_good_others_are_not(worker: Caller, world: World) -> None:
    name = new_name()
    for _ in range(2):
        answer = log(worker, "0001", name=name)
        assert outcome(answer) == (422, "self_dealing")
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert outcome(log(worker, "0002")) == (422, "self_dealing")
    assert outcome(log(worker, "0003")) == 201
    assert [world.balance(number) for number in ("0001", "0002", "0003")] == [20, 20, 25]


def test_another_worker_may_log_for_that_household(worker: Caller, api: Api) -> None:
    assert outcome(log(hire(api, "worker2", "worker"), "0001")) == 201


def test_batch_names_the_lines_and_posts_none(worker: Caller, world: World) -> None:
    answer = log_batch(worker, "0003", "0002", "0001")
    assert outcome(answer) == (422, "self_dealing")
    assert answer.get_json()["errors"].keys() == {"lines.1.household", "lines.2.household"}
    assert world.balance("0003") == 20


def test_declared_deed_waits_for_the_county_and_stays_marked(worker: Caller, api: Api, world: World) -> None:
    name = logged(worker, "0001", self_dealing=True)
    assert state_of(worker, name) == "submitted"
    assert world.balance("0001") == 20
    for role in ("reviewer", "manager"):
        assert outcome(review(api.as_(role), name)) == (422, "self_dealing")
    assert outcome(review(api.as_("admin"), name)) == 201
    assert world.balance("0001") == 25
    found = api.as_("manager").get(f"/merits/{name}").get_json()
    assert (found["state"], found["self_dealing"]) == ("posted", True)
    assert not api.as_("manager").get(f"/merits/{logged(worker, '0003')}").get_json()["self_dealing"]


def test_roll_says_that_a_line_holds_points_signed_above_the_village(worker: Caller, api: Api) -> None:
    def rule_on_a_roll() -> str:
        wanted = {"title": "光荣榜", "period": day()[:4], "subject": "household", "places": 10, "board": "榜"}
        wanted |= {"notice_days": 7, "contact": "村部"}
        answer = api.as_("manager").put(f"/honor-rolls/{new_name()}", wanted)
        assert answer.status_code == 201, answer.text
        page = api.as_("manager").get(f"/honor-rolls/{answer.get_json()['id']}.html")
        return page.get_data(as_text=True)

    logged(worker, "0003")
    name = logged(worker, "0001", self_dealing=True)
    assert "经上级审批" not in rule_on_a_roll()
    review(api.as_("admin"), name)
    assert "其中1行含登记人回避、经上级审批的积分" in rule_on_a_roll()


def test_county_signs_nothing_else(worker: Caller, api: Api, world: World) -> None:
    world.settings(review_levels=1)
    name = logged(worker, "0003")
    assert outcome(review(api.as_("admin"), name)) == (403, "forbidden")
    many = api.as_("admin").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": [name]})
    assert outcome(many) == (403, "forbidden")


def test_village_admin_is_no_higher_region(worker: Caller, api: Api) -> None:
    name = logged(worker, "0001", self_dealing=True)
    assert outcome(review(hire(api, "local", "admin"), name)) == (422, "self_dealing")


def test_reviewer_steps_aside_too(api: Api, world: World) -> None:
    world.settings(review_levels=1)
    tie(api.as_("manager"), "reviewer", n0001="kin")
    own, other = logged(api.as_("worker"), "0001"), logged(api.as_("worker"), "0003")
    assert outcome(review(api.as_("reviewer"), own)) == (422, "self_dealing")
    many = api.as_("reviewer").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": [other, own]})
    assert outcome(many) == (422, "self_dealing")
    assert many.get_json()["errors"].keys() == {"merits.1"}
    assert outcome(review(api.as_("reviewer"), other)) == 201


def test_manager_does_not_take_back_what_was_deducted_from_the_own_family(api: Api, world: World) -> None:
    world.rule("D1", points=-5, name="乱倒垃圾")
    name = logged(api.as_("worker"), "0001", rule="D1")
    tie(api.as_("supervisor"), "manager", n0001="own")
    assert outcome(reverse(api.as_("manager"), name)) == (422, "self_dealing")
    assert world.balance("0001") == 15


def test_nobody_ends_a_tie_of_their_own(api: Api) -> None:
    manager = api.as_("manager")
    assert tie(manager, "manager", n0001="own").status_code == 200
    assert tie(manager, "manager", n0001="own", n0002="kin").status_code == 200
    assert outcome(tie(manager, "manager", n0002="kin")) == (403, "forbidden")
    assert outcome(tie(manager, "manager", n0001="kin", n0002="kin")) == (403, "forbidden")
    assert tie(api.as_("supervisor"), "manager").get_json()["households"] == []


def test_tie_that_ended_counts_for_its_days_only(worker: Caller, api: Api) -> None:
    assert outcome(log(worker, "0002")) == (422, "self_dealing")
    with clock.at(clock.now() + timedelta(hours=1)):
        tie(api.as_("manager"), n0001="own")
        assert outcome(log(worker, "0002")) == 201
    with clock.at(clock.now() + timedelta(hours=2)):
        tie(api.as_("manager"), n0001="own", n0002="kin")
        assert outcome(log(worker, "0002", note="又一次")) == (422, "self_dealing")
    listed = api.as_("supervisor").get("/ties").get_json()["items"]
    assert [(line["username"], line["number"], line["relation"]) for line in listed] == [
        ("worker", "0001", "own"),
        ("worker", "0002", "kin"),
    ]


def test_ties_are_told_of_staff_and_households_that_are_there(api: Api) -> None:
    manager = api.as_("manager")
    assert outcome(tie(manager, "nobody", n0001="own")) == (404, "not_found")
    assert outcome(tie(manager, f"worker-{OTHER}", n0001="own")) == (404, "not_found")
    unknown = tie(manager, n0001="own", n9999="kin")
    assert unknown.get_json()["errors"].keys() == {"households.1.number"}
    twice = manager.put("/ties/worker", {"households": [{"number": "0001", "relation": "own"}] * 2})
    assert outcome(twice) == (422, "validation")


def test_same_declaration_again_changes_nothing(worker: Caller, api: Api) -> None:
    before = api.as_("manager").get("/ties").get_data()
    tie(api.as_("manager"), n0001="own", n0002="kin")
    assert api.as_("manager").get("/ties").get_data() == before


@pytest.mark.breaks_the_books
def test_verify_finds_a_tie_that_somebody_passed_by(worker: Caller, world: World, api: Api) -> None:
    with clock.at(clock.now() + timedelta(minutes=1)):
        logged(worker, "0001", self_dealing=True)
    assert world.see(violations) == {}
    api.ground.tamper("DELETE FROM declared_conflict")
    assert "family_merit_was_declared" in world.see(violations)


def test_sync_refuses_it_as_the_call_itself_does(worker: Caller) -> None:
    operations = [{"put": f"merits/{new_name()}", "body": deed("0001")}]
    answer = worker.post("/sync", {"device_now": clock.as_text(clock.now()), "operations": operations})
    (result,) = answer.get_json()["results"]
    assert (result["status"], result["body"]["code"]) == (422, "self_dealing")
