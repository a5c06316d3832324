"""The sheet that thanks those who gave (爱心捐赠鸣谢): goods and money of a period, by giver."""

from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from pointshop.core.work import Work
from pointshop.notices.drawing import NAMELESS, Drawn, Item, Span, giver_in_public, joined, naming
from pointshop.publishing.table_sheet import Total
from pointshop.shop.goods_queries import MoveRow, ProductRow, products, stock_moves
from pointshop.shop.models import Product, StockMove
from pointshop.treasury.models import FundEntry

_LONGEST_LIST = 400


@dataclass(slots=True)
class Gifts:
    """What somebody gave. goods: product → pieces."""

    goods: dict[str, int] = field(default_factory=dict)
    money_fen: int = 0


def draw_thanks(work: Work, village_id: int, span: Span) -> Drawn:
    """Who gave what; those who did not agree to be named stand together in the last line."""
    policy = naming(work, village_id).policy
    every = products(village_id, active=None, q=None).order_by(Product.code)
    goods = {row.code: row for row in (ProductRow(*row) for row in work.read(every))}
    givers: dict[str, Gifts] = {}
    moves = stock_moves(village_id, product=None, first=span.first, last=span.last).where(StockMove.donor.is_not(None))
    for row in work.read(moves.order_by(StockMove.recorded_at, StockMove.product_code, StockMove.seq)):
        move = MoveRow(*row)
        name = giver_in_public(move.donor or "", is_named=move.names_donor, policy=policy)
        given = givers.setdefault(name, Gifts()).goods
        given[move.product_code] = given.get(move.product_code, 0) + move.quantity
    for party, is_named, fen in _money(work, village_id, span):
        name = giver_in_public(party, is_named=is_named, policy=policy)
        givers.setdefault(name, Gifts()).money_fen += fen
    ordered = sorted(givers.items(), key=lambda giver: giver[0] == NAMELESS)
    items: tuple[Item, ...] = tuple(
        {
            "name": name,
            "gifts": joined(
                [f"{goods[code].name}×{pieces}{goods[code].unit}" for code, pieces in gifts.goods.items()],
                longest=_LONGEST_LIST,
            )
            or None,
            "money_fen": gifts.money_fen or None,
        }
        for name, gifts in ordered
    )
    money = Total(label="捐款合计", value=sum(gifts.money_fen for gifts in givers.values()), unit="元")
    return Drawn(span, items, (money,))


def _money(work: Work, village_id: int, span: Span) -> list[tuple[str, bool, int]]:
    """(giver, agreed to be named, fen) of each donation that was not taken back."""
    back = aliased(FundEntry)
    statement = (
        select(FundEntry.party, FundEntry.names_party, FundEntry.amount_fen)
        .outerjoin(back, and_(back.village_id == FundEntry.village_id, back.reverses == FundEntry.seq))
        .where(
            FundEntry.village_id == village_id,
            FundEntry.kind == "donation",
            FundEntry.occurred_on.between(span.first, span.last),
            back.seq.is_(None),
        )
        .order_by(FundEntry.seq)
    )
    return [(row.party, row.names_party, row.amount_fen) for row in work.read(statement)]
