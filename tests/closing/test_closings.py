"""A year that ends: what is taken, what is refused afterwards, what still finds its way into the right year."""

from functools import partial
from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.db import unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.text import mask_name
from pointshop.ledger.service import Posting, post
from tests.api import Api
from tests.books import violations
from tests.closing.periods import close, decide, last_quarter, noon
from tests.merits.deeds import honour, logged, reverse, review, state_of
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture(autouse=True)
def village(api: Api, world: World) -> None:
    """Household 0001 with 40 points of 2026, 0002 with 15; 0003 did nothing."""
    world.settings(backdate_days=60)
    with clock.at(noon("2026-12-01")):
        world.rule()
        world.households(3)
        logged(api.as_("manager"), "0001", quantity=8, occurred_on="2026-12-01")
        logged(api.as_("manager"), "0002", quantity=3, occurred_on="2026-12-01")


def balances(world: World) -> list[int]:
    return [world.balance(number) for number in ("0001", "0002", "0003")]


def log_on(api: Api, day: str, household: str = "0001", **more: Any) -> Any:
    body = {"rule": "A1", "household": household, "occurred_on": day, "note": new_name()} | more
    return api.as_("manager").put(f"/merits/{new_name()}", body)


def test_one_line_for_each_household_that_loses_points(api: Api, world: World) -> None:
    decide(api)
    with clock.at(noon("2027-01-03")):
        log_on(api, "2027-01-02")
        answer = close(api.as_("manager"))
    assert answer.status_code == 201
    document = answer.get_json()
    assert (document["households"], document["expired"], document["carried"]) == (2, 55, 0)
    assert balances(world) == [5, 0, 0]
    line = api.as_("manager").get("/households/0001/passbook").get_json()["items"][0]
    assert (line["kind"], line["points"], line["occurred_on"]) == ("expiry", -40, "2026-12-31")
    assert line["source"] == {"kind": "closing", "id": document["id"]}
    assert world.see(violations) == {}
    with clock.at(noon("2027-01-03")):
        assert honour(api.as_("manager")) == 5


@pytest.mark.parametrize(
    ("policy", "left"),
    [
        ({"rule": "keep"}, [40, 15, 0]),
        ({"rule": "share", "share": 50}, [20, 8, 0]),
        ({"rule": "limit", "limit": 30}, [30, 15, 0]),
    ],
)
def test_what_the_village_decided_is_kept(api: Api, world: World, policy: dict[str, Any], left: list[int]) -> None:
    decide(api, **policy)
    with clock.at(noon("2027-01-03")):
        answer = close(api.as_("manager"))
    assert balances(world) == left
    assert answer.get_json()["carried"] == sum(left)


def test_what_is_decided_after_the_year_is_over_counts_for_the_next(api: Api, world: World) -> None:
    decide(api, rule="keep")
    with clock.at(noon("2027-01-03")):
        decide(api, rule="clear")
        assert close(api.as_("manager")).get_json()["expired"] == 0
    assert balances(world) == [40, 15, 0]


def test_policies_decided_at_once_follow_each_other(api: Api) -> None:
    manager = api.as_("manager")
    asked = [{"cycle": "year", "rule": "limit", "limit": limit} for limit in range(1, 9)]
    answers = at_once([partial(manager.put, "/closing-policy", body) for body in asked])
    assert outcomes(answers) == {200: 8}


def test_however_often_it_is_started_it_runs_once(api: Api, world: World) -> None:
    decide(api)
    name = new_name()
    with clock.at(noon("2027-01-03")):
        first, again = (close(api.as_("manager"), name=name) for _ in range(2))
        assert (again.status_code, again.data) == (200, first.data)
        assert outcome(close(api.as_("manager"))) == (422, "period_closed")
    (listed,) = api.as_("supervisor").get("/closings").get_json()["items"]
    assert (listed["period"], listed["expired"]) == ("2026", 55)
    assert balances(world) == [0, 0, 0]


def test_two_managers_at_once_close_it_once(api: Api, world: World) -> None:
    period, last = last_quarter()
    world.settings(backdate_days=200)
    decide(api, cycle="quarter")
    with clock.at(noon(last.isoformat())):
        assert log_on(api, last.isoformat()).status_code == 201
    answers = at_once([partial(close, api.as_("manager"), period) for _ in range(4)])
    assert outcomes(answers) == {201: 1, (422, "period_closed"): 3}


