"""One rule for many households: all or nothing."""

from typing import Any

import pytest
from sqlalchemy import select, update

from pointshop.core.ids import new_name
from pointshop.ledger.models import Account
from pointshop.merits.models import Merit
from tests.api import Api
from tests.ground import OTHER, Ground
from tests.merits.deeds import day, honour, log_batch, logged, reverse, state_of
from tests.statements import cost
from tests.together import outcome
from tests.world import World


@pytest.fixture
def village(world: World) -> World:
    world.rule()
    world.households(4)
    return world


def _rows(world: World) -> int:
    return len(world.see(lambda work: work.read(select(Merit.id)).all()))


def test_forty_households_get_their_points_in_one_step(api: Api, world: World) -> None:
    world.rule()
    numbers = [household.number for household in world.households(40)]
    name = new_name()
    answer = log_batch(api.as_("worker"), *numbers, name=name, note="主路清扫")
    assert answer.status_code == 201
    found = answer.get_json()
    assert (found["id"], found["points"], len(found["merits"])) == (name, 200, 40)
    assert [merit["household"] for merit in found["merits"]] == numbers
    assert {(merit["batch"], merit["state"], merit["balance"]) for merit in found["merits"]} == {(name, "posted", 5)}
    again = log_batch(api.as_("worker"), *numbers, name=name, note="主路清扫")
    assert (again.status_code, again.data) == (200, answer.data)
    assert [world.balance(number) for number in numbers] == [5] * 40


def test_one_of_a_batch_is_a_merit_like_any_other(api: Api, village: World) -> None:
    first, second = log_batch(api.as_("worker"), "0001", {"household": "0002", "quantity": 2}).get_json()["merits"]
    assert (first["points"], second["points"]) == (5, 10)
    assert reverse(api.as_("manager"), second["id"]).status_code == 201
    assert (state_of(api.as_("manager"), first["id"]), state_of(api.as_("manager"), second["id"])) == (
        "posted",
        "reversed",
    )
    assert (village.balance("0001"), village.balance("0002")) == (5, 0)


def test_a_household_may_be_there_with_several_members(api: Api, village: World) -> None:
    person = {"birth_year": None, "party_member": False, "volunteer": False, "name_consent": None}
    village.household("0001", members=[person | {"name": name} for name in ("小明", "小红")])
    ids = [member["id"] for member in api.as_("manager").get("/households/0001").get_json()["members"]]
    lines = [{"household": "0001", "member_id": member} for member in ids] + [{"household": "0001"}]
    answer = log_batch(api.as_("worker"), *lines)
    assert [merit["balance"] for merit in answer.get_json()["merits"]] == [5, 10, 15]
    assert honour(api.as_("manager")) == 15


def _refused(api: Api, village: World, *lines: Any, **more: Any) -> tuple[str, list[str]]:
    """Code and named lines of a batch that books nothing."""
    before = _rows(village)
    answer = log_batch(api.as_("worker"), *lines, **more)
    assert answer.status_code == 422
    assert _rows(village) == before
    return answer.get_json()["code"], sorted(answer.get_json().get("errors", {}))


def test_every_unknown_household_is_named(api: Api, village: World) -> None:
    found = _refused(api, village, "0001", "none", "0002", "none2")
    assert found == ("validation", ["lines.1.household", "lines.3.household"])


def test_every_stranger_among_the_members_is_named(api: Api, village: World) -> None:
    lines = ["0001", {"household": "0002", "member_id": 98}, {"household": "0003", "member_id": 99}]
    assert _refused(api, village, *lines) == ("validation", ["lines.1.member_id", "lines.2.member_id"])


def test_every_quantity_that_is_too_large_is_named(api: Api, village: World) -> None:
    village.rule("A9", points=10_000)
    lines = [{"household": "0001", "quantity": 101}, "0002", {"household": "0003", "quantity": 9999}]
    assert _refused(api, village, *lines, rule="A9") == ("validation", ["lines.0.quantity", "lines.2.quantity"])


def test_every_household_that_is_not_active_is_named(api: Api, village: World) -> None:
    village.do(lambda work: work.write(update(Account).where(Account.id.in_([2, 3])).values(status="closed")))
    found = _refused(api, village, "0001", "0002", "0003", "0004")
    assert found == ("account_not_active", ["lines.1.household", "lines.2.household"])


