"""Signatures (审核)."""

from functools import partial

import pytest
from sqlalchemy import select, update

from pointshop.core.ids import new_name
from pointshop.ledger.models import Account
from pointshop.merits.models import MeritReview
from tests.api import Api
from tests.behind import tamper
from tests.books import violations
from tests.ground import OTHER, Ground
from tests.merits.deeds import honour, log, logged, reverse, review, state_of
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.world import World


@pytest.fixture
def village(world: World) -> World:
    world.rule()
    world.household()
    world.settings(review_levels=1)
    return world


def _signatures(world: World) -> int:
    return len(world.see(lambda work: work.read(select(MeritReview.level)).all()))


def test_nothing_counts_before_it_is_signed(api: Api, village: World) -> None:
    name = logged(api.as_("worker"))
    assert (state_of(api.as_("manager"), name), village.balance(), honour(api.as_("manager"))) == ("submitted", 0, 0)
    answer = review(api.as_("reviewer"), name, comment="属实")
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["balance"]) == (201, "posted", 5)
    assert (village.balance(), honour(api.as_("manager"))) == (5, 5)


def test_what_is_rejected_never_counts_and_frees_its_cap(api: Api, village: World) -> None:
    village.rule("C1", cap=1, cap_period="day")
    name = logged(api.as_("worker"), rule="C1")
    assert outcome(log(api.as_("worker"), rule="C1", note="x")) == (422, "cap_exceeded")
    assert review(api.as_("reviewer"), name, "reject", comment="不属实").get_json()["state"] == "rejected"
    assert outcome(review(api.as_("manager"), name)) == (422, "not_pending")
    assert village.balance() == 0
    # the same deed may be logged again
    assert log(api.as_("worker"), rule="C1").status_code == 201


def test_nobody_reviews_the_own_entry(api: Api, village: World) -> None:
    name = logged(api.as_("manager"))
    assert outcome(review(api.as_("manager"), name)) == (403, "forbidden")
    many = api.as_("manager").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": [name]})
    assert outcome(many) == (403, "forbidden")
    both = hire(api, "both", "worker", "reviewer")
    own = logged(both, note="x")
    assert outcome(review(both, own, "reject")) == (403, "forbidden")
    assert (_signatures(village), state_of(api.as_("manager"), own)) == (0, "submitted")


def test_two_signatures_are_of_two_people(api: Api, village: World) -> None:
    village.settings(review_levels=2)
    name = logged(api.as_("worker"))
    assert review(api.as_("reviewer"), name).get_json()["state"] == "submitted"
    assert village.balance() == 0
    assert outcome(review(api.as_("reviewer"), name, comment="再签一次")) == (403, "forbidden")
    many = api.as_("reviewer").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": [name]})
    assert outcome(many) == (403, "forbidden")
    assert review(api.as_("manager"), name).get_json()["state"] == "posted"
    assert (village.balance(), _signatures(village)) == (5, 2)


def test_the_second_may_still_reject(api: Api, village: World) -> None:
    village.settings(review_levels=2)
    name = logged(api.as_("worker"))
    review(api.as_("reviewer"), name)
    assert review(api.as_("manager"), name, "reject").get_json()["state"] == "rejected"
    assert village.balance() == 0


def test_a_merit_needs_the_signatures_of_the_day_it_was_logged(api: Api, village: World) -> None:
    village.settings(review_levels=2)
    name = logged(api.as_("worker"))
    village.settings(review_levels=0)
    assert review(api.as_("reviewer"), name).get_json()["state"] == "submitted"
    assert review(api.as_("manager"), name).get_json()["state"] == "posted"


@pytest.mark.parametrize("role", ["admin", "worker", "clerk", "supervisor", "viewer"])
def test_only_reviewers_and_managers_sign(api: Api, village: World, role: str) -> None:
    name = logged(api.as_("worker"))
    assert outcome(review(api.as_(role), name)) == (403, "forbidden")


def test_another_villages_reviewer_sees_nothing(api: Api, village: World) -> None:
    name = logged(api.as_("worker"))
    stranger = api.as_("reviewer", of=OTHER)
    assert outcome(review(stranger, name)) == (404, "not_found")
    assert outcome(review(stranger.into(village.village), name)) == (404, "not_found")
    many = stranger.put(f"/reviews/{new_name()}", {"decision": "approve", "merits": [name]})
    assert outcome(many) == (422, "validation")
    assert list(many.get_json()["errors"]) == ["merits.0"]
    assert _signatures(village) == 0


