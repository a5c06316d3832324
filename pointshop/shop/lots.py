"""Lots (批次): which of the goods received are still on the shelf, and what they cost.

Told from the stock book each time it is asked: the moves stay the only truth, and a redemption writes nothing more.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import and_, select

from pointshop.core.work import AnySelect, Work
from pointshop.shop.models import Lot, Product, StockMove


class Line(NamedTuple):
    """A line of a product's stock book, with what was said of the goods where it received any."""

    product: str
    seq: int
    kind: str
    quantity: int
    redemption_id: str | None
    cost_fen: int | None
    recorded_at: datetime
    best_before: date | None
    supplier: str | None
    donor: str | None


@dataclass(slots=True, eq=False)
class Batch:
    """Goods that came together (批次). cost_fen: of one piece, None where nobody said. left: pieces still there."""

    product: str
    seq: int
    received_at: datetime
    best_before: date | None
    cost_fen: int | None
    supplier: str | None
    donor: str | None
    left: int

    def leaves_before(self) -> tuple[date, int]:
        """The order in which batches leave: first what expires first, then what came first."""
        return (self.best_before or date.max, self.seq)


def batches_left(lines: Iterable[Line]) -> list[Batch]:
    """What is left of each batch of one product, in the order in which it leaves.

    lines: the whole book of the product in order. What a void brings back goes to the batches it was taken from; what
    a count finds beyond the book is a batch without a date, at the cost of the newest. The pieces left are as many as
    the book says are there.
    """
    shelf = _Shelf()
    for line in lines:
        shelf.take_in(line)
    return shelf.batches


class _Shelf:
    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self._newest_cost: int | None = None
        #: redemption → from which batches it took how many pieces
        self._taken: dict[str, list[tuple[Batch, int]]] = {}

    def take_in(self, line: Line) -> None:
        if line.kind == "return":
            for batch, pieces in self._taken.pop(line.redemption_id or "", []):
                self._put_back(batch, pieces)
        elif line.quantity < 0:
            taken = self._take_out(-line.quantity)
            if line.redemption_id is not None:
                self._taken[line.redemption_id] = taken
        else:
            self._add(line)

    def _add(self, line: Line) -> None:
        if line.kind == "receive" and line.cost_fen is not None:
            self._newest_cost = line.cost_fen
        cost = line.cost_fen if line.kind == "receive" else self._newest_cost
        batch = Batch(
            line.product, line.seq, line.recorded_at, line.best_before, cost, line.supplier, line.donor, line.quantity
        )
        insort(self.batches, batch, key=Batch.leaves_before)

    def _take_out(self, pieces: int) -> list[tuple[Batch, int]]:
        taken = []
        while pieces and self.batches:
            first = self.batches[0]
            count = min(pieces, first.left)
            first.left -= count
            pieces -= count
            taken.append((first, count))
            if first.left == 0:
                del self.batches[0]
        return taken

    def _put_back(self, batch: Batch, pieces: int) -> None:
        if batch.left == 0:
            insort(self.batches, batch, key=Batch.leaves_before)
        batch.left += pieces


def value_of(batches: Iterable[Batch], pieces: int) -> int:
    """What the next `pieces` to leave cost, in fen; those of unknown cost count nothing."""
    total = 0
    for batch in batches:
        count = min(pieces, batch.left)
        total += count * (batch.cost_fen or 0)
        pieces -= count
    return total


def batches_on_hand(work: Work, village_id: int, *, product: str | None = None) -> dict[str, list[Batch]]:
    """Product → its batches that are left, for all that has any on the shelf, or for one product."""
    statement: AnySelect = (
        select(
            StockMove.product_code,
            StockMove.seq,
            StockMove.kind,
            StockMove.quantity,
            StockMove.redemption_id,
            StockMove.cost_fen,
            StockMove.recorded_at,
            Lot.best_before,
            Lot.supplier,
            StockMove.donor,
        )
        .join(Product, and_(Product.village_id == StockMove.village_id, Product.code == StockMove.product_code))
        .outerjoin(
            Lot,
            and_(
                Lot.village_id == StockMove.village_id,
                Lot.product_code == StockMove.product_code,
                Lot.move_seq == StockMove.seq,
            ),
        )
        .where(StockMove.village_id == village_id, Product.on_hand > 0)
        .order_by(StockMove.product_code, StockMove.seq)
    )
    if product is not None:
        statement = statement.where(StockMove.product_code == product)
    lines = (Line(*row) for row in work.read(statement))
    return {code: batches_left(book) for code, book in groupby(lines, key=lambda line: line.product)}