def test_nothing_is_booked_into_a_closed_year_any_more(api: Api, world: World) -> None:
    decide(api)
    with clock.at(noon("2027-01-03")):
        close(api.as_("manager"))
        answer = log_on(api, "2026-12-31")
        assert outcome(answer) == (422, "period_closed")
        assert answer.get_json()["data"] == {"closed_through": "2026-12-31"}
        lines = [{"household": "0001"}, {"household": "0002"}]
        body = {"rule": "A1", "occurred_on": "2026-12-31", "lines": lines}
        assert outcome(api.as_("manager").put(f"/merit-batches/{new_name()}", body)) == (422, "period_closed")
        product = {"name": "肥皂", "unit": "块", "points": 1}
        api.as_("manager").put("/products/P1", product)
        api.as_("manager").put(f"/stock-moves/{new_name()}", {"product": "P1", "kind": "receive", "quantity": 9})
        slip = {"household": "0001", "occurred_on": "2026-12-31", "note": "手写", "expected_points": 1}
        slip |= {"lines": [{"product": "P1", "quantity": 1}]}
        assert outcome(api.as_("manager").put(f"/redemptions/{new_name()}", slip)) == (422, "period_closed")
        assert outcome(log_on(api, "2027-01-01")) == 201


def test_late_reversal_is_booked_today_and_honour_leaves_the_old_year(api: Api, world: World) -> None:
    decide(api, rule="keep")
    with clock.at(noon("2026-12-20")):
        name = logged(api.as_("manager"), "0001", occurred_on="2026-12-20")
        assert honour(api.as_("manager")) == 45
    with clock.at(noon("2027-01-03")):
        close(api.as_("manager"))
        assert reverse(api.as_("manager"), name).status_code == 201
        line = api.as_("manager").get("/households/0001/passbook").get_json()["items"][0]
    assert (line["kind"], line["occurred_on"]) == ("reversal", "2027-01-03")
    assert world.balance() == 40
    with clock.at(noon("2026-12-31")):
        assert honour(api.as_("manager")) == 40
    assert world.see(violations) == {}


def test_reversal_of_points_that_ended_takes_nothing_twice(api: Api, world: World) -> None:
    decide(api)
    with clock.at(noon("2026-12-20")):
        name = logged(api.as_("manager"), "0001", occurred_on="2026-12-20")
    with clock.at(noon("2027-01-03")):
        close(api.as_("manager"))
        reverse(api.as_("manager"), name)
    assert balances(world) == [0, 0, 0]


def test_deed_that_was_signed_late_can_still_be_spent(api: Api, world: World) -> None:
    """Logged in time, signed after the closing: honour of the old year, points of the new."""
    decide(api)
    world.settings(review_levels=1)
    with clock.at(noon("2026-12-30")):
        name = logged(api.as_("worker"), "0003", occurred_on="2026-12-30")
    with clock.at(noon("2027-01-03")):
        close(api.as_("manager"))
        assert review(api.as_("reviewer"), name).status_code == 201
        assert state_of(api.as_("manager"), name) == "posted"
        line = api.as_("manager").get("/households/0003/passbook").get_json()["items"][0]
    assert (line["occurred_on"], world.balance("0003")) == ("2027-01-03", 5)
    with clock.at(noon("2026-12-31")):
        assert honour(api.as_("manager"), "0003") == 5


def test_years_end_one_after_the_other(api: Api, world: World) -> None:
    decide(api, rule="share", share=50)
    with clock.at(noon("2027-01-03")):
        close(api.as_("manager"))
    with clock.at(noon("2028-01-03")):
        log_on(api, "2028-01-02")
        answer = close(api.as_("manager"), "2027")
        assert answer.get_json()["carried"] == 10 + 4
        assert outcome(close(api.as_("manager"), "2025")) == (422, "period_closed")
    assert balances(world) == [15, 4, 0]


def test_frozen_account_keeps_what_it_has(api: Api, world: World) -> None:
    decide(api)
    household = api.ground.run("SELECT id FROM household WHERE number = '0001'")[0][0]
    api.ground.run(f"UPDATE account SET status = 'frozen' WHERE id = {household}")
    with clock.at(noon("2027-01-03")):
        answer = close(api.as_("manager")).get_json()
    assert (answer["expired"], answer["carried"]) == (15, 40)


