"""Households that are divided, joined, moved and inherited, each driven over HTTP."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.accounts import service as accounts
from pointshop.cli.place import SYSTEM
from pointshop.core.db import unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from tests.api import Api, Caller
from tests.books import violations
from tests.closing.periods import decide, last_quarter
from tests.ground import HOME, OTHER
from tests.merits.deeds import day, honour, log, logged
from tests.shop.counter import Counter
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def manager(api: Api, world: World) -> Caller:
    world.rule()
    members: list[dict[str, Any]] = [
        {"name": "张建国"},
        {"name": "李秀英", "birth_year": 1960},
        {"name": "张小军", "birth_year": 1990},
    ]
    plain: dict[str, Any] = {"birth_year": None, "party_member": False, "volunteer": False, "name_consent": None}
    world.household("0001", points=100, head="张建国", members=[plain | member for member in members])
    world.household("0002", points=30, head="王德顺")
    return api.as_("manager")


def split(caller: Caller, *, points: int = 30, **more: Any) -> TestResponse:
    """The son with what is asked for begins a household of his own."""
    sons = [each["id"] for each in household(caller, "0001")["members"] if each["name"] == "张小军"]
    body = {"household": "0001", "number": "0100", "head": "张小军", "group_no": 2, "points": points}
    body |= {"members": sons or [1]} | more
    return caller.put(f"/household-splits/{new_name()}", body)


def merge(caller: Caller, household: str = "0001", into: str = "0002") -> TestResponse:
    return caller.put(f"/household-merges/{new_name()}", {"household": household, "into": into})


def depart(caller: Caller, household: str = "0001", *, to: str = OTHER) -> TestResponse:
    return caller.put(f"/household-departures/{new_name()}", {"household": household, "to_village": to})


def arrive(caller: Caller, handover: str, *, number: str = "0900", name: str | None = None) -> TestResponse:
    body = {"handover": handover, "number": number, "head": "张建国", "group_no": 1}
    return caller.put(f"/household-arrivals/{name or new_name()}", body)


def household(caller: Caller, number: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(f"/households/{number}").get_json()
    return found


def member(caller: Caller, number: str, name: str) -> int:
    ids: list[int] = [each["id"] for each in household(caller, number)["members"] if each["name"] == name]
    return ids[0]


def test_split_divides_people_and_points(manager: Caller, world: World) -> None:
    son = member(manager, "0001", "张小军")
    answer = split(manager, members=[son])
    assert (answer.status_code, answer.get_json()["points"]) == (201, 30)
    assert (world.balance("0001"), world.balance("0100")) == (70, 30)
    assert [each["name"] for each in household(manager, "0001")["members"]] == ["张建国", "李秀英"]
    assert household(manager, "0100")["members"][0]["id"] == son
    line = manager.get("/households/0100/passbook").get_json()["items"][0]
    assert (line["kind"], line["points"], line["summary"]) == ("transfer", 30, "分户、并户或迁移")
    for number, found in (("zhangxiaojun", ["0100"]), ("liuxiuying", []), ("lixiuying", ["0001"])):
        assert [each["number"] for each in manager.get("/households", query={"q": number}).get_json()["items"]] == found
    assert world.see(violations) == {}


def test_who_went_along_keeps_the_own_honour_and_goes_on_earning(api: Api, manager: Caller) -> None:
    son = member(manager, "0001", "张小军")
    logged(api.as_("worker"), "0001", member_id=son)
    split(manager, members=[son])
    assert log(api.as_("worker"), "0100", member_id=son).status_code == 201
    assert outcome(log(api.as_("worker"), "0001", member_id=son, note="不在这户")) == (422, "validation")
    ranked = manager.get("/rankings", query={"subject": "member"}).get_json()["items"]
    assert [(line["name"], line["points"]) for line in ranked] == [("张小军", 10)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "0002"}, "number"),
        ({"household": "9999"}, "household"),
        ({"members": [999]}, "members.0"),
        ({"members": []}, "members"),
        ({"points": -1}, "points"),
    ],
)
def test_split_is_of_what_is_there(manager: Caller, change: dict[str, Any], field: str) -> None:
    assert split(manager, **change).get_json()["errors"].keys() == {field}


def test_split_takes_no_more_than_there_is_and_not_the_head(manager: Caller, world: World) -> None:
    assert outcome(split(manager, points=101)) == (422, "insufficient_points")
    head = member(manager, "0001", "张建国")
    assert split(manager, members=[head]).get_json()["errors"].keys() == {"members"}
    assert split(manager, points=0).status_code == 201
    assert world.balance("0100") == 0


def test_split_takes_no_more_than_the_share_of_those_who_go(manager: Caller, world: World) -> None:
    assert split(manager, points=34).get_json()["errors"].keys() == {"points"}
    both = [member(manager, "0001", name) for name in ("张小军", "李秀英")]
    assert split(manager, members=both, points=67).get_json()["errors"].keys() == {"points"}
    assert split(manager, members=both, points=66).status_code == 201
    assert (world.balance("0001"), world.balance("0100")) == (34, 66)


def test_a_head_who_is_no_member_of_the_register_has_a_share(manager: Caller, world: World) -> None:
    son: dict[str, Any] = {"name": "王小明", "birth_year": None, "party_member": False, "volunteer": False}
    world.household("0003", points=50, head="王德顺", members=[son | {"name_consent": None}])
    asked = {"household": "0003", "members": [member(manager, "0003", "王小明")]}
    assert split(manager, **asked, points=26).get_json()["errors"].keys() == {"points"}
    assert split(manager, **asked, points=25).status_code == 201


def test_merge_brings_all_along_and_the_old_number_leads_on(manager: Caller, world: World) -> None:
    assert merge(manager).get_json()["points"] == 100
    assert (world.balance("0001"), world.balance("0002")) == (0, 130)
    old = household(manager, "0001")
    assert (old["status"], old["successor"], old["members"]) == ("merged", "0002", [])
    assert len(household(manager, "0002")["members"]) == 3
    world.household("0003")
    merge(manager, "0002", "0003")
    assert household(manager, "0001")["successor"] == "0003"
    assert household(manager, "0003")["successor"] is None
    assert [line["kind"] for line in manager.get("/households/0002/changes").get_json()["items"]] == ["merge", "merge"]
    assert world.see(violations) == {}


def test_merged_household_earns_and_spends_no_more_but_keeps_its_history(api: Api, shop: Counter) -> None:
    manager = api.as_("manager")
    logged_before = manager.get("/households/0001/passbook").get_json()["items"]
    assert merge(manager).status_code == 201
    shop.stock("P001")
    assert outcome(shop.redeem(shop.order())) == (422, "card_revoked")
    assert outcome(shop.redeem(shop.slip(occurred_on=day()), by="manager")) == (422, "insufficient_points")
    assert outcome(merge(manager)) == (422, "account_not_active")
    assert outcome(split(manager)) == (422, "account_not_active")
    items = manager.get("/households/0001/passbook").get_json()["items"]
    assert items[1:] == logged_before


def test_nobody_leaves_while_deeds_are_undecided(api: Api, manager: Caller, world: World) -> None:
    world.settings(notice_days=7)
    logged(api.as_("worker"), "0001")
    assert merge(manager).get_json()["errors"].keys() == {"household"}
    assert depart(manager).get_json()["errors"].keys() == {"household"}
    assert world.balance("0001") == 100


def test_move_ends_here_and_begins_there_with_the_same_points(api: Api, manager: Caller, world: World) -> None:
    left = depart(manager).get_json()
    assert (left["points"], world.balance("0001"), household(manager, "0001")["status"]) == (100, 0, "moved")
    assert world.see(violations) == {}
    there = api.as_("manager", of=OTHER)
    name = new_name()
    came = arrive(there, left["handover"], name=name)
    assert (came.status_code, came.get_json()["points"]) == (201, 100)
    assert arrive(there, left["handover"], name=name).headers["Idempotency-Replayed"] == "true"
    assert world.of(OTHER).balance("0900") == 100
    (change,) = there.get("/households/0900/changes").get_json()["items"]
    assert (change["kind"], change["other_village"], change["points"]) == ("arrival", "410926100201", 100)
    assert world.see(violations) == {}


def test_document_is_good_once_and_only_where_it_was_made_out_to(api: Api, manager: Caller, world: World) -> None:
    handover = depart(manager).get_json()["handover"]
    there = api.as_("manager", of=OTHER)
    for caller, text in ((manager, handover), (there, handover[:-4] + "AAAA"), (there, "积分一百")):
        assert arrive(caller, text).get_json()["errors"].keys() == {"handover"}
    assert arrive(there, handover).status_code == 201
    assert arrive(there, handover, number="0901").get_json()["errors"].keys() == {"handover"}
    assert world.of(OTHER).balance("0900") == 100


def test_document_handed_in_ten_times_at_once_is_good_once(api: Api, manager: Caller, world: World) -> None:
    handover = depart(manager).get_json()["handover"]
    there = api.as_("manager", of=OTHER)
    answers = at_once([partial(arrive, there, handover, number=f"09{n:02d}") for n in range(10)])
    found = outcomes(answers)
    assert found[201] == 1
    assert sum(found.values()) == 10


@pytest.mark.parametrize("to", ["410926100201", "410926100299", "410926"])
def test_one_moves_to_another_village(manager: Caller, to: str) -> None:
    assert depart(manager, to=to).get_json()["errors"].keys() == {"to_village"}


def test_when_the_head_dies_everything_else_stays(api: Api, manager: Caller, world: World) -> None:
    world.card("0001")
    logged(api.as_("worker"), "0001")
    body = {"household": "0001", "head": "李秀英", "note": "户主去世"}
    assert manager.put(f"/head-changes/{new_name()}", body).status_code == 201
    found = household(manager, "0001")
    assert (found["head"], found["balance"], found["name_consent"]) == ("李秀英", 105, None)
    assert [each["name"] for each in found["members"]] == ["李秀英", "张小军"]
    assert manager.get("/households/0001/card.svg").status_code == 200
    assert honour(manager) == 5
    assert manager.get("/households", query={"q": "张建国"}).get_json()["items"] == []


def test_nobody_moves_points_of_the_own_family(api: Api, manager: Caller) -> None:
    own = {"households": [{"number": "0002", "relation": "own"}]}
    api.as_("supervisor").put("/ties/manager", own)
    assert outcome(merge(manager)) == (422, "self_dealing")
    assert outcome(merge(manager, "0002", "0001")) == (422, "self_dealing")
    assert outcome(depart(manager, "0002")) == (422, "self_dealing")
    head = manager.put(f"/head-changes/{new_name()}", {"household": "0002", "head": "李四"})
    assert outcome(head) == (422, "self_dealing")


def test_who_steps_aside_for_a_household_does_so_for_what_becomes_of_it(api: Api, manager: Caller) -> None:
    own = {"households": [{"number": "0001", "relation": "kin"}]}
    manager.put("/ties/worker", own)
    split(manager)
    assert outcome(log(api.as_("worker"), "0100")) == (422, "self_dealing")
    merge(manager)
    assert outcome(log(api.as_("worker"), "0002")) == (422, "self_dealing")


def test_who_works_in_both_villages_steps_aside_in_both(api: Api, manager: Caller, world: World) -> None:
    own = {"households": [{"number": "0001", "relation": "kin"}]}
    api.as_("supervisor").put("/ties/worker", own)
    both = hire_in_both(api)
    api.as_("supervisor").put("/ties/both", own)
    handover = depart(manager).get_json()["handover"]
    assert outcome(arrive(both.into(OTHER), handover)) == (422, "self_dealing")
    there = api.as_("manager", of=OTHER)
    assert arrive(there, handover).status_code == 201
    world.of(OTHER).rule()
    ties = there.get("/ties").get_json()["items"]
    assert [tie["username"] for tie in ties] == ["both"]
    assert outcome(log(both.into(OTHER), "0900")) == (422, "self_dealing")


def hire_in_both(api: Api) -> Caller:
    caller = hire(api, "both", "manager")
    here = {"role": "manager", "grid": []}
    grants = [here | {"region": village} for village in (HOME, OTHER)]

    def step(work: Work) -> None:
        accounts.put_user(work, SYSTEM, username="both", name="两村", password_hash=None, grants=grants, is_active=True)

    with api.ground.app.app_context():
        unit_of_work(step)
    return caller


def vetoed(caller: Caller, number: str) -> list[tuple[str, list[str], bool]]:
    items = caller.get("/vetoes", query={"household": number}).get_json()["items"]
    return [(item["until_on"], item["effects"], item["in_force"]) for item in items]


def veto(caller: Caller, *, until: str) -> str:
    body = {"household": "0001", "reason": "焚烧秸秆", "evidence": "巡查单", "decided_by": "两委会", "from_on": day()}
    name = new_name()
    told = caller.put(f"/vetoes/{name}", body | {"until_on": until, "effects": ["no_honor", "no_redemption"]})
    assert told.status_code == 201
    return name


def test_nobody_sheds_a_veto_by_a_split(manager: Caller, world: World) -> None:
    veto(manager, until=day(30))
    lifted = veto(manager, until=day(20))
    manager.put(f"/vetoes/{lifted}/lifting", {"reason": "已经整改"})
    assert split(manager).status_code == 201
    assert vetoed(manager, "0100") == [(day(30), ["no_honor", "no_redemption"], True)]
    assert len(vetoed(manager, "0001")) == 2
    assert world.see(violations) == {}


def test_nobody_sheds_a_veto_by_a_merge(manager: Caller, world: World) -> None:
    veto(manager, until=day(30))
    assert merge(manager).status_code == 201
    assert vetoed(manager, "0002") == [(day(30), ["no_honor", "no_redemption"], True)]
    assert world.see(violations) == {}


@pytest.mark.breaks_the_books
@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE household_change SET points = points - 1", "change_conserves_points"),
        ("DELETE FROM household_change", "transfer_has_its_change"),
        ("UPDATE account SET status = 'active'", "who_left_has_nothing_left"),
        ("UPDATE household_change SET points = 99 WHERE kind = 'arrival'", "arrival_had_its_departure"),
        ("DELETE FROM household_change WHERE kind = 'departure'", "arrival_had_its_departure"),
    ],
)
def test_verify_finds_points_that_were_made_or_lost(
    api: Api, manager: Caller, world: World, change: str, check: str
) -> None:
    arrive(api.as_("manager", of=OTHER), depart(manager).get_json()["handover"])
    assert world.see(violations) == {}
    api.ground.tamper(change)
    assert check in world.see(violations)


@pytest.mark.parametrize("move", [split, merge, depart])
def test_old_points_stay_until_their_period_is_closed(
    api: Api, world: World, manager: Caller, move: Callable[[Caller], TestResponse]
) -> None:
    """Under another number they would look like new ones, and outlive the closing."""
    world.settings(backdate_days=366)
    _, last = last_quarter()
    logged(manager, "0001", occurred_on=last.isoformat(), note="旧分")
    decide(api, cycle="quarter")
    assert outcome(move(manager)) == (422, "closed_today")
    closing = {"period": last_quarter()[0], "notice_days": 7, "contact": "村委会"}
    assert manager.put(f"/closings/{new_name()}", closing).status_code == 201
    assert move(manager).status_code == 201
    assert world.see(violations) == {}
