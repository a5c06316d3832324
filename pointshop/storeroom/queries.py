"""Reads of stocktakes."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.shop.models import Product, StockMove
from pointshop.storeroom.models import Stocktake, StocktakeCount, StocktakeLine
from pointshop.storeroom.rules import Found

_Closer = aliased(User)


class StocktakeRow(NamedTuple):
    """opened_by, closed_by: names."""

    id: str
    note: str | None
    opened_at: datetime
    closed_at: datetime | None
    opened_by: str
    closed_by: str | None


class CountRow(NamedTuple):
    """A count with who counted and what was posted."""

    product: str
    found: Found
    counter: str
    move_seq: int | None
    value_fen: int | None


_ROW: AnySelect = (
    select(
        Stocktake.id,
        Stocktake.note,
        Stocktake.opened_at,
        Stocktake.closed_at,
        func.coalesce(User.name, SYSTEM_NAME),
        _Closer.name,
    )
    .outerjoin(User, User.id == Stocktake.opened_by)
    .outerjoin(_Closer, _Closer.id == Stocktake.closed_by)
)
_BY_ID = Prepared(_ROW.where(Stocktake.village_id == bindparam("village_id"), Stocktake.id == bindparam("id")))
_HELD = Prepared(
    select(Stocktake.opened_at, Stocktake.closed_at)
    .where(Stocktake.village_id == bindparam("village_id"), Stocktake.id == bindparam("id"))
    .with_for_update()
)


def stocktakes(village_id: int) -> AnySelect:
    """The stocktakes of a village; unordered."""
    return _ROW.where(Stocktake.village_id == village_id)


def get_stocktake(work: Work, village_id: int, name: str) -> StocktakeRow:
    """Raises NotFound."""
    found: Any = _BY_ID.first(work, village_id=village_id, id=name)
    if found is None:
        raise NotFound("没有这张盘点单")
    return StocktakeRow(*found)


def hold_stocktake(work: Work, village_id: int, name: str) -> tuple[datetime, datetime | None] | None:
    """(opened, closed) of a stocktake that nobody else counts into or closes until the unit of work ends."""
    return _HELD.first(work, village_id=village_id, id=name)


def products_of(work: Work, village_id: int, name: str) -> list[tuple[str, str, str]]:
    """(code, name, unit) of what a stocktake is to count, by code."""
    statement = (
        select(Product.code, Product.name, Product.unit)
        .join(
            StocktakeLine,
            and_(StocktakeLine.village_id == Product.village_id, StocktakeLine.product_code == Product.code),
        )
        .where(StocktakeLine.village_id == village_id, StocktakeLine.stocktake_id == name)
        .order_by(Product.code)
    )
    return [(row.code, row.name, row.unit) for row in work.read(statement)]


def products_being_counted(work: Work, village_id: int) -> set[str]:
    """Codes that stand on a stocktake which is not closed."""
    statement = (
        select(StocktakeLine.product_code)
        .join(
            Stocktake,
            and_(Stocktake.village_id == StocktakeLine.village_id, Stocktake.id == StocktakeLine.stocktake_id),
        )
        .where(StocktakeLine.village_id == village_id, Stocktake.closed_at.is_(None))
    )
    return {code for (code,) in work.read(statement)}


def counts_of(work: Work, village_id: int, name: str) -> dict[str, list[CountRow]]:
    """Product → what was counted of it, in order."""
    statement: AnySelect = (
        select(
            StocktakeCount.product_code,
            *(getattr(StocktakeCount, column) for column in Found._fields),
            func.coalesce(User.name, SYSTEM_NAME),
            StocktakeCount.move_seq,
            StocktakeCount.value_fen,
        )
        .outerjoin(User, User.id == StocktakeCount.actor_id)
        .where(StocktakeCount.village_id == village_id, StocktakeCount.stocktake_id == name)
        .order_by(StocktakeCount.product_code, StocktakeCount.round, StocktakeCount.place)
    )
    counts = defaultdict[str, list[CountRow]](list)
    for product, *found, counter, move_seq, value_fen in work.read(statement):
        counts[product].append(CountRow(product, Found(*found), counter, move_seq, value_fen))
    return counts


def book_at(work: Work, village_id: int, codes: Collection[str], instant: datetime) -> dict[str, int]:
    """Product → what the stock book said at an instant; products of which it had no line are not in it."""
    last = (
        select(StockMove.product_code, func.max(StockMove.seq).label("seq"))
        .where(
            StockMove.village_id == village_id,
            StockMove.product_code.in_(sorted(codes)),
            StockMove.recorded_at <= instant,
        )
        .group_by(StockMove.product_code)
        .subquery()
    )
    statement = (
        select(StockMove.product_code, StockMove.on_hand_after)
        .join(last, and_(last.c.product_code == StockMove.product_code, last.c.seq == StockMove.seq))
        .where(StockMove.village_id == village_id)
    )
    return {row.product_code: row.on_hand_after for row in work.read(statement)}


def last_counts(work: Work, village_id: int, codes: Collection[str]) -> dict[str, datetime]:
    """Product → when a count of it was last posted, by a stocktake or otherwise."""
    statement = (
        select(StockMove.product_code, func.max(StockMove.recorded_at).label("at"))
        .where(
            StockMove.village_id == village_id,
            StockMove.product_code.in_(sorted(codes)),
            StockMove.kind == "count",
        )
        .group_by(StockMove.product_code)
    )
    return {row.product_code: row.at for row in work.read(statement)}
