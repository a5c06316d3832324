"""Sheets drawn from the shop: who took what for how many points, and what became of the goods."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from pointshop.core.work import Work
from pointshop.notices.drawing import Drawn, Item, Span, giver_in_public, joined, naming
from pointshop.people.models import Household
from pointshop.people.public_names import heads_in_public
from pointshop.publishing.table_sheet import Total
from pointshop.shop.goods_queries import MoveRow, ProductRow, products, stock_moves
from pointshop.shop.models import Product, Redemption, StockMove
from pointshop.shop.queries import LineRow, RedemptionRow, lines_of, redemptions

_LONGEST_LIST = 400


def draw_redemptions(work: Work, village_id: int, span: Span) -> Drawn:
    """Every exchange of a period that was not voided, by day (兑换明细)."""
    statement = redemptions(village_id, household=None, first=span.first, last=span.last).where(
        Redemption.state == "completed"
    )
    rows = [
        RedemptionRow(*row)
        for row in work.read(statement.order_by(Redemption.occurred_on, Redemption.at, Redemption.id))
    ]
    lines = lines_of(work, village_id, [row.id for row in rows])
    groups = _groups(work, village_id)
    policy, year = naming(work, village_id)
    names = heads_in_public(work, village_id, {row.household_id for row in rows}, policy=policy, year=year)
    items: tuple[Item, ...] = tuple(
        {
            "done_on": row.occurred_on,
            "group_no": groups[row.household_id],
            "name": names[row.household_id],
            "goods": _goods(lines[row.id]),
            "points": row.points,
        }
        for row in rows
    )
    totals = (
        Total(label="涉及", value=len({row.household_id for row in rows}), unit="户"),
        Total(label="兑换积分合计", value=sum(row.points for row in rows), unit="分"),
    )
    return Drawn(span, items, totals)


@dataclass(slots=True)
class Flow:
    """What became of one product in a period. policy: the village's, for names. gifts: giver → pieces."""

    product: ProductRow
    policy: str
    before: int = 0
    received: int = 0
    bought: int = 0
    cost_fen: int = 0
    given: int = 0
    lost: int = 0
    gifts: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.before + self.received - self.given - self.lost

    def take(self, move: MoveRow) -> None:
        """Count one line of the stock book."""
        if move.kind == "receive":
            self.received += move.quantity
            if move.donor:
                # what a gift cost its giver is nobody's to read
                giver = giver_in_public(move.donor, is_named=move.names_donor, policy=self.policy)
                self.gifts[giver] = self.gifts.get(giver, 0) + move.quantity
            else:
                self.bought += move.quantity
                self.cost_fen += move.quantity * (move.cost_fen or 0)
        elif move.kind in ("redeem", "return"):
            self.given -= move.quantity
        else:
            self.lost -= move.quantity

    def origin(self) -> str | None:
        """From whom it came: givers who agreed are named, the rest was bought."""
        words = [f"{donor}捐赠{quantity}" for donor, quantity in self.gifts.items()]
        if self.bought:
            words.append(f"购入{self.bought}")
        return joined(words, longest=_LONGEST_LIST) or None


def draw_goods(work: Work, village_id: int, span: Span) -> Drawn:
    """What came in and from whom, what was given out and lost, what is left (物资收支)."""
    flows = [flow for flow in _flows(work, village_id, span) if flow.before or flow.received or flow.given or flow.lost]
    items: tuple[Item, ...] = tuple(
        {
            "goods": " ".join(part for part in (flow.product.name, flow.product.spec) if part),
            "unit": flow.product.unit,
            "before": flow.before,
            "received": flow.received,
            "donors": flow.origin(),
            "cost_fen": flow.cost_fen,
            "given": flow.given,
            "lost": flow.lost,
            "left": flow.left,
        }
        for flow in flows
    )
    spent = Total(label="购入金额合计", value=sum(flow.cost_fen for flow in flows), unit="元")
    return Drawn(span, items, (spent,))


def _flows(work: Work, village_id: int, span: Span) -> Iterable[Flow]:
    every = products(village_id, active=None, q=None).order_by(Product.code)
    policy = naming(work, village_id).policy
    flows = {row.code: Flow(row, policy) for row in (ProductRow(*row) for row in work.read(every))}
    begin, _ = span.instants()
    before = (
        select(StockMove.product_code, func.sum(StockMove.quantity))
        .where(StockMove.village_id == village_id, StockMove.recorded_at < begin)
        .group_by(StockMove.product_code)
    )
    for code, quantity in work.read(before):
        flows[code].before = int(quantity)
    moves = stock_moves(village_id, product=None, first=span.first, last=span.last)
    for row in work.read(moves.order_by(StockMove.recorded_at, StockMove.product_code, StockMove.seq)):
        move = MoveRow(*row)
        flows[move.product_code].take(move)
    return flows.values()


def _goods(lines: Iterable[LineRow]) -> str:
    return joined([f"{line.name}×{line.quantity}{line.unit}" for line in lines], longest=_LONGEST_LIST)


def _groups(work: Work, village_id: int) -> dict[int, int]:
    statement = select(Household.id, Household.group_no).where(Household.village_id == village_id)
    return {row.id: row.group_no for row in work.read(statement)}