def test_every_deed_that_was_logged_before_is_named(api: Api, village: World) -> None:
    logged(api.as_("manager"), "0002", note="x")
    found = _refused(api, village, "0001", "0002", "0003", "0003", note="x")
    assert found == ("duplicate_merit", ["lines.1.household", "lines.3.household"])


def test_every_line_over_the_cap_is_named(api: Api, village: World) -> None:
    village.rule("C1", cap=2, cap_period="month")
    logged(api.as_("manager"), "0002", rule="C1", quantity=2)
    lines = ["0001", "0002", {"household": "0003", "quantity": 3}, {"household": "0004", "quantity": 2}]
    assert _refused(api, village, *lines, rule="C1", note="x") == (
        "cap_exceeded",
        ["lines.1.household", "lines.2.household"],
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"household": "0001"}] * 501}, "lines"),
        ({"lines": {"household": "0001"}}, "lines"),
        ({"lines": None}, "lines"),
        ({"lines": [{"household": "0001"}, {}]}, "lines.1.household"),
        ({"lines": [{"household": "0001", "points": 5}]}, "lines.0.points"),
        ({"lines": ["0001"]}, "lines.0"),
        ({"lines": [{"household": "0001", "quantity": 1.0}]}, "lines.0.quantity"),
    ],
)
def test_nonsense_is_named(api: Api, village: World, change: dict[str, Any], field: str) -> None:
    body = {"rule": "A1", "occurred_on": day(), "lines": []} | change
    answer = api.as_("worker").put(f"/merit-batches/{new_name()}", body)
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == [field]


def test_another_villages_households_are_not_there(api: Api, village: World) -> None:
    village.of(OTHER).household("9999")
    assert _refused(api, village, "0001", "9999") == ("validation", ["lines.1.household"])


def test_a_batch_waits_for_review_like_a_single(api: Api, village: World) -> None:
    village.settings(review_levels=1)
    answer = log_batch(api.as_("worker"), "0001", "0002").get_json()
    assert {(merit["state"], merit["balance"]) for merit in answer["merits"]} == {("submitted", 0)}
    names = [merit["id"] for merit in answer["merits"]]
    reviewed = api.as_("reviewer").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": names})
    assert [merit["state"] for merit in reviewed.get_json()["merits"]] == ["posted", "posted"]
    assert village.balance("0002") == 5


def test_deductions_of_a_batch_stop_at_zero_line_by_line(api: Api, village: World) -> None:
    village.rule("D1", points=-8)
    logged(api.as_("manager"), "0001")
    logged(api.as_("manager"), "0002", quantity=2)
    answer = log_batch(api.as_("worker"), "0001", "0002", "0003", rule="D1").get_json()
    assert [merit["balance"] for merit in answer["merits"]] == [0, 2, 0]


@pytest.mark.parametrize("note", ['他说："好"', 'a "b" \\ c', "NULL", "{1,2}", "a,b", "\\", '"', "'; --", "两行\n字"])
def test_a_note_is_kept_as_written_whatever_is_in_it(api: Api, village: World, note: str) -> None:
    """The rows of a batch travel to PostgreSQL as arrays in text, which have their own quotes."""
    assert log_batch(api.as_("worker"), "0001", "0002", note=note).status_code == 201
    notes = village.see(lambda work: work.read(select(Merit.note).where(Merit.village_id == village.village_id)).all())
    assert [row.note for row in notes] == [note, note]


def test_a_batch_costs_fourteen_statements_on_a_server_and_five_a_line_in_a_file(
    api: Api, world: World, ground: Ground
) -> None:
    world.rule()
    numbers = [household.number for household in world.households(40)]
    is_sqlite = ground.config().database_url.startswith("sqlite")

    def ask(count: int) -> int:
        return cost(world.app, lambda: log_batch(api.as_("worker"), *numbers[:count], note=str(count)))

    # what is written per line: the account, the entry, the tallies, the merit; nothing is read line by line
    assert (ask(2), ask(40)) == ((18, 18 + 38 * 5) if is_sqlite else (14, 14))
