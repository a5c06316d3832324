"""Stocktakes. The second count of a round compares and, where both agree, posts: one unit of work, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, or_, select, update

from pointshop.core.errors import Forbidden, Invalid, NotFound, Refused
from pointshop.core.ids import derived_name
from pointshop.core.marks import row_mark
from pointshop.core.work import Change, Work
from pointshop.merits.refusals import InFuture, TooOld
from pointshop.regions.queries import hold_village
from pointshop.shop.lots import Batch, batches_on_hand, value_of
from pointshop.shop.models import Product
from pointshop.shop.stock import Held, Move, hold_products, move_stock
from pointshop.storeroom import queries
from pointshop.storeroom.models import Stocktake, StocktakeCount, StocktakeLine
from pointshop.storeroom.queries import CountRow
from pointshop.storeroom.rules import Found, agree, is_settled, next_place


class Closed(Refused):
    code, title = "not_pending", "这次盘点已经结束"


class Told(NamedTuple):
    """What somebody counted: product → pieces. at: the instant it holds for; None for now."""

    pieces: Mapping[str, int]
    at: datetime | None


_OPEN = Change(insert(Stocktake))
_ADD_LINE = Change(insert(StocktakeLine))
_ADD_COUNT = Change(insert(StocktakeCount))
_CLOSE = Change(
    update(Stocktake)
    .where(Stocktake.village_id == bindparam("in_village"), Stocktake.id == bindparam("stocktake"))
    .values(closed_at=bindparam("now"), closed_by=bindparam("who"))
)


def open_stocktake(
    work: Work, village_id: int, name: str, *, products: Sequence[str] | None, note: str | None, actor_id: int
) -> None:
    """Set out to count. products: codes; None for all that is on the list or on the shelf.

    Raises Invalid for products that are not there, or that another stocktake is counting.
    """
    # two who set out at once would both count the same goods
    hold_village(work, village_id)
    known = {
        row.code: row.is_there
        for row in work.read(
            select(Product.code, or_(Product.is_active, Product.on_hand > 0).label("is_there")).where(
                Product.village_id == village_id
            )
        )
    }
    taken = queries.products_being_counted(work, village_id)
    wanted = sorted(code for code, is_there in known.items() if is_there) if products is None else products
    errors = {f"products.{index}": ["没有这件商品"] for index, code in enumerate(wanted) if code not in known}
    errors |= {f"products.{index}": ["另一张盘点单正在盘"] for index, code in enumerate(wanted) if code in taken}
    if errors or not wanted:
        raise Invalid(errors=errors or {"products": ["没有可盘的商品"]})
    _OPEN.run(
        work,
        village_id=village_id,
        id=name,
        note=note,
        opened_at=work.now,
        opened_by=actor_id,
        closed_at=None,
        closed_by=None,
    )
    _ADD_LINE.run_all(work, [{"village_id": village_id, "stocktake_id": name, "product_code": code} for code in wanted])


def enter_counts(work: Work, village_id: int, name: str, *, of: str, told: Told, actor_id: int) -> None:
    """Write down what somebody counted, and post what two agree on. name: of this list; of: the stocktake.

    Raises NotFound, Closed, Invalid (not on the stocktake, or settled), Forbidden (counted by the same person),
    InFuture, TooOld (before the stocktake began).
    """
    held = queries.hold_stocktake(work, village_id, of)
    if held is None:
        raise NotFound("没有这张盘点单")
    opened_at, closed_at = held
    if closed_at is not None:
        raise Closed()
    at = told.at or work.now
    if at > work.now:
        raise InFuture("清点时间在将来")
    if at < opened_at:
        raise TooOld("清点时间早于盘点开始")
    before = queries.counts_of(work, village_id, of)
    _check_lines(work, village_id, of, told, before, actor_id)
    goods = hold_products(work, village_id, told.pieces)
    book = {code: product.on_hand for code, product in goods.items()}
    if told.at is not None:
        earlier = queries.book_at(work, village_id, told.pieces, at)
        book = {code: earlier.get(code, 0) for code in goods}
    entry = _Entry(village_id, of, name, at, actor_id)
    _write(work, entry, _compared(work, entry, told, goods, book, before))


def close_stocktake(work: Work, village_id: int, name: str, *, actor_id: int) -> None:
    """End a stocktake; what two have not agreed on stays as the book has it. Raises NotFound, Closed."""
    held = queries.hold_stocktake(work, village_id, name)
    if held is None:
        raise NotFound("没有这张盘点单")
    if held[1] is not None:
        raise Closed()
    _CLOSE.run(work, in_village=village_id, stocktake=name, now=work.now, who=actor_id)


class _Entry(NamedTuple):
    """One list of counts: where it belongs, which instant it holds for, and whose it is."""

    village_id: int
    stocktake: str
    name: str
    at: datetime
    actor_id: int


class _Compared(NamedTuple):
    product: Held
    found: Found


def _check_lines(
    work: Work, village_id: int, of: str, told: Told, before: Mapping[str, list[CountRow]], actor_id: int
) -> None:
    listed = {code for code, _, _ in queries.products_of(work, village_id, of)}
    errors: dict[str, list[str]] = {}
    for index, code in enumerate(told.pieces):
        counts = [row.found for row in before.get(code, ())]
        if code not in listed:
            errors[f"lines.{index}.product"] = ["不在这张盘点单上"]
        elif is_settled(counts):
            errors[f"lines.{index}.product"] = ["已经盘清"]
        elif counts and counts[-1].place == 1 and counts[-1].actor_id == actor_id:
            raise Forbidden("您已经盘过，须由另一人再盘")
    if errors:
        raise Invalid(errors=errors)


def _compared(
    work: Work,
    entry: _Entry,
    told: Told,
    goods: Mapping[str, Held],
    book: Mapping[str, int],
    before: Mapping[str, list[CountRow]],
) -> list[_Compared]:
    posted = queries.last_counts(work, entry.village_id, told.pieces)
    compared = []
    for code, pieces in told.pieces.items():
        counts = [row.found for row in before.get(code, ())]
        number, place = next_place(counts)
        found = Found(number, place, entry.actor_id, entry.at, pieces, book[code], None)
        if place == 2:
            first = counts[-1]
            since = min(first.counted_at, entry.at)
            agrees = agree(
                first, found, on_hand=goods[code].on_hand, counted_since=code in posted and posted[code] > since
            )
            found = found._replace(agrees=agrees)
        compared.append(_Compared(goods[code], found))
    return compared


def _write(work: Work, entry: _Entry, compared: Sequence[_Compared]) -> None:
    """Post the differences that two agree on, then write the counts that point to their moves."""
    right = [each for each in compared if each.found.agrees and each.found.difference]
    shelf = {
        each.product.code: batches_on_hand(work, entry.village_id, product=each.product.code).get(each.product.code, [])
        for each in right
    }
    moves = [_move(entry, each) for each in right]
    moved = move_stock(work, entry.village_id, moves, actor_id=entry.actor_id) if moves else []
    posted = {
        each.product.code: (line.seq, _value(work, entry, each, shelf[each.product.code]))
        for each, line in zip(right, moved, strict=True)
    }
    _ADD_COUNT.run_all(
        work, [_row(work, entry, each, *posted.get(each.product.code, (None, None))) for each in compared]
    )


def _move(entry: _Entry, each: _Compared) -> Move:
    change = each.found.difference
    return Move(
        each.product,
        change,
        "count",
        id=derived_name(entry.name, each.product.code),
        counted=each.product.on_hand + change,
        note="两人盘点一致",
    )


def _value(work: Work, entry: _Entry, each: _Compared, before: Sequence[Batch]) -> int:
    """What is gone cost what would have left first; what was found costs as the newest did."""
    change = each.found.difference
    if change < 0:
        return -value_of(before, -change)
    after = batches_on_hand(work, entry.village_id, product=each.product.code)[each.product.code]
    newest = max(after, key=lambda batch: batch.seq)
    return change * (newest.cost_fen or 0)


def _row(work: Work, entry: _Entry, each: _Compared, move_seq: int | None, value_fen: int | None) -> dict[str, Any]:
    # in the order of the table's columns: the mark is read over them in that order
    row = {
        "village_id": entry.village_id,
        "stocktake_id": entry.stocktake,
        "product_code": each.product.code,
        "round": each.found.round,
        "place": each.found.place,
        "count_id": entry.name,
        "counted_at": entry.at,
        "quantity": each.found.quantity,
        "book": each.found.book,
        "agrees": each.found.agrees,
        "move_seq": move_seq,
        "value_fen": value_fen,
        "recorded_at": work.now,
        "actor_id": entry.actor_id,
    }
    return row | {"mark": row_mark(*row.values())}