def test_what_was_posted_or_taken_back_is_not_pending(api: Api, village: World) -> None:
    posted, reversed_ = logged(api.as_("worker")), logged(api.as_("worker"), note="x")
    review(api.as_("reviewer"), posted)
    reverse(api.as_("manager"), reversed_)
    for name in (posted, reversed_):
        assert outcome(review(api.as_("manager"), name)) == (422, "not_pending")


def test_two_reviewers_at_once_post_once(api: Api, village: World) -> None:
    name = logged(api.as_("worker"))
    answers = at_once([partial(review, api.as_(role), name) for role in ("reviewer", "manager")])
    assert outcomes(answers) == {201: 1, (422, "not_pending"): 1}
    assert village.balance() == 5


def test_many_are_signed_at_once_in_the_order_asked(api: Api, village: World) -> None:
    village.household("0002")
    names = [logged(api.as_("worker"), number, note=note) for note in "ab" for number in ("0002", "0001")]
    path, body = f"/reviews/{new_name()}", {"decision": "approve", "merits": names}
    answer = api.as_("reviewer").put(path, body)
    assert (answer.status_code, [merit["id"] for merit in answer.get_json()["merits"]]) == (201, names)
    again = api.as_("reviewer").put(path, body)
    assert (again.status_code, again.data) == (200, answer.data)
    assert (village.balance("0001"), village.balance("0002")) == (10, 10)


def test_of_many_none_is_signed_when_one_cannot_be(api: Api, village: World) -> None:
    names = [logged(api.as_("worker"), note=note) for note in "abc"]
    review(api.as_("manager"), names[1])

    def ask(*merits: str) -> tuple[str, list[str]]:
        document = (
            api.as_("reviewer").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": merits}).get_json()
        )
        return document["code"], list(document.get("errors", []))

    assert ask(*names) == ("not_pending", ["merits.1"])
    assert ask(names[0], new_name()) == ("validation", ["merits.1"])
    assert ask(names[0], names[0]) == ("validation", ["merits"])
    assert ask() == ("validation", ["merits"])
    own = logged(api.as_("manager"), note="d")
    many = api.as_("manager").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": [names[0], own]})
    assert outcome(many) == (403, "forbidden")
    village.do(lambda work: work.write(update(Account).values(status="frozen")))
    assert ask(names[0], names[2]) == ("account_not_active", [])
    village.do(lambda work: work.write(update(Account).values(status="active")))
    assert (_signatures(village), village.balance()) == (1, 5)


def test_who_logged_it_may_withdraw_it_until_somebody_has_signed(api: Api, village: World) -> None:
    village.settings(review_levels=2)
    worker = api.as_("worker")
    first, second = logged(worker), logged(worker, note="x")
    assert outcome(api.as_("manager").put(f"/merits/{first}/withdrawal", {"reason": "x"})) == (404, "not_found")
    answer = worker.put(f"/merits/{first}/withdrawal", {"reason": "记错户"})
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["reason"]) == (201, "withdrawn", "记错户")
    assert outcome(worker.put(f"/merits/{first}/withdrawal", {"reason": "y"})) == (422, "not_pending")
    assert outcome(review(api.as_("reviewer"), first)) == (422, "not_pending")
    review(api.as_("reviewer"), second)
    assert outcome(worker.put(f"/merits/{second}/withdrawal", {"reason": "x"})) == (422, "not_pending")
    review(api.as_("manager"), second)
    assert outcome(worker.put(f"/merits/{second}/withdrawal", {"reason": "y"})) == (422, "not_pending")
    assert village.balance() == 5


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("change", ["reviewer_id = (SELECT logged_by FROM merit)", "decision = 'reject'"])
def test_a_signature_that_was_forged_is_found(api: Api, ground: Ground, village: World, change: str) -> None:
    review(api.as_("reviewer"), logged(api.as_("worker")))
    tamper(ground, f"UPDATE merit_review SET {change}")
    assert "approved_merit_was_signed" in village.see(violations)
