"""Every write is a PUT to a name: what the merits' and cards' routes show of core.commands."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.commands import Answer, Asked, Command, fingerprint, once
from pointshop.core.db import unit_of_work
from pointshop.core.errors import Forbidden, NameReused, NotFound, Refused
from pointshop.core.ids import derived_name, new_name
from pointshop.core.numbers import Counter, take_numbers
from pointshop.core.work import Work
from pointshop.ledger.models import Account
from tests.api import Api
from tests.ground import OTHER
from tests.together import at_once, outcome, outcomes
from tests.world import World


class _Refusal(Refused):
    code, title = "cap_exceeded", "超过上限"


def _asked(name: str, body: Any = None, *, actor: int = 1, village: int = 410926100201) -> Asked:
    return Asked(village, "trial", name, actor, body)


def _once(world: World, asked: Asked, run: Any) -> Answer:
    with world.app.app_context():
        return once(asked, run)


def _remembered(world: World) -> list[tuple[str, int]]:
    return [(row.id, row.status) for row in world.see(lambda work: work.read(select(Command.id, Command.status)).all())]


def _never(_work: Work) -> dict[str, Any]:
    raise AssertionError("it has been done already")


def _merit(**more: Any) -> dict[str, Any]:
    return {"rule": "A1", "household": "0001", "occurred_on": clock.village_day(clock.now()).isoformat()} | more


@pytest.fixture
def village(world: World) -> World:
    world.rule()
    world.household(points=10)
    return world


def _same_answer(first: TestResponse, again: TestResponse) -> None:
    assert (first.status_code, again.status_code) == (201, 200)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data == first.data
    assert again.mimetype == first.mimetype


def test_the_same_again_gets_the_same_answer_and_changes_nothing(api: Api, village: World) -> None:
    path, body = f"/merits/{new_name()}", _merit()
    first = api.as_("worker").put(path, body)
    _same_answer(first, api.as_("worker").put(path, body))
    assert village.balance() == 15


def test_the_same_in_another_spelling_is_the_same(api: Api, village: World) -> None:
    path, body = f"/merits/{new_name()}", _merit(note="扫街")
    first = api.as_("worker").put(path, body)
    spelled = '{ "note":"\\u626b\\u8857", ' + ",".join(f'"{key}": "{body[key]}"' for key in sorted(_merit())) + "}"
    again = api.as_("worker").call("PUT", path, data=spelled, content_type="application/json; charset=utf-8")
    _same_answer(first, again)


def test_the_answer_stays_as_it_was_when_the_merit_is_taken_back(api: Api, village: World) -> None:
    name, body = new_name(), _merit()
    first = api.as_("worker").put(f"/merits/{name}", body)
    assert api.as_("manager").put(f"/merits/{name}/reversal", {"reason": "记错了"}).status_code == 201
    _same_answer(first, api.as_("worker").put(f"/merits/{name}", body))
    assert village.balance() == 10


def test_the_answer_stays_as_it_was_when_the_merit_is_reviewed(api: Api, village: World) -> None:
    village.settings(review_levels=1)
    name, body = new_name(), _merit()
    first = api.as_("worker").put(f"/merits/{name}", body)
    review = api.as_("reviewer").put(f"/merits/{name}/review", {"decision": "approve"})
    _same_answer(first, api.as_("worker").put(f"/merits/{name}", body))
    _same_answer(review, api.as_("reviewer").put(f"/merits/{name}/review", {"decision": "approve"}))
    assert village.balance() == 15


def test_a_new_token_of_the_same_user_is_still_the_same_user(api: Api, village: World) -> None:
    path, body = f"/merits/{new_name()}", _merit()
    first = api.as_("worker").put(path, body)
    login = {"username": "worker", "password": "门前大桥下 1986"}
    token = api.stranger.post("/api/v1/sessions", login).get_json()["token"]
    _same_answer(first, api.as_("worker")._replace(token=token).put(path, body))


def test_the_same_name_for_another_body_is_refused_and_changes_nothing(api: Api, village: World) -> None:
    path = f"/merits/{new_name()}"
    api.as_("worker").put(path, _merit())
    for body in (_merit(quantity=2), _merit(note="x"), _merit(quantity=1)):
        assert outcome(api.as_("worker").put(path, body)) == (422, "name_reused")
    assert village.balance() == 15


def test_a_name_of_somebody_else_says_nothing_of_what_it_was_used_for(api: Api, village: World) -> None:
    path, body = f"/merits/{new_name()}", _merit(note="金丝雀")
    api.as_("worker").put(path, body)
    for other_body in (body, _merit(quantity=2)):
        answer = api.as_("manager").put(path, other_body)
        assert outcome(answer) == (422, "name_reused")
        assert "金丝雀" not in answer.text and "0001" not in answer.text


def test_the_same_name_in_another_village_is_another_name(api: Api, village: World) -> None:
    other = village.of(OTHER)
    other.rule()
    other.household()
    path, body = f"/merits/{new_name()}", _merit()
    assert api.as_("worker").put(path, body).status_code == 201
    assert api.as_("worker", of=OTHER).put(path, body).status_code == 201
    assert (village.balance(), other.balance()) == (15, 5)


def test_the_same_name_in_another_collection_is_another_name(api: Api, village: World) -> None:
    name = new_name()
    assert api.as_("manager").put(f"/merits/{name}", _merit()).status_code == 201
    assert api.as_("manager").put(f"/households/0001/cards/{name}", {}).status_code == 201


def test_a_refusal_sticks_to_its_name(api: Api, village: World) -> None:
    village.rule("A2", cap=1, cap_period="day")
    kept, late = new_name(), new_name()
    assert api.as_("worker").put(f"/merits/{kept}", _merit(rule="A2")).status_code == 201
    refused = api.as_("worker").put(f"/merits/{late}", _merit(rule="A2", note="第二次"))
    assert outcome(refused) == (422, "cap_exceeded")
    api.as_("manager").put(f"/merits/{kept}/reversal", {"reason": "记错了"})
    again = api.as_("worker").put(f"/merits/{late}", _merit(rule="A2", note="第二次"))
    assert (again.status_code, again.data) == (422, refused.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.mimetype == "application/problem+json"
    assert api.as_("worker").put(f"/merits/{new_name()}", _merit(rule="A2", note="第二次")).status_code == 201


def test_a_refused_name_cannot_be_used_for_something_else(api: Api, village: World) -> None:
    path = f"/merits/{new_name()}"
    assert outcome(api.as_("worker").put(path, _merit(rule="none"))) == (422, "rule_not_in_force")
    assert outcome(api.as_("worker").put(path, _merit())) == (422, "name_reused")


def test_what_is_not_for_ever_does_not_stick(api: Api, village: World) -> None:
    name = new_name()
    path = f"/merits/{name}"
    assert outcome(api.as_("worker").put(path, _merit(quantity=0))) == (422, "validation")
    assert outcome(api.as_("worker").put(path, _merit(household="none"))) == (422, "validation")
    assert outcome(api.as_("worker").call("PUT", path, data="{", content_type="application/json")) == (
        400,
        "bad_request",
    )
    assert outcome(api.as_("worker").call("PUT", path, data="{}", content_type="text/plain")) == (
        415,
        "unsupported_media_type",
    )
    assert outcome(api.stranger.put(path, _merit())) == (401, "unauthenticated")
    assert outcome(api.as_("clerk").put(path, _merit())) == (403, "forbidden")
    assert outcome(api.as_("worker", of=OTHER).into(village.village).put(path, _merit())) == (404, "not_found")
    assert outcome(api.as_("manager").put(f"{path}/reversal", {"reason": "x"})) == (404, "not_found")
    assert _remembered(village) == []
    assert api.as_("worker").put(path, _merit()).status_code == 201


def test_twenty_at_once_under_one_name_are_done_once(api: Api, village: World) -> None:
    path, body = f"/merits/{new_name()}", _merit()
    answers = at_once([partial(api.as_("worker").put, path, body)] * 20)
    assert outcomes(answers) == {201: 1, 200: 19}
    assert len({answer.data for answer in answers}) == 1
    assert village.balance() == 15


def test_twenty_refusals_at_once_under_one_name_are_one_refusal(api: Api, village: World) -> None:
    path, body = f"/merits/{new_name()}", _merit(rule="none")
    answers = at_once([partial(api.as_("worker").put, path, body)] * 20)
    assert outcomes(answers) == {(422, "rule_not_in_force"): 20}
    assert len({answer.data for answer in answers}) == 1
    assert len(_remembered(village)) == 1


def test_a_refusal_after_a_change_takes_the_change_back_and_sticks(world: World) -> None:
    name = new_name()

    def change_and_refuse(work: Work) -> dict[str, Any]:
        take_numbers(work, world.village_id, "trial")
        raise _Refusal()

    first = _once(world, _asked(name), change_and_refuse)
    assert (first.status, first.replayed) == (422, False)
    assert _once(world, _asked(name), _never) == first._replace(replayed=True)
    assert world.see(lambda work: work.read(select(Counter).where(Counter.purpose == "trial")).all()) == []


def test_a_review_refused_after_the_signature_leaves_no_signature(api: Api, village: World) -> None:
    village.settings(review_levels=1)
    name = new_name()
    api.as_("worker").put(f"/merits/{name}", _merit())
    _freeze(village, "frozen")
    refused = api.as_("reviewer").put(f"/merits/{name}/review", {"decision": "approve"})
    assert outcome(refused) == (422, "account_not_active")
    _freeze(village, "active")
    again = api.as_("reviewer").put(f"/merits/{name}/review", {"decision": "approve"})
    assert (again.status_code, again.data) == (422, refused.data)
    assert (
        api.as_("reviewer").put(f"/reviews/{new_name()}", {"decision": "approve", "merits": [name]}).status_code == 201
    )
    assert village.balance() == 15


def _freeze(world: World, status: str) -> None:
    world.do(
        lambda work: work.write(update(Account).where(Account.village_id == world.village_id).values(status=status))
    )


@pytest.mark.parametrize("problem", [Forbidden, NotFound, NameReused, ValueError])
def test_what_is_no_refusal_leaves_nothing_behind(world: World, problem: type[Exception]) -> None:
    name = new_name()

    def change_and_fail(work: Work) -> dict[str, Any]:
        take_numbers(work, world.village_id, "trial")
        raise problem()

    with pytest.raises(problem):
        _once(world, _asked(name), change_and_fail)
    assert _remembered(world) == []
    assert _once(world, _asked(name), lambda work: {"number": take_numbers(work, world.village_id, "trial")[0]}) == (
        Answer(201, '{"number":1}', False)
    )


def test_a_verb_refused_once_may_be_said_in_other_words_and_is_refused_by_itself(api: Api, village: World) -> None:
    name = new_name()
    api.as_("worker").put(f"/merits/{name}", _merit())
    manager = api.as_("manager")
    assert manager.put(f"/merits/{name}/reversal", {"reason": "记错了"}).status_code == 201
    assert outcome(manager.put(f"/merits/{name}/reversal", {"reason": "还是错了"})) == (422, "already_voided")
    assert manager.put(f"/merits/{name}/reversal", {"reason": "记错了"}).status_code == 200
    assert village.balance() == 10


def test_a_verb_is_each_callers_own(api: Api, village: World) -> None:
    village.settings(review_levels=2)
    name = new_name()
    api.as_("worker").put(f"/merits/{name}", _merit())
    approve = {"decision": "approve"}
    assert api.as_("manager").put(f"/merits/{name}/review", approve).get_json()["state"] == "submitted"
    second = api.as_("reviewer").put(f"/merits/{name}/review", approve)
    assert (second.status_code, second.get_json()["state"]) == (201, "posted")
    assert api.as_("manager").put(f"/merits/{name}/review", approve).get_json()["state"] == "submitted"


def test_a_second_success_under_a_verb_is_rolled_back(world: World) -> None:
    name = new_name()
    asked = _asked(name, {"say": 1})._replace(own_refusal=True)

    def take(work: Work) -> dict[str, Any]:
        return {"number": take_numbers(work, world.village_id, "trial")[0]}

    _once(world, asked, take)
    with pytest.raises(NameReused):
        _once(world, asked._replace(body={"say": 2}), take)
    assert world.do(lambda work: take_numbers(work, world.village_id, "trial")[0]) == 2


def test_a_merit_named_like_one_of_a_batch_is_refused(api: Api, village: World) -> None:
    batch = new_name()
    inside = derived_name(batch, 0)
    body = _merit(lines=[{"household": "0001"}])
    del body["household"]
    assert api.as_("worker").put(f"/merit-batches/{batch}", body).status_code == 201
    assert outcome(api.as_("worker").put(f"/merits/{inside}", _merit(note="x"))) == (422, "name_reused")
    assert village.balance() == 15


def test_a_batch_with_a_merit_whose_name_was_taken_is_refused_whole(api: Api, village: World) -> None:
    batch = new_name()
    village.household("0002")
    assert api.as_("worker").put(f"/merits/{derived_name(batch, 1)}", _merit(note="x")).status_code == 201
    body = _merit(lines=[{"household": "0002"}, {"household": "0001"}])
    del body["household"]
    assert outcome(api.as_("worker").put(f"/merit-batches/{batch}", body)) == (422, "name_reused")
    assert (village.balance("0001"), village.balance("0002")) == (15, 0)


def test_a_command_that_a_key_stopped_is_tried_once_more(world: World) -> None:
    """On PostgreSQL two may look before either writes; the second then finds the first one's answer."""
    name = new_name()
    row = {"village_id": world.village_id, "id": name, "kind": "trial", "actor_id": 1, "status": 201, "code": None}
    ran = []

    def run(work: Work) -> dict[str, Any]:
        ran.append(work)
        if len(ran) == 1:
            # stands for the other writer; gone with the unit that it stops
            work.write(insert(Command).values(**row, asked=fingerprint(None), answer="{}", at=work.now))
        return {}

    assert _once(world, _asked(name), run) == Answer(201, "{}", False)
    assert len(ran) == 2


def test_a_command_is_one_unit_of_work(world: World) -> None:
    def nested(_work: Work) -> dict[str, Any]:
        return unit_of_work(lambda _work: {})

    with pytest.raises(RuntimeError, match="already open"):
        _once(world, _asked(new_name()), nested)
    assert _once(world, _asked(new_name()), lambda _work: {}).status == 201
