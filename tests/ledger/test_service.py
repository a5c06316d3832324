"""Posting: the only way points move."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from pointshop.core.db import Base
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.ledger.models import Account, Entry, Tally, YearTally
from pointshop.ledger.service import (
    AccountNotActive,
    Honour,
    InsufficientPoints,
    Posted,
    Posting,
    count_honour,
    post,
    post_all,
    post_up_to,
)
from tests.books import violations
from tests.ground import OTHER
from tests.together import at_once
from tests.world import World


def _posting(points: int, *, account: int = 1) -> Posting:
    # a source that no feature has records of, so that `verify` misses none
    return Posting(account, points, "issue", "merit", date(2026, 11, 22), "nothing", new_name())


def _post(world: World, points: int) -> Posted:
    return world.do(lambda work: post(work, world.village_id, _posting(points), actor_id=0))


def test_a_line_moves_points_and_says_what_is_left(world: World) -> None:
    world.household(points=10)
    assert _post(world, -4) == Posted(2, -4, 6)
    assert _post(world, 1) == Posted(3, 1, 7)


def test_many_at_once_leave_the_same_as_one_by_one(world: World) -> None:
    """On PostgreSQL they are other statements."""
    other = world.of(OTHER)
    for each in (world, other):
        each.households(4, points=10)
    moves = [(1, 5), (2, -30), (1, -2), (3, 7), (4, -10), (2, 4)]
    postings = [_posting(points, account=account) for account, points in moves]
    honours = [
        Honour(account, account % 2, date(2025 + account % 2, 12, 31), category, points)
        for account, points in moves
        for category in ("助人", '他说"好"')
    ]

    def at_once(work: Work) -> list[Posted | None]:
        count_honour(work, world.village_id, honours)
        return post_all(work, world.village_id, postings, actor_id=0)

    def one_by_one(work: Work) -> list[Posted | None]:
        for honour in honours:
            count_honour(work, other.village_id, [honour])
        ways = [post if posting.points > 0 else post_up_to for posting in postings]
        return [way(work, other.village_id, posting, actor_id=0) for way, posting in zip(ways, postings, strict=True)]

    assert world.do(at_once) == other.do(one_by_one)
    for table in (Account, Entry, Tally, YearTally):
        assert _rows(world, table) == _rows(other, table)
    for table in (Tally, YearTally):
        for each in (world, other):
            # nobody did anything for them
            each.do(lambda work, table=table: work.write(delete(table)))  # type: ignore[misc]


def _rows(world: World, table: type[Base]) -> list[Any]:
    """Without what tells the villages and the instants apart."""
    told_apart = {"village_id", "recorded_at", "mark", "source_id"}
    columns = [column for column in table.__table__.columns if column.name not in told_apart]
    key = [column for column in table.__table__.primary_key if column.name != "village_id"]
    statement = select(*columns).where(table.__table__.c.village_id == world.village_id).order_by(*key)
    return [tuple(row) for row in world.see(lambda work: work.read(statement).all())]


def test_nobody_falls_into_debt(world: World) -> None:
    world.household(points=10)
    with pytest.raises(InsufficientPoints) as caught:
        _post(world, -11)
    assert caught.value.data == {"balance": 10, "needed": 11}
    assert _post(world, -10).balance_after == 0


def test_of_twenty_that_take_the_last_point_one_gets_it(world: World) -> None:
    world.household(points=1)

    def take() -> bool:
        try:
            _post(world, -1)
        except InsufficientPoints:
            return False
        return True

    assert sorted(at_once([take] * 20)) == [False] * 19 + [True]
    assert world.balance() == 0


@pytest.mark.parametrize("status", ["frozen", "closed"])
@pytest.mark.parametrize("points", [5, -5])
def test_nothing_moves_in_an_account_that_is_not_active(world: World, status: str, points: int) -> None:
    world.household(points=10)
    world.do(lambda work: work.write(update(Account).values(status=status)))
    ways: list[Callable[[Work], object]] = [
        lambda work: post(work, world.village_id, _posting(points), actor_id=0),
        lambda work: post_up_to(work, world.village_id, _posting(points), actor_id=0),
        lambda work: post_all(work, world.village_id, [_posting(points)], actor_id=0),
    ]
    for way in ways:
        with pytest.raises(AccountNotActive):
            world.do(way)
    assert world.balance() == 10


def test_taking_up_to_stops_at_zero_and_writes_nothing_for_nothing(world: World) -> None:
    world.household(points=3)
    take = partial(post_up_to, village_id=world.village_id, actor_id=0)
    assert world.do(lambda work: take(work, posting=_posting(-5))) == Posted(2, -3, 0)
    assert world.do(lambda work: take(work, posting=_posting(-5))) is None
    assert world.do(lambda work: take(work, posting=_posting(2))) == Posted(3, 2, 2)


def test_many_lines_at_once_are_written_in_the_order_given(world: World) -> None:
    world.households(2, points=3)
    postings = [_posting(-5), _posting(4, account=2), _posting(2), _posting(-1), _posting(-9, account=2), _posting(-9)]
    found = world.do(lambda work: post_all(work, world.village_id, postings, actor_id=0))
    assert found == [
        Posted(2, -3, 0),
        Posted(2, 4, 7),
        Posted(3, 2, 2),
        Posted(4, -1, 1),
        Posted(3, -7, 0),
        Posted(5, -1, 0),
    ]
    assert world.see(violations) == {}


def test_the_same_account_number_in_another_village_is_another_account(world: World) -> None:
    other = world.of("410927100201")
    world.household(points=10)
    other.household(points=20)
    _post(world, -10)
    assert (world.balance(), other.balance()) == (0, 20)
