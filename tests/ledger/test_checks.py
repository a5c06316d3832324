"""Every figure of the books, changed behind the service's back, is found and named."""

from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, SmallInteger

from pointshop.core.db import Base, reading
from pointshop.ledger.models import Account, Entry, Tally
from tests.behind import behind_the_back, tamper
from tests.books import violations
from tests.ground import OTHER, Ground
from tests.world import World

pytestmark = pytest.mark.breaks_the_books

_BOOKS = (Account, Entry, Tally)
_OTHER = int(OTHER)
#: table, column → what is written there, and a check that must find it
_FOUND_BY: dict[tuple[str, str], tuple[Any, str]] = {
    ("account", "village_id"): (_OTHER, "account_has_household"),
    ("account", "id"): (77, "account_has_household"),
    ("account", "balance"): (76, "balance_is_sum_of_entries"),
    ("account", "last_seq"): (6, "passbook_ends_where_account_says"),
    ("entry", "village_id"): (_OTHER, "entry_has_account"),
    ("entry", "account_id"): (2, "entry_says_what_it_said"),
    ("entry", "seq"): (9, "passbook_chain_unbroken"),
    ("entry", "points"): (-1, "passbook_chain_unbroken"),
    ("entry", "balance_after"): (1, "passbook_chain_unbroken"),
    ("entry", "actor_id"): (99, "entry_says_what_it_said"),
    ("entry", "reverses"): (2, "reversal_takes_back_one_line"),
    ("tally", "village_id"): (_OTHER, "entry_has_account"),
    ("tally", "account_id"): (2, "tally_is_sum_of_posted_merits"),
    ("tally", "member_id"): (1, "tally_is_sum_of_posted_merits"),
    ("tally", "points"): (6, "tally_is_sum_of_posted_merits"),
}
#: the same for what is no number
_FOUND_TOO: dict[tuple[str, str], tuple[Any, str]] = {
    ("entry", "kind"): ("gift", "entry_says_what_it_said"),
    ("entry", "counter"): ("gift", "entry_says_what_it_said"),
    ("entry", "occurred_on"): ("2020-01-01", "entry_says_what_it_said"),
    ("entry", "recorded_at"): ("2020-01-01T00:00:00.000000Z", "deed_before_its_line"),
    ("entry", "source_kind"): ("redemption", "entry_says_what_it_said"),
    ("entry", "source_id"): ("018f6f2e-0000-7000-8000-000000000001", "line_has_its_merit"),
    ("entry", "mark"): ("0000000000000000", "entry_says_what_it_said"),
    ("tally", "month"): ("2020-01", "tally_is_sum_of_posted_merits"),
    ("tally", "category"): ("其他", "tally_is_sum_of_posted_merits"),
}
#: the one row that is changed
_ROW = {
    "account": "id = 1",
    "entry": "account_id = 1 AND seq = 5",
    "tally": "account_id = 1 AND category = '环境卫生'",
}


def _numeric(table: type[Base]) -> set[tuple[str, str]]:
    kinds = (Integer, BigInteger, SmallInteger)
    return {(table.__tablename__, column.name) for column in table.__table__.columns if isinstance(column.type, kinds)}


def test_no_figure_of_the_books_is_left_out_here() -> None:
    assert set(_FOUND_BY) == set().union(*map(_numeric, _BOOKS))


def test_the_books_are_in_order_to_begin_with(booked: World) -> None:
    assert booked.see(violations) == {}
    assert booked.balance() == 75


@pytest.mark.parametrize(
    ("place", "change"), (_FOUND_BY | _FOUND_TOO).items(), ids=map(".".join, _FOUND_BY | _FOUND_TOO)
)
def test_a_change_is_found_and_named(
    ground: Ground, booked: World, place: tuple[str, str], change: tuple[Any, str]
) -> None:
    (table, column), (value, check) = place, change
    tamper(ground, f"UPDATE {table} SET {column} = ? WHERE village_id = {booked.village} AND {_ROW[table]}", value)
    found = booked.see(violations)
    assert check in found, found
    rows = found[check]
    assert isinstance(rows, list) and {row["village_id"] for row in rows} <= {booked.village_id, _OTHER}


@pytest.mark.parametrize("table", _ROW)
def test_a_row_that_is_gone_is_missed(ground: Ground, booked: World, table: str) -> None:
    tamper(ground, f"DELETE FROM {table} WHERE village_id = {booked.village} AND {_ROW[table]}")
    assert booked.see(violations)


def test_a_line_slipped_in_is_found(ground: Ground, booked: World) -> None:
    columns = ", ".join(column.name for column in Entry.__table__.columns)
    copied = columns.replace(" seq,", " 99,").replace(" reverses,", " NULL,")
    tamper(ground, f"INSERT INTO entry ({columns}) SELECT {copied} FROM entry WHERE account_id = 1 AND seq = 2")
    found = booked.see(violations)
    assert {"balance_is_sum_of_entries", "passbook_chain_unbroken", "line_has_its_merit"} <= found.keys()


def test_a_line_taken_back_twice_is_found(ground: Ground, booked: World) -> None:
    tamper(ground, "UPDATE entry SET reverses = 4 WHERE account_id = 1 AND seq = 3")
    assert "line_reversed_once" in booked.see(violations)


def test_points_from_nowhere_are_found(ground: Ground, booked: World) -> None:
    """An opening balance needs no merit, so it stands first or not at all."""
    tamper(ground, "UPDATE entry SET kind = 'opening', source_kind = 'opening' WHERE account_id = 1 AND seq = 2")
    assert "opening_is_the_first_line" in booked.see(violations)


def test_a_debt_is_found(ground: Ground, booked: World) -> None:
    with behind_the_back(ground) as connection:
        connection.execute("UPDATE entry SET balance_after = -5 WHERE account_id = 1 AND seq = 5")
        connection.execute("UPDATE account SET balance = -5 WHERE id = 1")
    assert "balance_never_negative" in booked.see(violations)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET points = 1",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "UPDATE account SET balance = -1 WHERE id = 1",
        "UPDATE account SET balance = 1.5 WHERE id = 1",
        "UPDATE account SET balance = 'abc' WHERE id = 1",
        "UPDATE account SET balance = NULL WHERE id = 1",
        "UPDATE account SET status = 'gone' WHERE id = 1",
        "UPDATE account SET last_seq = -1 WHERE id = 1",
        "UPDATE tally SET points = 2.5",
        "UPDATE merit SET quantity = 0",
        "UPDATE merit SET quantity = 10000",
        "UPDATE merit SET points = 0",
        "UPDATE merit SET state = 'gone'",
        "UPDATE merit SET state = 'reversed', reversed_at = NULL",
        "UPDATE rule_version SET points = 0",
        "UPDATE rule_version SET cap = 0, cap_period = 'day'",
        "UPDATE rule_version SET cap = 1",
    ],
)
def test_the_database_itself_refuses_nonsense(booked: World, sql: str) -> None:
    with booked.app.app_context(), pytest.raises(Exception, match=r"append-only|constraint failed"):
        reading().raw.execute(sql)
    assert booked.see(violations) == {}
