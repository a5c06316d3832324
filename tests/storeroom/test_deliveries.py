"""Deliveries: who carries goods away does not alone say that they arrived."""

from functools import partial

import pytest
from werkzeug.test import TestResponse

from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.faults.deeds import put
from tests.faults.killed import killed_at_point
from tests.ground import OTHER
from tests.together import at_once, outcome, outcomes
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def sold(api: Api, world: World) -> str:
    """A redemption of an old household; its name."""
    world.household(points=100)
    goods = {"name": "大米", "unit": "袋", "points": 5}
    assert api.as_("manager").put("/products/P1", goods).status_code == 201
    move = {"product": "P1", "kind": "receive", "quantity": 9}
    assert api.as_("clerk").put(f"/stock-moves/{new_name()}", move).status_code == 201
    name = new_name()
    order = {"card": world.card(), "lines": [{"product": "P1", "quantity": 1}], "expected_points": 5}
    assert api.as_("clerk").put(f"/redemptions/{name}", order).status_code == 201
    return name


def mark(caller: Caller, redemption: str, carrier: str = "worker") -> TestResponse:
    return caller.put(f"/redemptions/{redemption}/delivery", {"carrier": carrier})


def confirm(caller: Caller, redemption: str, *, signed: bool = False, by: str = "self") -> TestResponse:
    return caller.put(f"/redemptions/{redemption}/delivery/confirmation", {"received_by": by, "signed": signed})


def listed(caller: Caller, state: str) -> list[str]:
    return [each["redemption"] for each in caller.get("/deliveries", query={"state": state}).get_json()["items"]]


def test_goods_are_carried_and_somebody_else_says_they_arrived(api: Api, sold: str) -> None:
    clerk, worker = api.as_("clerk"), api.as_("worker")
    answer = mark(clerk, sold)
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["household"]) == (201, "open", "0001")
    assert (listed(worker, "open"), listed(worker, "delivered")) == ([sold], [])
    for both in (clerk, worker):
        assert outcome(confirm(both, sold)) == (403, "forbidden")
    done = confirm(api.as_("supervisor"), sold, by="family")
    assert (done.status_code, done.get_json()["state"], done.get_json()["received_by"]) == (201, "delivered", "family")
    assert (listed(worker, "open"), listed(worker, "delivered")) == ([], [sold])


def test_the_households_signature_is_enough(api: Api, sold: str) -> None:
    mark(api.as_("clerk"), sold)
    assert confirm(api.as_("worker"), sold, signed=True).status_code == 201


def test_it_is_marked_once_and_arrives_once(api: Api, sold: str) -> None:
    clerk, supervisor = api.as_("clerk"), api.as_("supervisor")
    assert [mark(clerk, sold).status_code for _ in range(2)] == [201, 200]
    assert outcome(mark(api.as_("manager"), sold)) == (422, "not_pending")
    assert [confirm(supervisor, sold).status_code for _ in range(2)] == [201, 200]
    assert outcome(confirm(api.as_("manager"), sold)) == (422, "not_pending")


def test_two_who_confirm_at_once_confirm_once(api: Api, sold: str) -> None:
    mark(api.as_("clerk"), sold)
    answers = at_once([partial(confirm, api.as_(role), sold) for role in ("supervisor", "manager")])
    assert outcomes(answers) == {201: 1, (422, "not_pending"): 1}


def test_nobody_confirms_for_the_own_family(api: Api, sold: str) -> None:
    own = {"households": [{"number": "0001", "relation": "kin"}]}
    assert api.as_("manager").put("/ties/supervisor", own).status_code == 200
    mark(api.as_("clerk"), sold)
    assert outcome(confirm(api.as_("supervisor"), sold)) == (422, "self_dealing")


def test_what_was_voided_is_not_carried(api: Api, sold: str) -> None:
    clerk = api.as_("clerk")
    mark(clerk, sold)
    assert clerk.put(f"/redemptions/{sold}/void", {"reason": "拿错了"}).status_code == 201
    assert listed(clerk, "open") == []
    assert outcome(mark(api.as_("manager"), sold)) == (422, "already_voided")


def test_what_was_voided_did_not_arrive_and_what_arrived_stays_listed(api: Api, sold: str) -> None:
    clerk = api.as_("clerk")
    mark(clerk, sold)
    void = {"reason": "不要了"}
    assert clerk.put(f"/redemptions/{sold}/void", void).status_code == 201
    assert outcome(confirm(clerk, sold, signed=True)) == (422, "already_voided")


def test_goods_that_arrived_do_not_vanish_from_the_list_with_their_voucher(api: Api, sold: str) -> None:
    clerk = api.as_("clerk")
    mark(clerk, sold)
    assert confirm(clerk, sold, signed=True).status_code == 201
    assert clerk.put(f"/redemptions/{sold}/void", {"reason": "不要了"}).status_code == 201
    assert listed(api.as_("supervisor"), "delivered") == [sold]


def test_unknown_carriers_and_redemptions_are_refused(api: Api, sold: str) -> None:
    clerk = api.as_("clerk")
    assert outcome(mark(clerk, sold, "nobody")) == (422, "validation")
    assert outcome(mark(clerk, new_name())) == (404, "not_found")
    assert outcome(confirm(clerk, sold)) == (404, "not_found")
    assert outcome(mark(api.as_("worker"), sold)) == (403, "forbidden")
    assert outcome(mark(api.as_("clerk", of=OTHER), sold)) == (404, "not_found")


def test_killed_when_done_it_is_done_once(api: Api, sold: str) -> None:
    mark(api.as_("clerk"), sold)
    deed = put("supervisor", f"/redemptions/{sold}/delivery/confirmation", received_by="self")
    for point in ("after_effects", "before_commit"):
        assert killed_at_point(api.ground.app, partial(deed.send, api), point)
    assert listed(api.as_("clerk"), "open") == [sold]
    assert killed_at_point(api.ground.app, partial(deed.send, api), "after_commit")
    assert deed.send(api).status_code == 200


def test_the_database_itself_wants_another_person(api: Api, sold: str) -> None:
    mark(api.as_("clerk"), sold)
    alone = "UPDATE delivery SET confirmed_at = marked_at, confirmed_by = carrier_id, received_by = 'self', "
    with pytest.raises(Exception, match="two_persons"):
        api.ground.run(alone + "is_signed = FALSE")
