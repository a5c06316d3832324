"""What is sealed stays: the daily seal finds what every other check takes for the truth."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text

from pointshop.app import SEALED
from pointshop.core.clock import as_text
from pointshop.core.ids import new_name
from pointshop.core.marks import row_mark
from pointshop.ledger.models import Entry, Seal
from pointshop.ledger.seal import GRACE, NO_DIGEST, SealRow, find_last_seal, seal_village
from tests.api import Api
from tests.behind import Shell, behind_the_back, tamper
from tests.books import violations
from tests.ground import OTHER, Ground
from tests.world import World

_LINE = "account_id = 1 AND seq = 2"
_COLUMNS = [column.name for column in Entry.__table__.columns]


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes beside these tests, so nothing need be left for the next seal (tests/postgresql/test_seal.py)."""
    monkeypatch.setitem(GRACE, "postgresql", timedelta(microseconds=1))


def _seal(world: World) -> SealRow | None:
    return world.do(lambda work: seal_village(work, world.village_id, SEALED))


def _sealed(world: World) -> SealRow:
    found = _seal(world)
    assert found is not None
    return found


def _merit(api: Api, *, rule: str = "A1", note: str = "") -> str:
    name = new_name()
    body = {"rule": rule, "household": "0001", "occurred_on": "2026-11-22", "note": note}
    assert api.as_("worker").put(f"/merits/{name}", body).status_code == 201
    return name


def test_a_seal_counts_what_was_booked(booked: World) -> None:
    seal = _sealed(booked)
    # 100 at the start, 5, -30, 5, -5
    assert (seal.number, seal.entry_count, seal.points_moved) == (1, 5, 145)
    assert seal == booked.see(lambda work: find_last_seal(work, booked.village_id))


def test_a_second_seal_with_nothing_new_is_none(booked: World) -> None:
    _sealed(booked)
    assert _seal(booked) is None


def test_an_empty_village_has_nothing_to_seal(world: World) -> None:
    assert _seal(world) is None


def test_seals_are_a_chain_in_each_village(booked: World) -> None:
    other = booked.of(OTHER)
    other.household(points=100)
    first = _sealed(booked)
    booked.household("0003", points=1)
    second, elsewhere = _sealed(booked), _sealed(other)
    assert (second.number, second.entry_count, elsewhere.number) == (2, 1, 1)
    assert len({first.digest, second.digest, elsewhere.digest, NO_DIGEST}) == 4


@time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False)
def test_what_is_booked_in_the_instant_of_a_seal_goes_into_the_next(world: World) -> None:
    world.household("0001", points=1)
    assert _seal(world) is None
    with time_machine.travel(datetime(2026, 11, 22, 4, tzinfo=UTC), tick=False):
        world.household("0002", points=2)
        assert _sealed(world).entry_count == 1
        world.household("0003", points=3)
    with time_machine.travel(datetime(2026, 11, 22, 5, tzinfo=UTC), tick=False):
        assert _sealed(world).entry_count == 2


@pytest.mark.breaks_the_books
def test_a_changed_row_with_a_new_mark_is_found_by_the_seal_alone(ground: Ground, booked: World) -> None:
    _sealed(booked)
    row = dict(booked.see(lambda work: work.read(select(*Entry.__table__.columns)).all()[1]._mapping))
    row["occurred_on"] = row["occurred_on"].replace(day=1)
    mark = row_mark(*[row[name] for name in _COLUMNS[:-1]])
    tamper(ground, f"UPDATE entry SET occurred_on = ?, mark = ? WHERE {_LINE}", str(row["occurred_on"]), mark)
    assert booked.see(violations).keys() == {"seals"}


