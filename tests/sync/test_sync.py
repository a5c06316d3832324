"""What phones did while they had no signal: exactly once, in whatever order it comes."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from pointshop.core.clock import now
from pointshop.core.db import Base
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.ledger.models import Account, Entry, Tally
from pointshop.merits.models import Merit
from tests.api import Api, Caller
from tests.ground import OTHER, Ground
from tests.merits.deeds import batch, day, deed
from tests.staff import hire
from tests.together import at_once, outcome
from tests.world import World


def _sync(caller: Caller, operations: Any, **more: Any) -> Any:
    return caller.post("/sync", {"device_now": now().isoformat(), "operations": operations} | more)


def _refused(caller: Caller, change: dict[str, Any]) -> object:
    return outcome(caller.post("/sync", {"device_now": now().isoformat(), "operations": [_merit()]} | change))


def _results(caller: Caller, operations: Any) -> list[tuple[int, str | None]]:
    """Status and code of each."""
    answer = _sync(caller, operations)
    assert answer.status_code == 200, answer.text
    results = answer.get_json()["results"]
    assert len(results) == len(operations)
    return [(result["status"], result["body"].get("code")) for result in results]


def _merit(household: str = "0001", **more: Any) -> dict[str, Any]:
    return {"put": f"merits/{new_name()}", "body": deed(household, **more)}


@pytest.fixture
def village(world: World) -> World:
    world.rule()
    world.rule("H1", track="honor", points=2)
    world.households(5)
    return world


def test_each_operation_is_answered_like_its_own_call(api: Api, village: World) -> None:
    worker = api.as_("worker")
    first = _merit(note="扫街")
    operations = [first, {"put": f"merit-batches/{new_name()}", "body": batch("0001", "0002")}]
    answer = _sync(worker, operations).get_json()
    assert [result["put"] for result in answer["results"]] == [operation["put"] for operation in operations]
    assert [result["status"] for result in answer["results"]] == [201, 201]
    own = worker.put(f"/{first['put']}", first["body"])
    assert (own.status_code, own.get_json()) == (200, answer["results"][0]["body"])
    again = _sync(worker, operations).get_json()["results"]
    assert [result["status"] for result in again] == [200, 200]
    assert [result["body"] for result in again] == [result["body"] for result in answer["results"]]
    assert (village.balance("0001"), village.balance("0002")) == (10, 5)


def test_a_bad_operation_stops_no_other(api: Api, village: World) -> None:
    household = _merit("none")
    bad: list[tuple[Any, tuple[int, str]]] = [
        (None, (422, "validation")),
        (1, (422, "validation")),
        ([], (422, "validation")),
        ("merits", (422, "validation")),
        ({}, (422, "validation")),
        ({"put": f"merits/{new_name()}"}, (422, "validation")),
        ({"put": None, "body": {}}, (422, "validation")),
        ({"put": "x" * 10_000, "body": {}}, (422, "validation")),
        ({"put": f"merits/{new_name()}", "body": deed(), "actor": 1}, (422, "validation")),
        ({"put": f"merits/{new_name()}", "body": None}, (422, "validation")),
        ({"put": f"merits/{new_name()}", "body": []}, (422, "validation")),
        ({"put": f"merits/{new_name()}", "body": deed(points=100)}, (422, "validation")),
        ({"put": f"merits/{new_name()}", "body": deed(quantity=2**63)}, (422, "validation")),
        (household, (422, "validation")),
        (_merit(rule="none"), (422, "rule_not_in_force")),
        (_merit(occurred_on=day(1)), (422, "in_future")),
        (_merit(occurred_on=day(-40)), (422, "too_old")),
        ({"put": f"merits/{new_name().upper()}", "body": deed()}, (400, "bad_request")),
        ({"put": f"/merits/{new_name()}", "body": deed()}, (400, "bad_request")),
        ({"put": f"merits/{new_name()}/../../x", "body": deed()}, (400, "bad_request")),
        ({"put": f"households/0001/cards/{new_name()}", "body": {}}, (400, "bad_request")),
        ({"put": "merits/", "body": deed()}, (400, "bad_request")),
        ({"put": f"redemptions/{new_name()}", "body": {}}, (403, "forbidden")),
        ({"put": f"merits/{new_name()}/review", "body": {"decision": "approve"}}, (403, "forbidden")),
        ({"put": f"merits/{new_name()}/reversal", "body": {"reason": "x"}}, (403, "forbidden")),
        ({"put": f"merits/{new_name()}/withdrawal", "body": {"reason": "x"}}, (404, "not_found")),
    ]
    operations = [each for number, (operation, _) in enumerate(bad) for each in (operation, _merit(note=str(number)))]
    expected = [each for _, refusal in bad for each in (refusal, (201, None))]
    assert _results(api.as_("worker"), operations) == expected
    assert village.balance() == 5 * len(bad)
    # refusals of the trade stick, mistakes of the form do not
    village.household("none")
    assert _results(api.as_("worker"), [household]) == [(201, None)]


def test_dependent_operations_may_come_in_any_order_and_be_sent_again(api: Api, village: World) -> None:
    merit = _merit()
    withdrawal = {"put": f"{merit['put']}/withdrawal", "body": {"reason": "记错了"}}
    village.settings(review_levels=1)
    assert _results(api.as_("worker"), [withdrawal, merit]) == [(404, "not_found"), (201, None)]
    assert _results(api.as_("worker"), [withdrawal, merit]) == [(201, None), (200, None)]


def test_a_phone_that_throws_away_whatever_was_answered_leaves_undone_what_came_too_early(
    api: Api, village: World
) -> None:
    """The anomaly is real: what waits for something else has to be brought again."""
    merit = _merit()
    withdrawal = {"put": f"{merit['put']}/withdrawal", "body": {"reason": "记错了"}}
    village.settings(review_levels=1)
    queue = [withdrawal, merit]
    answered = _results(api.as_("worker"), queue)
    kept = [operation for operation, (status, _) in zip(queue, answered, strict=True) if status >= 500]
    assert _results(api.as_("worker"), kept) == []
    assert api.as_("worker").get(f"/{merit['put']}").get_json()["state"] == "submitted"


@pytest.mark.parametrize("role", ["admin", "reviewer", "clerk", "supervisor", "viewer"])
def test_only_those_who_log_send(api: Api, village: World, role: str) -> None:
    assert outcome(_sync(api.as_(role), [_merit()])) == (403, "forbidden")
    assert outcome(_sync(api.as_("worker", of=OTHER).into(village.village), [_merit()])) == (404, "not_found")


def test_a_name_used_by_another_phone_says_nothing(api: Api, village: World) -> None:
    operation = _merit(note="金丝雀")
    _sync(api.as_("worker"), [operation])
    answer = _sync(hire(api, "second", "worker"), [operation])
    assert answer.get_json()["results"][0]["body"]["code"] == "name_reused"
    assert "金丝雀" not in answer.text


@pytest.mark.parametrize(
    "change",
    [
        {"operations": [{}] * 501},
        {"operations": {}},
        {"operations": None},
        {"device_now": "yesterday"},
        {"device_now": "2026-11-22T08:00:00"},
        {"device_now": "0001-01-01T00:00:00Z"},
        {"device_now": "9999-12-31T23:59:59-12:00"},
        {"device_now": "2026-11-22T08:00:00+99:99"},
        {"device_now": 1_763_784_000},
        {"device_now": None},
        {"device_id": 1},
    ],
)
def test_a_batch_that_is_none_is_refused_whole(api: Api, village: World, change: dict[str, Any]) -> None:
    assert _refused(api.as_("worker"), change) == (422, "validation")
    assert village.balance() == 0


@pytest.mark.parametrize("skew", [-86_400, 0, 86_400, 315_360_000])
def test_the_phone_hears_how_wrong_its_clock_is(api: Api, village: World, skew: int) -> None:
    told = _sync(api.as_("worker"), [], device_now=(now() + timedelta(seconds=skew)).isoformat()).get_json()
    assert abs(told["clock_skew_seconds"] - skew) <= 2
    assert told["results"] == []


def _queue() -> list[dict[str, Any]]:
    """Five hundred operations; none depends on another."""
    chance = random.Random(20_261_122)
    operations = [
        {
            "put": f"merits/{new_name()}",
            "body": deed(f"000{number % 5 + 1}", note=f"第{number}件", quantity=chance.randint(1, 3)),
        }
        for number in range(440)
    ]
    operations += [_merit(rule="H1", note=f"荣誉{number}") for number in range(20)]
    operations += [_merit(rule="none", note=f"{number}") for number in range(20)]
    operations += [
        {"put": f"merit-batches/{new_name()}", "body": batch("0001", "0003", note=f"批{number}")}
        for number in range(20)
    ]
    return operations


def _dump(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """The books without instants, and without the order in which each passbook was written."""
    left_out = {"recorded_at", "mark", "seq", "balance_after", "logged_at", "reversed_at", "entry_seq"}

    def rows(work: Work, table: type[Base]) -> list[tuple[Any, ...]]:
        columns = [column for column in table.__table__.columns if column.name not in left_out]
        return sorted((tuple(row) for row in work.read(select(*columns))), key=repr)

    return {table.__tablename__: world.see(partial(rows, table=table)) for table in (Account, Entry, Tally, Merit)}


_ORDERS: dict[str, Callable[[list[Any]], list[list[Any]]]] = {
    "one first, the rest backwards, and all again": lambda queue: [queue[:1], queue[:0:-1], queue],
    "shuffled, cut off, and started again": lambda queue: [random.Random(1).sample(queue, 333), queue],
}


@pytest.fixture(scope="module")
def books() -> dict[str, Any]:
    """The queue, and what the books were after its first order."""
    return {"queue": _queue()}


@pytest.mark.parametrize("order", _ORDERS)
def test_a_queue_of_five_hundred_gives_the_same_books_in_every_order(
    api: Api, village: World, books: dict[str, Any], order: str
) -> None:
    for part in _ORDERS[order](books["queue"]):
        _sync(api.as_("worker"), part)
    found = _dump(village)
    assert len(found["merit"]) == 500 and len(found["entry"]) == 480
    assert found == books.setdefault("dump", found)


def test_a_queue_sent_over_two_connections_at_once_gives_the_same_books(
    api: Api, ground: Ground, village: World, books: dict[str, Any]
) -> None:
    queue = books["queue"]
    answers = at_once([partial(_sync, api.as_("worker"), part) for part in (queue, queue[::-1])])
    assert [answer.status_code for answer in answers] == [200, 200]
    found = _dump(village)
    assert found == books.setdefault("dump", found)


def test_a_queue_whose_names_were_not_kept_is_refused_or_done_twice(api: Api, village: World) -> None:
    """The anomaly is real: under new names a phone cannot tell what was done before, and what differs counts again."""
    lines = [deed(note="扫街"), deed(note="扫街", quantity=2)]
    assert _results(api.as_("worker"), [{"put": f"merits/{new_name()}", "body": lines[0]}]) == [(201, None)]
    assert _results(api.as_("worker"), [{"put": f"merits/{new_name()}", "body": line} for line in lines]) == [
        (422, "duplicate_merit"),
        (422, "duplicate_merit"),
    ]
    again = {"put": f"merits/{new_name()}", "body": deed(note="扫街，又发一次")}
    assert _results(api.as_("worker"), [again]) == [(201, None)]
    assert village.balance() == 10
