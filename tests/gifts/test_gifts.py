"""Points given to a neighbour in need: from purse to purse, in both passbooks, never earned by it."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.books import violations
from tests.closing.periods import decide, last_quarter
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    world.households(3, points=100)


@pytest.fixture
def card(world: World) -> str:
    return world.card("0001")


def today() -> str:
    return clock.village_day(clock.now()).isoformat()


def slip(household: str = "0001", to_household: str = "0002", points: int = 30, **more: Any) -> dict[str, Any]:
    gift = {"household": household, "to_household": to_household, "points": points}
    return gift | {"occurred_on": today(), "note": "签字条 7 号"} | more


def give(caller: Caller, body: dict[str, Any], name: str | None = None) -> TestResponse:
    return caller.put(f"/gifts/{name or new_name()}", body)


def given(api: Api, **more: Any) -> str:
    name = new_name()
    answer = give(api.as_("manager"), slip(**more), name)
    assert answer.status_code == 201, answer.text
    return name


def reverse(caller: Caller, name: str) -> TestResponse:
    return caller.put(f"/gifts/{name}/reversal", {"reason": "写错了户"})


def take_away(api: Api, household: str, points: int) -> None:
    """By two persons, as points that are spent."""
    name = new_name()
    body = {"household": household, "points": -points, "reason": "wrong_points", "note": "多记"}
    assert api.as_("manager").put(f"/adjustments/{name}", body).status_code == 201
    assert api.as_("reviewer").put(f"/adjustments/{name}/decision", {"decision": "approve"}).status_code == 201


def last_line(api: Api, number: str) -> dict[str, Any]:
    line: dict[str, Any] = api.as_("clerk").get(f"/households/{number}/passbook").get_json()["items"][0]
    return line


def test_the_whole_life_of_a_gift(api: Api, world: World, card: str) -> None:
    name, body = new_name(), {"card": card, "to_household": "0002", "points": 30, "note": "家里有病人"}
    first, again = (give(api.as_("clerk"), body, name) for _ in range(2))
    assert (first.status_code, first.get_json()["balance"]) == (201, 70)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert (world.balance("0001"), world.balance("0002")) == (70, 130)
    assert world.see(violations) == {}
    left, came = last_line(api, "0001"), last_line(api, "0002")
    assert (left["points"], left["kind"], left["source"]) == (-30, "gift", {"kind": "gift", "id": name})
    assert (came["points"], came["kind"], came["balance_after"]) == (30, "gift", 130)
    taken = reverse(api.as_("manager"), name).get_json()
    assert (taken["state"], taken["points_back"], taken["balance"]) == ("reversed", 30, 100)
    assert (world.balance("0001"), world.balance("0002")) == (100, 100)
    (listed,) = api.as_("supervisor").get("/gifts", query={"household": "0002"}).get_json()["items"]
    assert (listed["household"], listed["to_household"], listed["state"]) == ("0001", "0002", "reversed")
    assert api.as_("supervisor").get("/gifts", query={"household": "0003"}).get_json()["items"] == []


def test_each_passbook_names_the_other_side_masked(api: Api, world: World) -> None:
    world.household("0001", head="张建国", group_no=1)
    world.household("0002", head="李秀英", group_no=3)
    name = given(api)
    assert last_line(api, "0001")["summary"] == "转赠给3组李*英"
    assert last_line(api, "0002")["summary"] == "1组张*国转赠"
    assert reverse(api.as_("manager"), name).status_code == 201
    assert last_line(api, "0001")["summary"] == "撤销：转赠给3组李*英"
    assert last_line(api, "0002")["summary"] == "撤销：1组张*国转赠"


def test_nobody_is_honoured_for_a_gift(api: Api) -> None:
    given(api)
    for number in ("0001", "0002"):
        assert api.as_("manager").get(f"/households/{number}").get_json()["honor_points"] == 0
    ranking = api.as_("manager").get("/rankings", query={"period": today()[:4], "subject": "household"})
    assert ranking.get_json()["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to_household": "0001"}, "to_household"),
        ({"to_household": "9999"}, "to_household"),
        ({"household": "9999"}, "household"),
        ({"points": 0}, "points"),
        ({"note": None}, "note"),
        ({"occurred_on": None}, "occurred_on"),
        ({"card": "00000000"}, "card"),
        ({"household": None}, "card"),
    ],
)
def test_a_slip_that_makes_no_sense_is_told_where(api: Api, change: dict[str, Any], field: str) -> None:
    answer = give(api.as_("manager"), slip() | change)
    assert outcome(answer) == (422, "validation")
    assert answer.get_json()["errors"].keys() == {field}


def test_a_card_counts_today_and_only_while_it_is_in_force(api: Api, world: World, card: str) -> None:
    body = {"card": card, "to_household": "0002", "points": 1}
    yesterday = clock.village_day(clock.now() - timedelta(days=1)).isoformat()
    assert outcome(give(api.as_("clerk"), body | {"occurred_on": yesterday})) == (422, "validation")
    world.card("0001")
    assert outcome(give(api.as_("clerk"), body)) == (422, "card_revoked")
    assert outcome(give(api.as_("clerk"), body | {"card": "https://example.com"})) == (422, "card_unknown")


@pytest.mark.parametrize(("days", "code"), [(-1, "in_future"), (32, "too_old")])
def test_a_slip_counts_only_for_days_that_can_still_be_entered(api: Api, days: int, code: str) -> None:
    day = clock.village_day(clock.now() - timedelta(days=days)).isoformat()
    assert outcome(give(api.as_("manager"), slip(occurred_on=day))) == (422, code)


def test_a_clerk_enters_no_slips(api: Api) -> None:
    assert outcome(give(api.as_("clerk"), slip())) == (403, "forbidden")


def test_nobody_gives_what_they_have_not(api: Api, world: World) -> None:
    world.settings(gift_points_given=500, gift_points_received=500)
    assert outcome(give(api.as_("manager"), slip(points=101))) == (422, "insufficient_points")
    given(api, points=100)
    assert (world.balance("0001"), world.balance("0002")) == (0, 200)


def test_a_year_has_its_limits_for_giving_and_for_receiving(api: Api, world: World) -> None:
    world.settings(gift_points_given=50, gift_points_received=80)
    given(api, points=50)
    over = give(api.as_("manager"), slip(to_household="0003", points=1))
    assert outcome(over) == (422, "limit_exceeded")
    assert over.get_json()["data"] == {"household": "0001", "limit": 50, "points_left": 0}
    too_much = give(api.as_("manager"), slip("0003", points=31))
    assert too_much.get_json()["data"] == {"household": "0002", "limit": 80, "points_left": 30}
    given(api, household="0003", points=30)


def test_what_was_taken_back_can_be_given_again(api: Api, world: World) -> None:
    world.settings(gift_points_given=50)
    assert reverse(api.as_("manager"), given(api, points=50)).status_code == 201
    given(api, points=50)


def test_what_did_not_come_back_still_counts_against_both_limits(api: Api, world: World) -> None:
    world.settings(gift_points_given=50, gift_points_received=60)
    name = given(api, points=40)
    take_away(api, "0002", 125)
    assert reverse(api.as_("manager"), name).get_json()["points_back"] == 15
    over = give(api.as_("manager"), slip(to_household="0003", points=26))
    assert over.get_json()["data"] == {"household": "0001", "limit": 50, "points_left": 25}
    too_much = give(api.as_("manager"), slip("0003", points=36))
    assert too_much.get_json()["data"] == {"household": "0002", "limit": 60, "points_left": 35}
    given(api, points=25)
    assert world.see(violations) == {}


def test_a_village_that_sets_nothing_aside_has_no_gifts(api: Api, world: World) -> None:
    world.settings(gift_points_given=0)
    answer = give(api.as_("manager"), slip(points=1))
    assert (outcome(answer), answer.get_json()["detail"]) == ((422, "limit_exceeded"), "本村没有开放转赠")


@pytest.mark.parametrize("number", ["0001", "0002"])
def test_whoever_writes_it_down_is_kin_of_neither(api: Api, card: str, number: str) -> None:
    own = {"households": [{"number": number, "relation": "kin"}]}
    for username in ("clerk", "manager"):
        assert api.as_("supervisor").put(f"/ties/{username}", own).status_code == 200
    body = {"card": card, "to_household": "0002", "points": 1}
    assert outcome(give(api.as_("clerk"), body)) == (422, "self_dealing")
    assert outcome(give(api.as_("manager"), slip())) == (422, "self_dealing")


@pytest.mark.parametrize("number", ["0001", "0002"])
def test_who_may_not_redeem_neither_gives_nor_is_given(api: Api, number: str) -> None:
    veto = {
        "household": number,
        "reason": "违建",
        "evidence": "村委会记录",
        "decided_by": "村民代表会议",
        "from_on": today(),
        "until_on": today(),
        "effects": ["no_redemption"],
    }
    assert api.as_("manager").put(f"/vetoes/{new_name()}", veto).status_code == 201
    assert outcome(give(api.as_("manager"), slip())) == (422, "account_not_active")


@pytest.mark.parametrize("number", ["0001", "0002"])
def test_who_has_left_neither_gives_nor_is_given(api: Api, number: str) -> None:
    merge = {"household": number, "into": "0003"}
    assert api.as_("manager").put(f"/household-merges/{new_name()}", merge).status_code == 201
    code = "insufficient_points" if number == "0001" else "account_not_active"
    assert outcome(give(api.as_("manager"), slip())) == (422, code)


def test_old_points_wait_for_the_end_of_their_period(api: Api, world: World) -> None:
    """Given away after the last day, they would be new ones in the other purse."""
    world.settings(backdate_days=366)
    world.rule()
    period, last = last_quarter()
    merit = {"rule": "A1", "household": "0001", "occurred_on": last.isoformat(), "note": "旧分"}
    assert api.as_("worker").put(f"/merits/{new_name()}", merit).status_code == 201
    decide(api, cycle="quarter")
    assert outcome(give(api.as_("manager"), slip(points=1))) == (422, "closed_today")
    given(api, points=1, occurred_on=last.isoformat())
    closing = {"period": period, "notice_days": 7, "contact": "村委会"}
    assert api.as_("manager").put(f"/closings/{new_name()}", closing).status_code == 201
    assert world.see(violations) == {}
    given(api, points=1)


def test_only_what_is_still_there_goes_back(api: Api, world: World) -> None:
    world.settings(gift_points_given=100)
    name = given(api, points=40)
    take_away(api, "0002", 125)
    taken = reverse(api.as_("manager"), name).get_json()
    assert (taken["points_back"], world.balance("0001"), world.balance("0002")) == (15, 75, 0)


def test_nothing_left_is_no_reversal(api: Api, world: World) -> None:
    world.settings(gift_points_received=200)
    name = given(api, points=40)
    given(api, household="0002", to_household="0003", points=50)
    world.settings(gift_points_given=200)
    given(api, household="0002", to_household="0003", points=90)
    assert outcome(reverse(api.as_("manager"), name)) == (422, "insufficient_points")


def test_a_gift_is_taken_back_once_in_time_and_later_by_another(api: Api, world: World) -> None:
    name, old = given(api, points=10), given(api, points=10)
    with clock.at(clock.now() + timedelta(days=1)):
        other = hire(api, "manager2", "manager")
        assert outcome(reverse(api.as_("manager"), name)) == (403, "forbidden")
        assert reverse(other, name).status_code == 201
        assert outcome(reverse(api.as_("manager"), name)) == (422, "already_voided")
    with clock.at(clock.now() + timedelta(days=33)):
        assert outcome(reverse(hire(api, "manager3", "manager"), old)) == (422, "void_window_passed")
    assert world.balance("0001") == 90


def test_the_own_family_takes_nothing_back(api: Api) -> None:
    name = given(api)
    own = {"households": [{"number": "0002", "relation": "own"}]}
    assert api.as_("supervisor").put("/ties/manager", own).status_code == 200
    assert outcome(reverse(api.as_("manager"), name)) == (422, "self_dealing")


def test_gifts_crosswise_at_one_moment_all_go_through(api: Api, world: World) -> None:
    world.settings(gift_points_given=100, gift_points_received=100)
    there = [slip("0001", "0002", 3, note=f"{number}") for number in range(6)]
    back = [slip("0002", "0001", 2, note=f"{number}") for number in range(6)]
    answers = at_once(
        [partial(give, api.as_("manager"), body) for pair in zip(there, back, strict=True) for body in pair]
    )
    assert outcomes(answers) == {201: 12}
    assert (world.balance("0001"), world.balance("0002")) == (94, 106)


def test_the_limit_of_a_year_holds_for_gifts_at_one_moment(api: Api, world: World) -> None:
    bodies = [slip(to_household=number, points=20) for number in ("0002", "0003") * 3]
    answers = at_once([partial(give, api.as_("manager"), body) for body in bodies])
    assert outcomes(answers) == {201: 2, (422, "limit_exceeded"): 4}
    assert world.balance("0001") == 60


def test_taken_back_twice_at_one_moment_it_goes_back_once(api: Api, world: World) -> None:
    name = given(api)
    callers = [api.as_("manager"), hire(api, "manager2", "manager")]
    answers = at_once([partial(reverse, caller, name) for caller in callers])
    assert outcomes(answers) == {201: 1, (422, "already_voided"): 1}
    assert (world.balance("0001"), world.balance("0002")) == (100, 100)


def test_each_side_may_see_what_is_held_of_it(api: Api) -> None:
    given(api, note="她家遭了灾")
    held = [api.as_("manager").get(f"/households/{number}/dossier").get_json()["gifts"] for number in ("0001", "0002")]
    told = [[(gift["is_given"], gift["points"], gift["note"]) for gift in gifts] for gifts in held]
    assert told == [[(True, 30, "她家遭了灾")], [(False, 30, None)]]


def test_an_erased_household_leaves_no_words_on_its_gifts(api: Api, world: World) -> None:
    world.settings(gift_points_given=100)
    name = given(api, points=100)
    erasure = {"household": "0001", "basis": "request"}
    assert api.as_("manager").put(f"/erasures/{new_name()}", erasure).status_code == 201
    (listed,) = api.as_("manager").get("/gifts").get_json()["items"]
    assert (listed["id"], listed["note"], listed["points"]) == (name, "已删除", 100)


@pytest.mark.breaks_the_books
@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE gift SET points = points + 1", "gift_has_its_two_lines"),
        ("UPDATE gift SET to_household_id = 3", "gift_has_its_two_lines"),
        ("DELETE FROM gift", "gift_line_has_its_gift"),
        ("UPDATE entry SET points = points + 1 WHERE points = 30 AND kind = 'gift'", "gift_lines_sum_to_zero"),
        ("DELETE FROM entry WHERE points = -30 AND kind = 'gift'", "gift_lines_sum_to_zero"),
        ("UPDATE entry SET kind = 'void' WHERE points = 30 AND kind = 'gift'", "gift_line_has_its_gift"),
        (
            "UPDATE gift SET state = 'reversed', reversed_at = given_at, reversed_by = 1, reverse_reason = '无', "
            "points_back = 5",
            "gift_reversal_has_its_lines",
        ),
    ],
)
def test_verify_finds_a_gift_that_was_tampered_with(api: Api, world: World, change: str, check: str) -> None:
    given(api)
    assert world.see(violations) == {}
    api.ground.tamper(change)
    assert check in world.see(violations)


def test_where_pins_are_asked_for_no_gift_goes_by_a_card_alone(api: Api, world: World, card: str) -> None:
    """Else who finds a card moves its points to a friend, and blocking the card stops nothing."""
    world.settings(pin_above_points=20)
    clerk, name = api.as_("clerk"), new_name()
    body = {"card": card, "to_household": "0002", "points": 5}
    assert outcome(give(clerk, body, name)) == (422, "pin_needed")
    pin = {"card": card, "pin": "308472"}
    assert clerk.put(f"/households/0001/pins/{new_name()}", pin).status_code == 201
    assert outcome(give(clerk, body | {"pin": "308471"}, name)) == (422, "pin_wrong")
    assert give(clerk, body | {"pin": "308472"}, name).status_code == 201
    assert give(clerk, body | {"pin": "308472"}, name).headers["Idempotency-Replayed"] == "true"
    assert outcome(give(api.as_("manager"), slip(points=5) | {"pin": "308472"})) == (422, "validation")
    assert give(api.as_("manager"), slip(points=5)).status_code == 201
    assert world.see(violations) == {}


def test_a_policy_that_is_changed_after_the_last_day_frees_no_old_points(api: Api, world: World) -> None:
    world.settings(backdate_days=366)
    world.rule()
    _, last = last_quarter()
    with clock.at(clock.day_starts_at(last)):
        decide(api, cycle="quarter")
    merit = {"rule": "A1", "household": "0001", "occurred_on": last.isoformat(), "note": "旧分"}
    assert api.as_("worker").put(f"/merits/{new_name()}", merit).status_code == 201
    decide(api, rule="keep", cycle="quarter")
    assert outcome(give(api.as_("manager"), slip(points=1))) == (422, "closed_today")


def test_a_gift_that_was_spent_is_taken_back_under_the_same_name_when_there_are_points_again(
    api: Api, world: World
) -> None:
    name = given(api, points=40)
    world.settings(gift_points_given=200)
    given(api, household="0002", to_household="0003", points=140)
    manager = api.as_("manager")
    assert outcome(reverse(manager, name)) == (422, "insufficient_points")
    world.rule()
    merit = {"rule": "A1", "household": "0002", "quantity": 9, "occurred_on": today(), "note": "补"}
    assert manager.put(f"/merits/{new_name()}", merit).status_code == 201
    assert reverse(manager, name).status_code == 201
