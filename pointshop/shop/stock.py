"""Goods on the shelf: holding products against change, and moving them. The only way stock moves."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from pointshop.core.errors import Invalid
from pointshop.core.marks import row_mark
from pointshop.core.periods import PeriodKind
from pointshop.core.work import Change, Prepared, Work
from pointshop.shop.models import Lot, Product, StockMove
from pointshop.shop.refusals import OutOfStock

#: Most pieces of one product that fit the shelf, and most in one delivery.
MAX_STOCK = 1_000_000


class Held(NamedTuple):
    """A product, held against change until the unit of work ends."""

    code: str
    name: str
    unit: str
    points: int
    limit_quantity: int | None
    limit_period: PeriodKind | None
    is_active: bool
    on_hand: int
    last_seq: int


class Move(NamedTuple):
    """Goods to move. change: onto the shelf when positive, never 0."""

    product: Held
    change: int
    kind: str
    id: str | None = None
    counted: int | None = None
    cost_fen: int | None = None
    donor: str | None = None
    note: str | None = None
    redemption_id: str | None = None


class Moved(NamedTuple):
    """The line that was written."""

    seq: int
    on_hand_after: int


_COLUMNS = tuple(getattr(Product, name) for name in Held._fields)
_SET = Change(
    update(Product)
    .where(Product.village_id == bindparam("village_id"), Product.code == bindparam("product_code"))
    .values(on_hand=bindparam("on_hand_after"), last_seq=bindparam("seq"))
)
_ADD = Change(insert(StockMove))
_ADD_LOT = Change(insert(Lot))


def hold_products(work: Work, village_id: int, codes: Iterable[str]) -> dict[str, Held]:
    """Code → product, of those that exist. Rows are locked in the order of codes: two baskets cannot embrace."""
    wanted = sorted(set(codes))
    named = {f"code_{index}": code for index, code in enumerate(wanted)}
    return {row[0]: Held(*row) for row in _hold(len(wanted)).all(work, village_id=village_id, **named)}


@cache
def _hold(count: int) -> Prepared[*tuple[Any, ...]]:
    # a prepared statement has no lists, so there is one for each size of a basket (at most 50)
    codes = [bindparam(f"code_{index}", type_=Product.code.type) for index in range(count)]
    return Prepared(
        select(*_COLUMNS)
        .where(Product.village_id == bindparam("village_id"), Product.code.in_(codes))
        .order_by(Product.code)
        .with_for_update()
    )


def move_stock(work: Work, village_id: int, moves: Sequence[Move], *, actor_id: int) -> list[Moved]:
    """Move held products, each at most once, and write their lines; whoever calls has checked what is there."""
    moved = [Moved(move.product.last_seq + 1, move.product.on_hand + move.change) for move in moves]
    rows = [_row(work, village_id, move, line, actor_id) for move, line in zip(moves, moved, strict=True)]
    _SET.run_all(work, rows)
    _ADD.run_all(work, rows)
    return moved


def record_move(
    work: Work, village_id: int, move_id: str, asked: Mapping[str, Any], *, actor_id: int
) -> tuple[int, int]:
    """Receive, write off or count goods (入库、报损、盘点); returns (change, on_hand_after).

    asked: product, kind, quantity, cost_fen, donor, note, best_before, supplier, names_donor; for a count, quantity is
    what was found and the difference is posted; where there is none, nothing moves. Raises Invalid for an unknown
    product or an overfull shelf, OutOfStock when more is written off than there is.
    """
    product = hold_products(work, village_id, [asked["product"]]).get(asked["product"])
    if product is None:
        raise Invalid(errors={"product": ["没有这件商品"]})
    change = _change(product, asked["kind"], asked["quantity"])
    if change:
        move = Move(
            product,
            change,
            asked["kind"],
            id=move_id,
            counted=asked["quantity"] if asked["kind"] == "count" else None,
            cost_fen=asked["cost_fen"],
            donor=asked["donor"],
            note=asked["note"],
        )
        (moved,) = move_stock(work, village_id, [move], actor_id=actor_id)
        _describe(work, village_id, product.code, moved.seq, asked)
    return change, product.on_hand + change


def _describe(work: Work, village_id: int, code: str, seq: int, asked: Mapping[str, Any]) -> None:
    """Write down what is said of goods received, where anything is."""
    said = (asked["best_before"], asked["supplier"], asked["names_donor"])
    if any(said):
        best_before, supplier, names_donor = said
        # in the order of the table's columns: the mark is read over them in that order
        row = {
            "village_id": village_id,
            "product_code": code,
            "move_seq": seq,
            "best_before": best_before,
            "supplier": supplier,
            "names_donor": names_donor,
        }
        _ADD_LOT.run(work, **row, mark=row_mark(*row.values()))


def _change(product: Held, kind: str, quantity: int) -> int:
    if kind == "count":
        return quantity - product.on_hand
    if kind == "receive":
        if product.on_hand + quantity > MAX_STOCK:
            raise Invalid(errors={"quantity": [f"库存不能超过 {MAX_STOCK}"]})
        return quantity
    if quantity > product.on_hand:
        raise OutOfStock(
            f"{product.name} 只有 {product.on_hand} {product.unit}，不能报损 {quantity} {product.unit}",
            data={"product": product.code, "on_hand": product.on_hand},
        )
    return -quantity


def _row(work: Work, village_id: int, move: Move, line: Moved, actor_id: int) -> dict[str, object]:
    # in the order of the table's columns: the mark is read over them in that order
    row: dict[str, object] = {
        "village_id": village_id,
        "product_code": move.product.code,
        "seq": line.seq,
        "id": move.id,
        "kind": move.kind,
        "quantity": move.change,
        "on_hand_after": line.on_hand_after,
        "counted": move.counted,
        "cost_fen": move.cost_fen,
        "donor": move.donor,
        "note": move.note,
        "recorded_at": work.now,
        "actor_id": actor_id,
        "redemption_id": move.redemption_id,
    }
    row["mark"] = row_mark(*row.values())
    return row
