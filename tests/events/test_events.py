"""Events: planned, signed in and out of, closed into one batch of merits."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from pointshop.core import clock
from pointshop.core.clock import as_text
from pointshop.core.ids import new_name
from tests.api import Api
from tests.books import violations
from tests.events.conftest import FROM, Meeting, hour, planned
from tests.staff import hire
from tests.statements import traced
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


def told(answer: Any) -> dict[str, tuple[str, int, str | None]]:
    """Household → outcome, quantity, reason."""
    assert answer.status_code in (200, 201), answer.text
    return {
        each["household"]: (each["outcome"], each["quantity"], each["reason"])
        for each in answer.get_json()["attendances"]
    }


def test_the_whole_life_of_an_event(meeting: Meeting, api: Api, world: World) -> None:
    event = meeting.plan()
    assert api.as_("manager").get("/events").get_json()["items"][0]["state"] == "planned"
    meeting.attend(event, "0001", -10, 100)
    meeting.attend(event, "0002", 20, 200)
    assert meeting.sign(event, "in", "0003", 0).status_code == 201
    assert world.see(violations) == {}
    name = new_name()
    first, again = (api.as_("worker").put(f"/events/{event}/closings/{name}", {"without_own": False}) for _ in range(2))
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 200, "true")
    # a hundred minutes are three half hours; from 20 to the end at 180 are five
    assert told(first) == {
        "0001": ("posted", 3, None),
        "0002": ("posted", 5, None),
        "0003": ("left_out", 0, "not_signed_out"),
    }
    assert (first.get_json()["points"], world.balance("0001"), world.balance("0002")) == (16, 6, 10)
    (line,) = api.as_("manager").get("/households/0001/passbook").get_json()["items"]
    assert (line["points"], line["summary"]) == (6, "志愿服务 3半小时")
    found = api.as_("supervisor").get(f"/events/{event}").get_json()
    assert (found["state"], len(found["attendances"])) == ("closed", 3)
    assert world.see(violations) == {}


def test_its_merits_go_the_way_of_all_merits(meeting: Meeting, api: Api, world: World) -> None:
    world.settings(review_levels=1)
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60)
    (attendance,) = meeting.close(event).get_json()["attendances"]
    assert world.balance() == 0
    signed = api.as_("reviewer").put(f"/merits/{attendance['merit']}/review", {"decision": "approve"})
    assert signed.get_json()["state"] == "posted"
    assert world.balance() == 4
    reversal = api.as_("manager").put(f"/merits/{attendance['merit']}/reversal", {"reason": "记错了"})
    assert reversal.status_code == 201


def test_persons_earn_where_persons_count(meeting: Meeting, api: Api, world: World) -> None:
    son: dict[str, Any] = {"birth_year": None, "party_member": False, "volunteer": True, "name_consent": None}
    world.household("0001", members=[son | {"name": "张小军"}, son | {"name": "李秀英"}])
    event = meeting.plan(level="member")
    asked = meeting.sign(event, "in", "0001", 0)
    assert outcome(asked) == (422, "validation")
    choice = asked.get_json()["data"]["members"]
    assert [each["name"] for each in choice] == ["张小军", "李秀英"]
    for each, left in zip(choice, (60, 90), strict=True):
        meeting.attend(event, "0001", 0, left, member_id=each["id"])
    closed = meeting.close(event).get_json()["attendances"]
    assert {each["member"]: each["quantity"] for each in closed} == {"张小军": 2, "李秀英": 3}
    ranking = api.as_("manager").get("/rankings", query={"period": str(FROM.year), "subject": "member"})
    assert [item["points"] for item in ranking.get_json()["items"]] == [6, 4]
    assert outcome(meeting.sign(meeting.plan(), "in", "0001", 0, member_id=choice[0]["id"])) == (422, "validation")


def test_who_reaches_the_cap_gets_what_there_is_room_for(meeting: Meeting, world: World) -> None:
    first, second, third = (meeting.plan(title=title) for title in ("第一次", "第二次", "第三次"))
    for event in (first, second, third):
        meeting.attend(event, "0001", 0, 150)
        meeting.attend(event, "0002", 0, 30)
    assert told(meeting.close(first))["0001"] == ("posted", 5, None)
    assert told(meeting.close(second)) == {"0001": ("reduced", 3, "cap_exceeded"), "0002": ("posted", 1, None)}
    assert told(meeting.close(third)) == {"0001": ("left_out", 0, "cap_exceeded"), "0002": ("posted", 1, None)}
    assert (world.balance("0001"), world.balance("0002")) == (16, 6)


@pytest.mark.parametrize(("rounding", "quantity"), [("down", 1), ("nearest", 2), ("up", 2)])
def test_a_rest_counts_as_the_event_says(meeting: Meeting, rounding: str, quantity: int) -> None:
    event = meeting.plan(rounding=rounding)
    meeting.attend(event, "0001", 0, 45)
    assert told(meeting.close(event))["0001"] == ("posted", quantity, None)


def test_where_hours_do_not_count_whoever_came_counts_once(meeting: Meeting) -> None:
    event = meeting.plan(unit_minutes=None)
    meeting.attend(event, "0001", 0, 175)
    meeting.attend(event, "0002", 190, 200, by=meeting.api.as_("manager"))
    assert told(meeting.close(event)) == {"0001": ("posted", 1, None), "0002": ("left_out", 0, "too_short")}


def test_who_never_signed_out_gets_what_somebody_states_with_a_reason(meeting: Meeting, api: Api) -> None:
    event = meeting.plan()
    assert meeting.sign(event, "in", "0001", 0).status_code == 201
    stated = {"household": "0001", "minutes": 120, "reason": "干到最后，忘了签退"}
    without = {"household": "0001", "minutes": 120, "reason": " "}
    path = f"/events/{event}/stated-times/"
    assert outcome(api.as_("manager").put(path + new_name(), without)) == (422, "validation")
    assert outcome(api.as_("manager").put(path + new_name(), stated | {"household": "0002"})) == (422, "not_pending")
    answer = api.as_("manager").put(path + new_name(), stated)
    assert (answer.status_code, answer.get_json()["minutes"], answer.get_json()["earned"]) == (201, 120, 4)
    assert told(meeting.close(event))["0001"] == ("posted", 4, None)


def test_a_list_of_paper_is_entered_wholly_or_not_at_all(meeting: Meeting, api: Api) -> None:
    event = meeting.plan(expected_minutes=120)
    path = f"/events/{event}/paper-lists/"
    bad = {"lines": [{"household": "0001"}, {"household": "0009"}]}
    refused = api.as_("worker").put(path + new_name(), bad)
    assert refused.get_json()["errors"].keys() == {"lines.1.household"}
    twice = {"lines": [{"household": "0001"}, {"household": "0001"}]}
    assert api.as_("worker").put(path + new_name(), twice).get_json()["code"] == "duplicate_merit"
    lines = [{"household": "0001"}, {"household": "0002", "minutes": 30}]
    entered = api.as_("worker").put(path + new_name(), {"lines": lines})
    assert [each["minutes"] for each in entered.get_json()["attendances"]] == [120, 30]
    assert outcome(meeting.sign(event, "in", "0001", 10)) == (422, "duplicate_merit")
    assert told(meeting.close(event)) == {"0001": ("posted", 4, None), "0002": ("posted", 1, None)}


def test_nobody_was_longer_at_an_event_than_it_and_its_margins_last(meeting: Meeting, api: Api) -> None:
    half_an_hour = {"until_at": as_text(FROM + timedelta(minutes=30))}
    event = meeting.plan(**half_an_hour)
    path = f"/events/{event}/paper-lists/"
    lines = [{"household": "0001", "minutes": 270}, {"household": "0002", "minutes": 271}]
    refused = api.as_("worker").put(path + new_name(), {"lines": lines})
    assert outcome(refused) == (422, "validation")
    assert refused.get_json()["errors"] == {"lines.1.minutes": ["这项活动最多记 270 分钟"]}
    assert api.as_("worker").put(path + new_name(), {"lines": lines[:1]}).status_code == 201
    stated = {"household": "0001", "minutes": 960, "reason": "一直都在"}
    answer = api.as_("manager").put(f"/events/{event}/stated-times/{new_name()}", stated)
    assert (outcome(answer), answer.get_json()["errors"].keys()) == ((422, "validation"), {"minutes"})
    expected = planned(**half_an_hour, expected_minutes=271)
    answer = api.as_("worker").put(f"/events/{new_name()}", expected)
    assert (outcome(answer), answer.get_json()["errors"].keys()) == ((422, "validation"), {"expected_minutes"})


def test_no_list_is_entered_and_no_time_stated_before_it_begins(meeting: Meeting, api: Api) -> None:
    event = meeting.plan()
    assert meeting.sign(event, "in", "0001", -60).status_code == 201
    listed = {"lines": [{"household": "0002"}]}
    stated = {"household": "0001", "minutes": 60, "reason": "会忘签退"}
    asked = [
        (f"/events/{event}/paper-lists/{new_name()}", listed),
        (f"/events/{event}/stated-times/{new_name()}", stated),
    ]
    for path, body in asked:
        with clock.at(hour(-1)):
            assert outcome(api.as_("manager").put(path, body)) == (422, "in_future")
        with clock.at(hour(0)):
            assert api.as_("manager").put(path, body).status_code == 201


def test_a_long_list_is_read_for_as_often_as_a_short_one(app: Flask, meeting: Meeting, api: Api, world: World) -> None:
    def reads(numbers: list[str]) -> int:
        event, lines = meeting.plan(), [{"household": number} for number in numbers]
        with traced(app) as asked:
            assert (
                api.as_("worker").put(f"/events/{event}/paper-lists/{new_name()}", {"lines": lines}).status_code == 201
            )
        return sum(sql.startswith("SELECT") for sql in asked)

    assert reads(["0001", "0002", "0003"]) == reads(["0001"]) > 0


def test_nobody_signs_in_the_own_family(meeting: Meeting, api: Api, world: World) -> None:
    own = {"households": [{"number": "0001", "relation": "own"}]}
    assert api.as_("supervisor").put("/ties/worker", own).status_code == 200
    event = meeting.plan()
    assert outcome(meeting.sign(event, "in", "0001", 0)) == (422, "self_dealing")
    listed = {"lines": [{"household": "0001"}]}
    answer = api.as_("worker").put(f"/events/{event}/paper-lists/{new_name()}", listed)
    assert answer.get_json()["errors"].keys() == {"lines.0.household"}
    meeting.attend(event, "0001", 0, 60, by=api.as_("manager"))
    meeting.attend(event, "0002", 0, 60)
    stated = {"household": "0001", "minutes": 120, "reason": "忘了"}
    answer = api.as_("worker").put(f"/events/{event}/stated-times/{new_name()}", stated)
    assert outcome(answer) == (422, "self_dealing")
    refused = meeting.close(event)
    assert (outcome(refused), refused.get_json()["data"]) == ((422, "self_dealing"), {"households": ["0001"]})
    assert world.balance("0002") == 0


def test_the_own_family_closed_by_another_or_left_out(meeting: Meeting, api: Api) -> None:
    own = {"households": [{"number": "0001", "relation": "own"}]}
    assert api.as_("supervisor").put("/ties/worker", own).status_code == 200
    for closer, expected in (("worker", ("left_out", 0, "self_dealing")), ("manager", ("posted", 2, None))):
        event = meeting.plan(title=closer)
        meeting.attend(event, "0001", 0, 60, by=api.as_("manager"))
        meeting.attend(event, "0002", 0, 60)
        closed = meeting.close(event, by=api.as_(closer), without_own=closer == "worker")
        assert told(closed) == {"0001": expected, "0002": ("posted", 2, None)}


def test_a_worker_posts_nothing_outside_the_own_grid(meeting: Meeting, api: Api) -> None:
    far = hire(api, "worker9", "worker", grid=[{"group_no": 9, "lane": None}])
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60, by=far)
    assert outcome(meeting.close(event, by=far)) == (403, "forbidden")
    assert meeting.close(event, by=api.as_("manager")).status_code == 201


def test_a_card_counts_at_its_event_and_only_there(meeting: Meeting, api: Api, world: World) -> None:
    event = meeting.plan()
    assert outcome(meeting.sign(event, "in", "0001", -121)) == (422, "closed_today")
    assert outcome(meeting.sign(event, "out", "0001", 10)) == (422, "not_pending")
    assert outcome(meeting.sign(event, "in", "0001", 10, card="00000000")) == (422, "card_unknown")
    world.card("0002")
    assert outcome(meeting.sign(event, "in", "0002", 400)) == (422, "closed_today")
    meeting.attend(event, "0001", 10, 20)
    assert outcome(meeting.sign(event, "in", "0001", 30)) == (422, "duplicate_merit")
    assert outcome(meeting.sign(event, "out", "0001", 30)) == (422, "duplicate_merit")


def test_what_a_phone_signed_without_signal_counts_when_it_was_scanned(meeting: Meeting, api: Api) -> None:
    event = meeting.plan()
    signings = [
        (way, {"card": meeting.cards["0001"], "scanned_at": as_text(hour(minutes))})
        for way, minutes in (("in", 5), ("out", 95))
    ]
    operations = [{"put": f"events/{event}/sign-{way}s/{new_name()}", "body": body} for way, body in signings]
    batch = {"device_now": as_text(clock.now()), "operations": operations}
    # out before in: it is sent again, as phones do with what is not settled
    backward = api.as_("worker").post("/sync", batch | {"operations": operations[::-1]}).get_json()["results"]
    assert [result["status"] for result in backward] == [422, 201]
    forward = api.as_("worker").post("/sync", batch).get_json()["results"]
    assert [result["status"] for result in forward] == [200, 201]
    assert forward[1]["body"]["minutes"] == 90
    assert told(meeting.close(event))["0001"] == ("posted", 3, None)
    late = api.as_("worker").post(
        "/sync", batch | {"operations": [{"put": f"events/{event}/sign-ins/{new_name()}", "body": signings[0][1]}]}
    )
    assert late.get_json()["results"][0]["body"]["code"] == "round_closed"


def test_a_phone_whose_clock_is_ahead_is_told_to_set_it(meeting: Meeting) -> None:
    event = meeting.plan()
    ahead = as_text(hour(20))
    assert outcome(meeting.sign(event, "in", "0001", 10, scanned_at=ahead)) == (422, "in_future")
    assert meeting.sign(event, "in", "0001", 19, scanned_at=ahead).get_json()["in_at"] == as_text(hour(19))
    assert outcome(meeting.sign(event, "out", "0001", 30, scanned_at=as_text(hour(5)))) == (422, "validation")


def test_a_card_replaced_since_it_was_scanned_was_good_then(meeting: Meeting, world: World) -> None:
    event = meeting.plan()
    with clock.at(hour(60)):
        world.card("0001")
    assert outcome(meeting.sign(event, "in", "0001", 61)) == (422, "card_revoked")
    assert meeting.sign(event, "in", "0001", 61, scanned_at=as_text(hour(0))).status_code == 201


def test_who_has_left_meanwhile_gets_nothing_and_is_told_why(meeting: Meeting, api: Api) -> None:
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60)
    merge = {"household": "0001", "into": "0003"}
    assert api.as_("manager").put(f"/household-merges/{new_name()}", merge).status_code == 201
    assert told(meeting.close(event)) == {"0001": ("left_out", 0, "account_not_active")}


def test_the_budget_of_the_month_stops_the_whole_and_leaves_the_event_open(meeting: Meeting, world: World) -> None:
    world.settings(period_budget=3)
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60)
    assert outcome(meeting.close(event)) == (422, "budget_exceeded")
    world.settings(period_budget=100)
    assert told(meeting.close(event)) == {"0001": ("posted", 2, None)}


def test_an_event_ends_once(meeting: Meeting, api: Api, world: World) -> None:
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60)
    answers = at_once([partial(meeting_close, meeting, event) for _ in range(6)])
    assert outcomes(answers) == {201: 1, (422, "round_closed"): 5}
    assert world.balance() == 4
    for path in (f"/events/{event}/cancellations/{new_name()}",):
        assert outcome(api.as_("manager").put(path, {"reason": "下雨"})) == (422, "round_closed")
    assert outcome(meeting.sign(event, "in", "0002", 10)) == (422, "round_closed")


def meeting_close(meeting: Meeting, event: str) -> Any:
    # threads have a clock of their own
    with clock.at(hour(360)):
        return meeting.close(event)


def test_one_that_is_called_off_gives_nothing(meeting: Meeting, api: Api, world: World) -> None:
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60)
    answer = api.as_("manager").put(f"/events/{event}/cancellations/{new_name()}", {"reason": "下雨"})
    assert answer.get_json()["state"] == "cancelled"
    assert outcome(meeting.close(event)) == (422, "round_closed")
    assert world.balance() == 0
    assert api.as_("worker").get("/events", query={"state": "cancelled"}).get_json()["items"][0]["id"] == event


def test_nothing_is_closed_before_it_begins(meeting: Meeting, api: Api) -> None:
    event = meeting.plan(from_at=as_text(FROM + timedelta(days=2)), until_at=as_text(FROM + timedelta(days=2, hours=1)))
    assert outcome(meeting.close(event)) == (422, "in_future")


def test_one_card_scanned_by_many_phones_at_once_is_one_attendance(meeting: Meeting, api: Api) -> None:
    event = meeting.plan()
    answers = at_once([partial(meeting.sign, event, "in", "0001", 5) for _ in range(8)])
    assert outcomes(answers) == {201: 1, (422, "duplicate_merit"): 7}
    answers = at_once([partial(meeting.sign, event, "out", "0001", 65) for _ in range(8)])
    assert outcomes(answers) == {201: 1, (422, "duplicate_merit"): 7}
    assert told(meeting.close(event))["0001"] == ("posted", 2, None)


def test_who_signs_while_it_is_closed_is_in_it_or_refused(meeting: Meeting, world: World) -> None:
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60)
    tasks = [partial(meeting_close, meeting, event)]
    tasks += [partial(meeting.sign, event, "in", number, 170) for number in ("0002", "0003")]
    closed, *signed = at_once(tasks)
    assert closed.status_code == 201
    assert {outcome(answer) for answer in signed} <= {201, (422, "round_closed")}
    assert len(told(closed)) == 1 + sum(answer.status_code == 201 for answer in signed)
    assert world.see(violations) == {}


def test_a_household_may_see_what_is_held_and_have_its_words_erased(meeting: Meeting, api: Api) -> None:
    event = meeting.plan()
    assert meeting.sign(event, "in", "0001", 0).status_code == 201
    stated = {"household": "0001", "minutes": 20, "reason": "老张膝盖疼，先走了"}
    assert api.as_("manager").put(f"/events/{event}/stated-times/{new_name()}", stated).status_code == 201
    (held,) = api.as_("manager").get("/households/0001/dossier").get_json()["attendances"]
    assert (held["title"], held["stated_minutes"], held["in_at"]) == ("清理河道", 20, as_text(hour(0)))
    assert "膝盖" in api.as_("manager").get("/households/0001/dossier.html").get_data(as_text=True)
    erasure = {"household": "0001", "basis": "request"}
    assert api.as_("manager").put(f"/erasures/{new_name()}", erasure).status_code == 201
    (attendance,) = api.as_("manager").get(f"/events/{event}").get_json()["attendances"]
    assert (attendance["head"], attendance["stated_reason"]) == ("已删除", "已删除")
    assert told(meeting.close(event)) == {"0001": ("left_out", 0, "account_not_active")}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"until_at": as_text(FROM)}, "validation"),
        ({"until_at": as_text(FROM + timedelta(hours=17))}, "validation"),
        ({"from_at": "2026-11-22 08:00"}, "validation"),
        ({"from_at": "2026-11-22T08:00:00"}, "validation"),
        ({"from_at": "2026-02-30T08:00:00Z"}, "validation"),
        ({"from_at": "1999-12-31T08:00:00Z"}, "validation"),
        ({"unit_minutes": 5}, "validation"),
        ({"rule": "NONE"}, "rule_not_in_force"),
        ({"rule": "K1"}, "validation"),
    ],
)
def test_a_plan_that_makes_no_sense_is_none(meeting: Meeting, api: Api, change: dict[str, Any], code: str) -> None:
    meeting.world.rule("K1", points=-2)
    assert outcome(api.as_("worker").put(f"/events/{new_name()}", planned(**change))) == (422, code)


@pytest.mark.breaks_the_books
@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE attendance SET quantity = 1", "attendance_has_its_merit"),
        ("UPDATE attendance SET member_id = 7", "attendance_has_its_merit"),
        ("UPDATE event SET batch_id = NULL", "attendance_has_its_merit"),
        ("DELETE FROM attendance", "merit_of_event_was_attended"),
        (
            "UPDATE attendance SET outcome = NULL, quantity = NULL, merit_id = NULL",
            "closed_event_is_settled",
        ),
        (
            "UPDATE event SET state = 'planned', ended_at = NULL, ended_by = NULL, batch_id = NULL",
            "closed_event_is_settled",
        ),
        ("UPDATE attendance SET out_at = in_at", "merit_is_what_was_attended"),
        ("UPDATE event SET unit_minutes = 10", "merit_is_what_was_attended"),
        (
            "UPDATE attendance SET stated_minutes = 421, stated_reason = '', stated_by = 1, outcome = 'reduced', "
            "reason = 'cap_exceeded'",
            "merit_is_what_was_attended",
        ),
    ],
)
def test_verify_finds_an_event_that_was_tampered_with(meeting: Meeting, world: World, change: str, check: str) -> None:
    event = meeting.plan()
    meeting.attend(event, "0001", 0, 60)
    assert meeting.close(event).status_code == 201
    assert world.see(violations) == {}
    meeting.api.ground.tamper(change)
    assert check in world.see(violations)