def test_period_must_be_over_and_of_the_villages_cycle(api: Api) -> None:
    with clock.at(noon("2027-01-03")):
        assert close(api.as_("manager")).get_json()["errors"].keys() == {"period"}
    assert api.as_("manager").get("/closing-policy").status_code == 404
    decide(api)
    with clock.at(noon("2026-12-31")):
        assert outcome(close(api.as_("manager"))) == (422, "in_future")
    with clock.at(noon("2027-01-03")):
        for period in ("2026-Q4", "2026-12"):
            assert close(api.as_("manager"), period).get_json()["errors"].keys() == {"period"}


@pytest.mark.parametrize(
    "policy", [{"rule": "share"}, {"rule": "clear", "share": 5}, {"rule": "limit", "share": 5}, {"rule": "x"}]
)
def test_policy_says_just_what_its_rule_needs(api: Api, policy: dict[str, Any]) -> None:
    answer = api.as_("manager").put("/closing-policy", {"cycle": "year"} | policy)
    assert outcome(answer) == (422, "validation")


def test_statement_is_public_adds_up_and_names_nobody_in_full(api: Api, world: World) -> None:
    decide(api, rule="limit", limit=30)
    with clock.at(noon("2027-01-03")):
        api.as_("manager").put("/households/0002", {"head": "王小宝", "group_no": 1, "members": [CHILD]})
        document = close(api.as_("manager")).get_json()
        sheet = api.as_("supervisor").get(f"/publications/{document['id']}")
        token = document["public_url"].rpartition("/")[2]
        public = api.stranger.app.test_client().get(f"/b/{token}")
    content = sheet.get_json()["document"]
    head = api.as_("supervisor").get("/households/0001").get_json()["head"]
    assert content["items"] == [
        dict(zip(FIELDS, ("0001", 1, mask_name(head), 0, 40, 0, 10, 30), strict=True)),
        dict(zip(FIELDS, ("0002", 1, "某户(0002)", 0, 15, 0, 0, 15), strict=True)),
    ]
    assert content["basis"].endswith("结转办法：每户最多结转30分，其余清零。")
    assert public.status_code == 200
    page = public.get_data(as_text=True)
    for text in ("2026年积分结转公示", "每户最多结转30分", "结转下期 45 分"):
        assert text in page
    assert "王小宝" not in page


FIELDS = ("household", "group_no", "name", "before", "earned", "spent", "expired", "carried")
CHILD = {"name": "王小宝", "birth_year": 2015}


def test_of_many_who_book_while_it_closes_each_is_in_one_period(api: Api, world: World) -> None:
    """F17: deeds of the closed quarter are either counted by the closing or refused by it."""
    period, last = last_quarter()
    world.settings(backdate_days=200)
    decide(api, cycle="quarter")
    deeds = [partial(log_on, api, last.isoformat(), "0003") for _ in range(10)]
    answers = at_once([*deeds[:5], partial(close, api.as_("manager"), period), *deeds[5:]])
    found = outcomes(answers)
    assert found.keys() <= {201, (422, "period_closed")}
    assert world.balance("0003") == 0
    assert world.see(violations) == {}


@pytest.mark.breaks_the_books
def test_verify_finds_what_was_slipped_into_a_closed_year(api: Api, world: World) -> None:
    decide(api)
    with clock.at(noon("2027-01-03")):
        close(api.as_("manager"))
    household = world.household("0001").id
    with clock.at(noon("2027-02-01")), world.app.app_context():
        late = Posting(household, 9, "issue", "merit", noon("2026-12-31").date(), "merit", new_name())
        unit_of_work(lambda work: post(work, world.village_id, late, actor_id=1))
    assert {"closed_period_stays_closed", "closing_is_sum_of_its_lines"} <= world.see(violations).keys()


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("change", ["expired = expired + 1", "carried = carried + 1", "households = 9"])
def test_verify_finds_a_closing_that_was_tampered_with(api: Api, world: World, change: str) -> None:
    decide(api)
    with clock.at(noon("2027-01-03")):
        close(api.as_("manager"))
    api.ground.tamper(f"UPDATE closing SET {change}")
    assert "closing_is_sum_of_its_lines" in world.see(violations)
