"""One deed of one household."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from pointshop.core.ids import new_name
from pointshop.ledger.models import Account
from pointshop.merits.models import Merit
from tests.api import Api, Caller
from tests.ground import OTHER
from tests.merits.deeds import day, honour, log, log_batch, logged
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.world import World


@pytest.fixture
def village(world: World) -> World:
    world.rule()
    world.household()
    return world


def _rows(world: World) -> int:
    return len(world.see(lambda work: work.read(select(Merit.id)).all()))


def test_a_deed_is_posted_at_once(api: Api, village: World) -> None:
    name = new_name()
    answer = log(api.as_("worker"), name=name, note="扫了东街")
    assert answer.status_code == 201
    found = answer.get_json()
    assert found | {"logged_at": ""} == {
        "id": name,
        "state": "posted",
        "points": 5,
        "household": "0001",
        "member_id": None,
        "rule": "A1",
        "rule_version": 1,
        "rule_name": "集中清扫",
        "category": "环境卫生",
        "quantity": 1,
        "occurred_on": day(),
        "note": "扫了东街",
        "due_on": None,
        "batch": None,
        "self_dealing": False,
        "logged_at": "",
        "balance": 5,
    }
    assert (village.balance(), honour(api.as_("manager"))) == (5, 5)


def test_the_quantity_multiplies(api: Api, village: World) -> None:
    assert log(api.as_("worker"), quantity=3).get_json()["points"] == 15
    assert village.balance() == 15


def test_a_member_may_have_done_it(api: Api, village: World) -> None:
    village.household(
        members=[{"name": "小明", "birth_year": 2001, "party_member": False, "volunteer": True, "name_consent": None}]
    )
    (member,) = api.as_("manager").get("/households/0001").get_json()["members"]
    assert log(api.as_("worker"), member_id=member["id"]).get_json()["member_id"] == member["id"]
    # the household's own deed is another one
    assert log(api.as_("worker")).status_code == 201
    assert honour(api.as_("manager")) == 10


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": 100}, "points"),
        ({"state": "posted"}, "state"),
        ({"village_id": 1}, "village_id"),
        ({"logged_by": 1}, "logged_by"),
        ({"balance": 1}, "balance"),
        ({"household": "none"}, "household"),
        ({"household": "%"}, "household"),
        ({"household": ""}, "household"),
        ({"household": 1}, "household"),
        ({"household": None}, "household"),
        ({"member_id": 999}, "member_id"),
        ({"member_id": 0}, "member_id"),
        ({"member_id": "1"}, "member_id"),
        ({"occurred_on": "2026-02-30"}, "occurred_on"),
        ({"occurred_on": "20261122"}, "occurred_on"),
        ({"occurred_on": "2026-11-22T00:00:00Z"}, "occurred_on"),
        ({"occurred_on": "0001-01-01"}, "occurred_on"),
        ({"occurred_on": 1}, "occurred_on"),
        ({"rule": "' OR 1=1"}, "rule"),
        ({"note": "x" * 501}, "note"),
        ({"note": "a\u202eb"}, "note"),
        *[
            ({"quantity": value}, "quantity")
            for value in (0, -1, 1.0, 1.5, True, "1", "1_000", None, 10_000, 2**31, 2**63)
        ],
    ],
)
def test_nonsense_is_named_and_nothing_is_booked(api: Api, village: World, change: dict[str, Any], field: str) -> None:
    answer = log(api.as_("worker"), **change)
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == [field]
    assert _rows(village) == 0


def test_more_than_a_million_points_at_once_are_too_many(api: Api, village: World) -> None:
    village.rule("A9", points=10_000)
    assert outcome(log(api.as_("worker"), rule="A9", quantity=101)) == (422, "validation")
    assert log(api.as_("worker"), rule="A9", quantity=100).get_json()["balance"] == 1_000_000


def test_a_member_of_another_household_is_refused(api: Api, village: World) -> None:
    person = {"name": "小明", "birth_year": None, "party_member": False, "volunteer": False, "name_consent": None}
    village.household("0002", members=[person])
    (member,) = api.as_("manager").get("/households/0002").get_json()["members"]
    assert outcome(log(api.as_("worker"), member_id=member["id"])) == (422, "validation")
    # nor one who has left
    village.household("0002", members=[])
    assert outcome(log(api.as_("worker"), "0002", member_id=member["id"])) == (422, "validation")


def test_another_villages_household_rule_and_member_are_not_there(api: Api, village: World) -> None:
    other = village.of(OTHER)
    other.rule("Z9")
    other.household("9999")
    assert outcome(log(api.as_("worker"), "9999")) == (422, "validation")
    assert outcome(log(api.as_("worker"), rule="Z9")) == (422, "rule_not_in_force")
    assert outcome(log(api.as_("worker").into(OTHER), "9999", rule="Z9")) == (404, "not_found")
    assert _rows(village) == 0


@pytest.mark.parametrize("role", ["admin", "reviewer", "clerk", "supervisor", "viewer"])
def test_only_workers_and_managers_log(api: Api, village: World, role: str) -> None:
    assert outcome(log(api.as_(role))) == (403, "forbidden")
    assert outcome(log_batch(api.as_(role), "0001")) == (403, "forbidden")
    assert log(api.as_("manager")).status_code == 201


def test_how_far_back_a_deed_may_be_is_a_setting(api: Api, village: World) -> None:
    village.settings(backdate_days=3)
    assert log(api.as_("worker"), occurred_on=day(-3)).status_code == 201
    assert outcome(log(api.as_("worker"), occurred_on=day(-4))) == (422, "too_old")
    assert outcome(log(api.as_("worker"), occurred_on=day(1))) == (422, "in_future")
    village.settings(backdate_days=0)
    assert outcome(log(api.as_("worker"), occurred_on=day(-1))) == (422, "too_old")


@pytest.mark.parametrize(
    ("instant", "today"),
    [
        (datetime(2026, 1, 31, 15, 59, 59, 999_999, UTC), "2026-01-31"),
        (datetime(2026, 1, 31, 16, 0, 0, 0, UTC), "2026-02-01"),
        (datetime(2026, 1, 31, 16, 0, 0, 1, UTC), "2026-02-01"),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), "2028-02-29"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2027-01-01"),
    ],
)
def test_a_day_begins_when_it_begins_in_the_village(api: Api, village: World, instant: datetime, today: str) -> None:
    village.rule("M1", cap=1, cap_period="month")
    with time_machine.travel(instant, tick=False):
        assert day() == today
        assert log(api.as_("worker"), rule="M1").status_code == 201
        assert outcome(log(api.as_("worker"), rule="M1", note="x")) == (422, "cap_exceeded")
        assert outcome(log(api.as_("worker"), occurred_on=day(1))) == (422, "in_future")


@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        ("day", "2026-11-18", "2026-11-17"),
        ("week", "2026-11-16", "2026-11-15"),
        ("month", "2026-11-01", "2026-10-31"),
        ("quarter", "2026-10-01", "2026-09-30"),
        ("year", "2026-01-01", "2025-12-31"),
    ],
)
def test_a_cap_counts_within_its_period(api: Api, village: World, period: str, inside: str, outside: str) -> None:
    village.settings(backdate_days=366)
    village.rule("C1", cap=3, cap_period=period)
    worker = api.as_("worker")
    with time_machine.travel(datetime(2026, 11, 18, 4, tzinfo=UTC), tick=False):
        logged(worker, rule="C1", occurred_on=outside, quantity=3)
        logged(worker, rule="C1", occurred_on=inside, quantity=2)
        refused = log(worker, rule="C1", quantity=2, note="x")
        assert outcome(refused) == (422, "cap_exceeded")
        assert refused.get_json()["data"] == {"cap": 3, "cap_period": period, "used": 2, "asked": 2}
        logged(worker, rule="C1", quantity=1, note="x")
    assert village.balance() == 30


def test_a_cap_is_each_households_own_and_each_rules(api: Api, village: World) -> None:
    village.rule("C1", cap=1, cap_period="day")
    village.rule("C2", cap=1, cap_period="day")
    village.household("0002")
    for household, rule in (("0001", "C1"), ("0002", "C1"), ("0001", "C2")):
        assert log(api.as_("worker"), household, rule=rule).status_code == 201


def test_fifty_at_the_boundary_of_a_cap_never_pass_it(api: Api, village: World) -> None:
    """Singles and batches mixed, two callers."""
    village.rule("C1", cap=7, cap_period="month")
    village.household("0002")
    callers = [api.as_("worker"), api.as_("manager")]
    tasks: list[Any] = [partial(_single, callers[number % 2], number) for number in range(30)]
    tasks += [partial(_pair, callers[number % 2], number) for number in range(20)]
    answers = at_once(tasks)
    refusal = (422, "cap_exceeded")
    assert outcomes(answers).keys() == {201, refusal}
    used = village.see(lambda work: work.read(select(Merit.household_id, Merit.quantity)).all())
    for household in (1, 2):
        assert sum(quantity for number, quantity in used if number == household) <= 7
    # a single always fits while there is room, so household 1 is full
    assert sum(quantity for number, quantity in used if number == 1) == 7
    assert village.balance() == 35


def _single(caller: Caller, number: int) -> Any:
    return log(caller, rule="C1", note=f"单{number}")


def _pair(caller: Caller, number: int) -> Any:
    return log_batch(caller, "0001", "0002", rule="C1", note=f"批{number}")


def test_the_same_deed_under_two_names_is_a_duplicate(api: Api, village: World) -> None:
    first = logged(api.as_("worker"), note="扫街")
    answer = log(api.as_("manager"), note="扫街", quantity=2)
    assert outcome(answer) == (422, "duplicate_merit")
    assert answer.get_json()["data"] == {"merit": first}
    for more in ({"note": "扫巷"}, {"note": "扫街", "occurred_on": day(-1)}):
        assert log(api.as_("worker"), **more).status_code == 201
    assert village.balance() == 15


def test_the_same_deed_sent_by_twenty_at_once_counts_once(api: Api, village: World) -> None:
    answers = at_once([partial(log, api.as_("worker"))] * 20)
    assert outcomes(answers) == {201: 1, (422, "duplicate_merit"): 19}
    assert village.balance() == 5


def test_a_deduction_stops_at_zero_but_counts_in_full_for_honour(api: Api, village: World) -> None:
    village.rule("D1", points=-8, category="违规")
    logged(api.as_("worker"))
    answer = log(api.as_("worker"), rule="D1")
    assert (answer.get_json()["points"], answer.get_json()["balance"]) == (-8, 0)
    again = log(api.as_("worker"), rule="D1", note="又一次")
    assert (again.status_code, again.get_json()["balance"]) == (201, 0)
    assert honour(api.as_("manager")) == 5 - 16


def test_a_rule_for_honour_alone_touches_no_account(api: Api, village: World) -> None:
    village.rule("H1", track="honor", points=50)
    answer = log(api.as_("worker"), rule="H1")
    assert (answer.get_json()["state"], answer.get_json()["balance"]) == ("posted", 0)
    assert (village.balance(), honour(api.as_("manager"))) == (0, 50)
    assert api.as_("manager").get("/households/0001/passbook").get_json()["items"] == []
    batch = log_batch(api.as_("worker"), "0001", rule="H1", note="x")
    assert batch.get_json()["merits"][0]["balance"] == 0
    assert (village.balance(), honour(api.as_("manager"))) == (0, 100)


def test_an_account_that_is_not_active_takes_nothing(api: Api, village: World) -> None:
    village.do(lambda work: work.write(update(Account).values(status="frozen")))
    assert outcome(log(api.as_("worker"))) == (422, "account_not_active")
    assert outcome(log_batch(api.as_("worker"), "0001")) == (422, "account_not_active")
    assert _rows(village) == 0


def test_the_months_budget_holds_for_singles_and_batches(api: Api, village: World) -> None:
    village.settings(period_budget=12)
    village.rule("H1", track="honor", points=50)
    village.rule("D1", points=-5)
    village.household("0002")
    logged(api.as_("worker"))
    refused = log_batch(api.as_("worker"), "0001", "0002", note="x")
    assert outcome(refused) == (422, "budget_exceeded")
    assert refused.get_json()["data"] == {"budget": 12, "issued": 5, "asked": 10}
    logged(api.as_("worker"), "0002")
    assert outcome(log(api.as_("worker"), note="y")) == (422, "budget_exceeded")
    # neither honour nor deductions are issued
    logged(api.as_("worker"), rule="H1")
    logged(api.as_("worker"), rule="D1")


def test_a_budget_holds_for_twenty_at_once(api: Api, village: World) -> None:
    village.settings(period_budget=32)
    village.households(5)
    tasks = [partial(log, api.as_("worker"), f"000{number % 5 + 1}", note=str(number)) for number in range(20)]
    assert outcomes(at_once(tasks)) == {201: 6, (422, "budget_exceeded"): 14}


@pytest.mark.parametrize(
    ("grid", "allowed"),
    [
        ([{"group_no": 1}], ["0001", "0002"]),
        ([{"group_no": 1, "lane": "东巷"}], ["0002"]),
        ([{"group_no": 1, "lane": "东巷"}, {"group_no": 2}], ["0002", "0003"]),
        ([{"group_no": 9}], []),
    ],
)
def test_a_worker_logs_and_reads_only_inside_the_grid(
    api: Api, village: World, grid: list[dict[str, Any]], allowed: list[str]
) -> None:
    village.household("0002", lane="东巷")
    village.household("0003", group_no=2)
    worker = hire(api, "xiaowang", "worker", grid=grid)
    numbers = ["0001", "0002", "0003"]
    found = {number: log(worker, number) for number in numbers}
    assert [number for number in numbers if found[number].status_code == 201] == allowed
    for number in set(numbers) - set(allowed):
        assert outcome(found[number]) == (403, "forbidden")
        assert outcome(log_batch(worker, *numbers, note="x")) == (403, "forbidden")
        name = logged(api.as_("manager"), number, note="y")
        assert outcome(worker.get(f"/merits/{name}")) == (404, "not_found")
    assert {item["household"] for item in worker.get("/merits").get_json()["items"]} == set(allowed)
