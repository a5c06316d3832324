"""What row locks and keys hold when many come at once (threats.md F09–F11), and what happens where they are off.

The races that both databases must stand are in the features' own folders; here are their twins, and what only
PostgreSQL can do: deadlock.
"""

import random
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from pointshop.core.db import db
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.ledger.models import Entry
from pointshop.shop import redeeming, stock
from pointshop.shop.stock import Held, hold_products
from tests.api import Api
from tests.ground import HOME
from tests.merits.deeds import log
from tests.on_postgresql import PostgresqlGround
from tests.postgresql.unguarded import with_a_meeting, without_row_locks
from tests.shop.counter import Counter
from tests.together import at_once, outcomes
from tests.world import World


def redeem_at_once(shop: Counter, times: int, **order: Any) -> dict[object, int]:
    return outcomes(at_once([lambda: shop.redeem(shop.order(**order), name=new_name())] * times))


def test_two_for_one_purse_with_locks_one_hears_why(shop: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.stock(points=60)
    with_a_meeting(monkeypatch, meet_after="FOR UPDATE OF account")
    assert redeem_at_once(shop, 2, points=60) == {201: 1, (422, "insufficient_points"): 1}
    assert (shop.balance(), shop.on_hand()) == (40, 99)


@pytest.mark.breaks_the_books
def test_two_for_one_purse_without_locks_something_else_must_stop_them(
    shop: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both see enough; the guarded UPDATE of the balance is the second net, the chain of stock moves the third."""
    shop.stock("P001", points=60)
    shop.stock("P002", points=60)
    without_row_locks(monkeypatch, meet_after="FOR UPDATE OF account")
    orders = [shop.order((code, 1), points=60) for code in ("P001", "P002")]
    refused = [
        answer for answer in at_once([partial(shop.redeem, order) for order in orders]) if answer.status_code != 201
    ]
    # data of the service's own check name the household; here only the posting itself refused
    assert [answer.get_json(force=True)["data"] for answer in refused] == [{"balance": 40, "needed": 60}]


def test_last_piece_for_two_households_with_locks_one_hears_why(shop: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.stock(on_hand=1)
    with_a_meeting(monkeypatch, meet_after="FROM product")
    orders = [shop.order(household=number) for number in ("0001", "0002")]
    found = outcomes(at_once([partial(shop.redeem, order) for order in orders]))
    assert found == {201: 1, (422, "out_of_stock"): 1}


def test_last_piece_for_two_households_without_locks_one_fails_in_the_middle(
    shop: Counter, ground: PostgresqlGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both see it on the shelf; only the number of the stock move, which is a key, is in the second one's way."""
    shop.stock(on_hand=1)
    keys: list[str] = []
    attempt = stock.move_stock

    def noting(work: Work, *arguments: Any, **options: Any) -> Any:
        try:
            return attempt(work, *arguments, **options)
        except Exception as error:
            keys.append(type(error).__name__)
            raise

    monkeypatch.setattr(redeeming, "move_stock", noting)
    without_row_locks(monkeypatch, meet_after="FROM product")
    orders = [shop.order(household=number) for number in ("0001", "0002")]
    found = outcomes(at_once([partial(shop.redeem, order) for order in orders]))
    assert keys == ["UniqueViolation"]
    # run again as a whole, it hears the truth
    assert found == {201: 1, (422, "out_of_stock"): 1}


@pytest.fixture
def capped(world: World) -> World:
    world.household()
    world.rule(cap=2, cap_period="day")
    return world


def test_a_cap_holds_at_its_boundary_for_twenty(capped: World, api: Api) -> None:
    worker = api.as_("worker")
    answers = at_once([partial(log, worker, note=f"{number}") for number in range(20)])
    assert outcomes(answers) == {201: 2, (422, "cap_exceeded"): 18}
    assert capped.balance() == 10


@pytest.mark.breaks_the_books
def test_without_the_account_lock_the_cap_is_overrun(capped: World, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = api.as_("worker")
    log(worker, note="first")
    without_row_locks(monkeypatch, meet_after="coalesce(sum(merit.quantity)")
    answers = at_once([partial(log, worker, note=f"{number}") for number in range(2)])
    assert outcomes(answers) == {201: 2}
    assert capped.balance() == 15


def test_one_name_sent_twenty_times_is_done_once(capped: World, api: Api) -> None:
    worker, name = api.as_("worker"), new_name()
    answers = at_once([partial(log, worker, name=name)] * 20)
    assert outcomes(answers) == {201: 1, 200: 19}
    assert len({answer.data for answer in answers}) == 1
    assert capped.balance() == 5


@pytest.mark.breaks_the_books
def test_without_its_key_one_name_is_done_twice(
    shop: Counter, ground: PostgresqlGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.stock()
    ground.run(
        "ALTER TABLE command DROP CONSTRAINT pk_command",
        "ALTER TABLE redemption DROP CONSTRAINT pk_redemption CASCADE",
        "ALTER TABLE redemption_line DROP CONSTRAINT pk_redemption_line",
    )
    with_a_meeting(monkeypatch, meet_after="FROM command")
    name, order = new_name(), shop.order()
    assert outcomes(at_once([lambda: shop.redeem(order, name=name)] * 2)) == {201: 2}
    assert shop.balance() == 90


# --- deadlocks ---


def deadlocks(shop: Counter, ground: PostgresqlGround) -> int:
    """How many the server has seen in this database; connections that close have told of theirs."""
    with shop.app.app_context():
        db.engine.dispose()
    ((count,),) = ground.server.run("SELECT deadlocks FROM pg_stat_database WHERE datname = 'village'")
    return int(count)


def baskets(shop: Counter, count: int, *, seed: int) -> list[dict[str, Any]]:
    """Orders of four of six products in random order, by two households."""
    chance, codes = random.Random(seed), [f"P{number}" for number in range(6)]
    for code in codes:
        shop.stock(code, points=1, on_hand=1000)
    households = ("0001", "0002")
    return [
        shop.order(*((code, 1) for code in chance.sample(codes, 4)), points=4, household=households[number % 2])
        for number in range(count)
    ]


def test_sixteen_counters_with_baskets_in_random_order_never_deadlock(shop: Counter, ground: PostgresqlGround) -> None:
    orders = baskets(shop, 32, seed=1)
    before = deadlocks(shop, ground)
    answers = at_once([partial(_redeem_all, shop, orders[number::16]) for number in range(16)])
    found = outcomes([answer for each in answers for answer in each])
    # households have 100 and 40 points: 16 baskets of 4 for the first, 10 for the second
    assert found == {201: 26, (422, "insufficient_points"): 6}
    assert deadlocks(shop, ground) == before


def _redeem_all(shop: Counter, orders: list[dict[str, Any]]) -> list[Any]:
    return [shop.redeem(order) for order in orders]


def test_without_the_order_of_locks_two_baskets_embrace(
    shop: Counter, ground: PostgresqlGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unit of work is run again and both get their goods, after a second of waiting for nothing."""
    for code in ("P1", "P2"):
        shop.stock(code, points=1)
    before = deadlocks(shop, ground)
    monkeypatch.setattr(redeeming, "hold_products", _hold_as_they_come)
    with_a_meeting(monkeypatch, meet_after="FROM product")
    orders = [
        shop.order(("P1", 1), ("P2", 1), points=2, household="0001"),
        shop.order(("P2", 1), ("P1", 1), points=2, household="0002"),
    ]
    assert outcomes(at_once([partial(shop.redeem, order) for order in orders])) == {201: 2}
    assert deadlocks(shop, ground) > before


def _hold_as_they_come(work: Work, village_id: int, codes: list[str]) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for code in codes:
        found |= hold_products(work, village_id, [code])
    return found


def test_entries_of_a_race_are_numbered_without_a_gap(shop: Counter, world: World) -> None:
    shop.stock(points=1)
    redeem_at_once(shop, 30, points=1)
    lines = world.see(
        lambda work: work.read(
            select(Entry.account_id, func.max(Entry.seq), func.count())
            .where(Entry.village_id == int(HOME))
            .group_by(Entry.account_id)
        ).all()
    )
    assert all(last == count for _, last, count in lines)
