"""Each check of the shop finds the fault that was planted for it, and nothing is found before."""

from datetime import timedelta

import psycopg
import pytest

from pointshop.core import clock
from pointshop.core.db import unit_of_work
from pointshop.core.ids import new_name
from pointshop.ledger import seal
from pointshop.shop.checks import CHECKS, SEALED_MOVES
from tests.ground import HOME, Ground
from tests.shop.counter import Counter

_LINE = "WHERE redemption_id = '{standing}' AND line_no = 1"
_STANDING, _VOIDED = "WHERE id = '{standing}'", "WHERE id = '{voided}'"
#: name of the check → statements that break what it holds; `{standing}` and `{voided}` are redemptions
PLANTED = {
    "on_hand_is_sum_of_moves": "UPDATE product SET on_hand = on_hand + 1 WHERE code = 'P001'",
    "stock_book_ends_where_product_says": "UPDATE product SET last_seq = last_seq + 1 WHERE code = 'P001'",
    "stock_chain_unbroken": "DELETE FROM stock_move WHERE product_code = 'P001' AND seq = 2",
    "redemption_is_paid_by_its_entry": f"UPDATE redemption SET entry_seq = 1 {_STANDING}",
    "redemption_is_sum_of_lines": f"UPDATE redemption_line SET points = points + 1 {_LINE}",
    "line_took_its_goods": f"UPDATE redemption_line SET quantity = quantity + 1 {_LINE}",
    "points_settled": (
        f"UPDATE redemption SET state = 'completed', voided_at = NULL, voided_by = NULL, void_reason = NULL {_VOIDED}"
    ),
    "goods_settled": (
        f"UPDATE redemption SET state = 'voided', voided_at = at, voided_by = 1, void_reason = 'x' {_STANDING}"
    ),
    "entry_has_its_redemption": f"DELETE FROM redemption {_STANDING}",
    "move_has_its_line": f"DELETE FROM redemption_line {_LINE}",
    "lot_was_received": "UPDATE lot SET move_seq = 2",
    "lot_says_what_it_said": "UPDATE lot SET supplier = 'x'",
    "stock_move_says_what_it_said": "UPDATE stock_move SET donor = 'x' WHERE kind = 'receive'",
}


@pytest.fixture
def redemptions(shop: Counter) -> dict[str, str]:
    shop.stock("P001", points=5)
    shop.stock("P002", points=8)
    shop.move("write_off", 2)
    shop.move("count", 99)
    assert shop.move("receive", 1, best_before="2027-01-01", cost_fen=300).status_code == 201
    names = {"standing": new_name(), "voided": new_name()}
    for name in names.values():
        assert shop.redeem(shop.order(("P001", 1), ("P002", 2), points=21), name=name).status_code == 201
    assert shop.void(names["voided"]).status_code == 201
    return names


def test_books_that_nobody_touched_are_in_balance(shop: Counter, redemptions: dict[str, str]) -> None:
    assert shop.broken() == {}


def test_every_check_has_a_fault_planted_for_it() -> None:
    assert PLANTED.keys() == {check.name for check in CHECKS}


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("check", PLANTED)
def test_a_planted_fault_is_found(shop: Counter, ground: Ground, redemptions: dict[str, str], check: str) -> None:
    assert ground.tamper(PLANTED[check].format(**redemptions)) > 0
    found = shop.broken()
    assert check in found
    assert found[check][0]["village_id"] == int(HOME)


@pytest.mark.breaks_the_books
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("product", "on_hand"),
        ("product", "last_seq"),
        ("stock_move", "seq"),
        ("stock_move", "quantity"),
        ("stock_move", "on_hand_after"),
        ("stock_move", "actor_id"),
        ("redemption", "household_id"),
        ("redemption", "points"),
        ("redemption", "entry_seq"),
        ("redemption_line", "quantity"),
        ("redemption_line", "points"),
        ("redemption_line", "move_seq"),
    ],
)
def test_no_number_of_the_books_can_be_changed_unseen(
    shop: Counter, ground: Ground, redemptions: dict[str, str], table: str, column: str
) -> None:
    try:
        assert ground.tamper(f"UPDATE {table} SET {column} = {column} + 100") > 0
    except psycopg.errors.CheckViolation:
        # nobody gets past PostgreSQL's checks
        return
    assert shop.broken() != {}


@pytest.mark.breaks_the_books
def test_seals_cover_stock_moves(shop: Counter, ground: Ground, redemptions: dict[str, str]) -> None:
    village_id, streams = int(HOME), [seal.ENTRIES, SEALED_MOVES]
    with shop.app.app_context(), clock.at(clock.now() + timedelta(minutes=2)):
        sealed = unit_of_work(lambda work: seal.seal_village(work, village_id, streams))
        assert sealed is not None
        # 2 entries at the start, 3 of redemptions; 3 received, 1 written off, 1 counted, 4 redeemed, 2 returned
        assert sealed.entry_count == 2 + 3 + 11
    assert ground.tamper("DELETE FROM stock_move WHERE product_code = 'P002' AND seq = 4") == 1
    with shop.app.app_context():
        broken = unit_of_work(lambda work: list(seal.broken_seals(work, village_id, streams)))
    assert [found["seal"] for found in broken] == [1]


@pytest.mark.parametrize("table", ["stock_move", "redemption_line"])
@pytest.mark.parametrize("sql", ["DELETE FROM {table}", "UPDATE {table} SET quantity = quantity"])
def test_the_stock_book_only_grows(shop: Counter, redemptions: dict[str, str], table: str, sql: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        shop.run(sql.format(table=table))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE product SET on_hand = -1",
        "UPDATE product SET points = 0",
        "UPDATE product SET limit_quantity = 2",
        "UPDATE product SET limit_quantity = 2, limit_period = 'decade'",
        "UPDATE redemption SET points = -1",
        "UPDATE redemption SET state = 'voided'",
        "UPDATE redemption SET voided_at = at",
        "UPDATE redemption SET card_id = NULL",
        "UPDATE redemption SET village_id = 410927100201",
    ],
)
def test_the_database_refuses_nonsense_too(shop: Counter, redemptions: dict[str, str], sql: str) -> None:
    with pytest.raises(Exception, match="constraint"):
        shop.run(sql)