@pytest.mark.breaks_the_books
def test_an_end_that_was_removed_without_a_trace_is_found_by_the_seal_alone(
    api: Api, ground: Ground, booked: World
) -> None:
    """Entry, balance, tally, merit and the command's answer: all agree that it never was."""
    booked.rule("C1", points=7, category="助人")
    name = _merit(api, rule="C1")
    _sealed(booked)
    with behind_the_back(ground) as connection:
        _forget(connection, name)
    found = booked.see(violations)
    assert found.keys() == {"seals"}
    assert found["seals"] == [{"village_id": booked.village_id, "seal": 1, "sealed": 6, "found": 5}]


def _forget(connection: Shell, name: str) -> None:
    for sql in (
        "DELETE FROM entry WHERE source_id = ?",
        "DELETE FROM merit WHERE id = ?",
        "DELETE FROM command WHERE id = ?",
    ):
        assert connection.execute(sql, [name]).rowcount == 1
    connection.execute("UPDATE account SET balance = balance - 7, last_seq = last_seq - 1 WHERE id = 1")
    connection.execute("DELETE FROM tally WHERE category = '助人'")


@pytest.mark.breaks_the_books
def test_a_row_slipped_into_the_past_is_found_by_the_seal_alone(api: Api, ground: Ground, booked: World) -> None:
    seal = _sealed(booked)
    name = _merit(api, note="后来的")
    rows = booked.see(lambda work: work.read(select(*Entry.__table__.columns).where(Entry.source_id == name)).all())
    row = dict(rows[0]._mapping)
    row["recorded_at"] = seal.until_at - timedelta(seconds=1)
    mark = row_mark(*[row[column] for column in _COLUMNS[:-1]])
    tamper(
        ground,
        "UPDATE entry SET recorded_at = ?, mark = ? WHERE source_id = ?",
        as_text(row["recorded_at"]),
        mark,
        name,
    )
    found = booked.see(violations)
    assert found.keys() == {"seals"}
    assert found["seals"] == [{"village_id": booked.village_id, "seal": 1, "sealed": 5, "found": 6}]


_OF_A_SEAL: dict[str, Any] = {
    "village_id": int(OTHER),
    "number": 7,
    "sealed_on": "2020-01-01",
    "until_at": "2030-01-01T00:00:00.000000Z",
    "entry_count": 6,
    "points_moved": 146,
    "digest": NO_DIGEST,
}


def test_no_column_of_a_seal_is_left_out_here() -> None:
    assert set(_OF_A_SEAL) == {column.name for column in Seal.__table__.columns}


@pytest.mark.breaks_the_books
@pytest.mark.parametrize(("column", "value"), _OF_A_SEAL.items())
def test_a_changed_seal_is_found(ground: Ground, booked: World, column: str, value: Any) -> None:
    _sealed(booked)
    tamper(ground, f"UPDATE seal SET {column} = ?", value)
    assert "seals" in booked.see(violations)


@pytest.mark.breaks_the_books
def test_a_seal_taken_out_of_the_chain_is_found(ground: Ground, booked: World) -> None:
    for number in ("0003", "0004", "0005"):
        booked.household(number, points=1)
        _sealed(booked)
    tamper(ground, "DELETE FROM seal WHERE number = 2")
    found = booked.see(violations)["seals"]
    assert isinstance(found, list) and [seal["seal"] for seal in found] == [3]


@pytest.mark.breaks_the_books
def test_a_seal_made_anew_over_changed_rows_has_another_digest(ground: Ground, booked: World) -> None:
    """The database agrees with itself again; the digest on the wall does not."""
    printed = _sealed(booked).digest
    with behind_the_back(ground) as connection:
        connection.execute("DELETE FROM seal")
        connection.execute(f"UPDATE entry SET actor_id = 99 WHERE {_LINE}")
        row = booked.see(lambda work: work.read(select(*Entry.__table__.columns).where(text(_LINE))).one())
        connection.execute(f"UPDATE entry SET mark = ? WHERE {_LINE}", [row_mark(*row[:-1])])
    again = _sealed(booked)
    assert booked.see(violations) == {}
    assert again.digest != printed
