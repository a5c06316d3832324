"""Lots: what is left of what came, told from the stock book; their sum is what the book says is there."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.core import clock
from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from pointshop.shop.lots import Batch, Line, batches_left, value_of
from tests.shop.counter import Counter, problem

_AT = datetime(2026, 11, 1, tzinfo=UTC)


def line(
    kind: str, quantity: int, *, until: date | None = None, cost: int | None = None, by: str | None = None
) -> Line:
    return Line("P", 0, kind, quantity, by, cost, _AT, until, None, None)


def book(*lines: Line) -> list[Line]:
    return [each._replace(seq=number) for number, each in enumerate(lines, start=1)]


def left(batches: list[Batch]) -> list[tuple[int, int]]:
    """(line that brought it, pieces left) in the order in which they leave."""
    return [(batch.seq, batch.left) for batch in batches]


def test_what_expires_first_leaves_first_and_what_never_does_leaves_last() -> None:
    goods = [
        line("receive", 10),
        line("receive", 10, until=date(2027, 5, 1)),
        line("receive", 10, until=date(2027, 1, 1)),
        line("redeem", -12, by="r1"),
    ]
    assert left(batches_left(book(*goods))) == [(2, 8), (1, 10)]


def test_goods_without_dates_leave_in_the_order_they_came() -> None:
    assert left(batches_left(book(line("receive", 3), line("receive", 3), line("write_off", -4)))) == [(2, 2)]


def test_a_void_puts_back_what_its_redemption_took() -> None:
    first = [line("receive", 2, until=date(2027, 1, 1)), line("receive", 5), line("redeem", -4, by="r1")]
    voided = [*first, line("redeem", -1, by="r2"), line("return", 4, by="r1")]
    assert left(batches_left(book(*first))) == [(2, 3)]
    assert left(batches_left(book(*voided))) == [(1, 2), (2, 4)]


def test_what_a_count_finds_more_costs_as_the_newest_did() -> None:
    found = batches_left(book(line("receive", 2, cost=300), line("receive", 2, cost=400), line("count", 1)))
    assert [(batch.left, batch.cost_fen, batch.best_before) for batch in found] == [
        (2, 300, None),
        (2, 400, None),
        (1, 400, None),
    ]


def test_goods_are_valued_in_the_order_in_which_they_leave() -> None:
    found = batches_left(book(line("receive", 2, cost=300), line("receive", 2), line("receive", 2, cost=400)))
    assert [value_of(found, pieces) for pieces in (0, 1, 3, 5, 6)] == [0, 300, 600, 1000, 1400]


class _Step(NamedTuple):
    kind: str
    pieces: int
    expires: int | None


_steps = st.lists(
    st.builds(
        _Step,
        st.sampled_from(["receive", "redeem", "return", "write_off", "count"]),
        st.integers(1, 9),
        st.none() | st.integers(0, 5),
    ),
    max_size=40,
)


@given(_steps)
def test_the_pieces_left_are_what_the_book_says(steps: list[_Step]) -> None:
    lines, on_hand = list[Line](), 0
    sold = list[tuple[str, int]]()
    for number, step in enumerate(steps):
        until = None if step.expires is None else date(2027, 1, 1) + timedelta(days=step.expires)
        if step.kind == "receive":
            change, made = step.pieces, line("receive", step.pieces, until=until)
        elif step.kind == "return":
            if not sold:
                continue
            name, change = sold.pop()
            made = line("return", change, by=name)
        elif step.kind == "count":
            change = step.pieces - on_hand
            made = line("count", change)
        else:
            change = -min(step.pieces, on_hand)
            made = line(step.kind, change, by=f"r{number}" if step.kind == "redeem" else None)
            if step.kind == "redeem" and change:
                sold.append((f"r{number}", -change))
        if change:
            on_hand += change
            lines.append(made)
    found = batches_left(book(*lines))
    assert sum(batch.left for batch in found) == on_hand
    assert all(batch.left > 0 for batch in found)
    assert found == sorted(found, key=Batch.leaves_before)


def test_lots_are_received_told_and_used_up(shop: Counter) -> None:
    shop.stock(on_hand=0)
    today = village_day(now())
    soon, later = (today + timedelta(days=days) for days in (20, 200))
    assert shop.move("receive", 10, best_before=later.isoformat(), cost_fen=300, supplier="县供销社").status_code == 201
    answer = shop.move("receive", 4, best_before=soon.isoformat(), cost_fen=250, donor="李大山", names_donor=True)
    told = answer.get_json()
    assert (told["best_before"], told["donor"], told["names_donor"], told["supplier"]) == (
        soon.isoformat(),
        "李大山",
        True,
        None,
    )
    assert shop.redeem(shop.order()).status_code == 201
    lots = shop.get("lots").get_json()
    assert [(lot["left"], lot["days_left"], lot["supplier"], lot["donor"]) for lot in lots["items"]] == [
        (3, 20, None, "李大山"),
        (10, 200, "县供销社", None),
    ]
    assert lots["stock_fen"] == 3 * 250 + 10 * 300
    assert [lot["left"] for lot in shop.get("lots?within=30").get_json()["items"]] == [3]
    with clock.at(now() + timedelta(days=25)):
        (expired,) = shop.get("lots?within=0").get_json()["items"]
        assert expired["days_left"] == -5
    moves = shop.get("stock-moves").get_json()["items"]
    assert [(move["kind"], move["supplier"], move["names_donor"]) for move in moves] == [
        ("redeem", None, False),
        ("receive", None, True),
        ("receive", "县供销社", False),
    ]
    assert shop.broken() == {}


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("write_off", {"best_before": "2027-01-01"}, "best_before"),
        ("count", {"supplier": "县供销社"}, "supplier"),
        ("receive", {"names_donor": True}, "names_donor"),
        ("receive", {"supplier": "县供销社", "donor": "李大山"}, "supplier"),
        ("receive", {"best_before": "2027-02-30"}, "best_before"),
    ],
)
def test_what_is_said_of_goods_must_fit(shop: Counter, kind: str, more: dict[str, Any], field: str) -> None:
    shop.stock()
    assert problem(shop.move(kind, 1, **more))["errors"].keys() == {field}


def test_receiving_again_under_one_name_is_done_once(shop: Counter) -> None:
    shop.stock(on_hand=0)
    name, body = new_name(), {"product": "P001", "kind": "receive", "quantity": 3, "best_before": "2027-01-01"}
    assert [shop.ask("PUT", f"stock-moves/{name}", body).status_code for _ in range(2)] == [201, 200]
    assert [lot["left"] for lot in shop.get("lots").get_json()["items"]] == [3]


def test_running_low_is_what_the_village_or_the_product_says(shop: Counter) -> None:
    shop.stock("P1", on_hand=5)
    shop.stock("P2", on_hand=6)
    shop.stock("P3", on_hand=6, low_stock=20)
    shop.stock("P4", on_hand=5, low_stock=0)

    def low() -> list[str]:
        return [each["code"] for each in shop.get("products").get_json()["items"] if each["is_low"]]

    assert low() == ["P1", "P3"]
    shop.set(low_stock=6)
    assert low() == ["P1", "P2", "P3"]
    assert shop.get("settings", by="manager").get_json()["low_stock"] == 6


def test_a_village_from_before_the_setting_runs_low_at_five(shop: Counter) -> None:
    shop.run("UPDATE village SET low_stock = NULL")
    shop.stock("P1", on_hand=5)
    assert shop.get("products/P1").get_json()["is_low"] is True
    assert shop.get("settings", by="manager").get_json()["low_stock"] == 5
