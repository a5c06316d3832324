"""The invariants of stocktakes: what was posted is what two persons found, and nothing else."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from pointshop.ledger.verify import Check, marked_rows
from pointshop.shop.models import StockMove
from pointshop.storeroom.models import StocktakeCount

_first = aliased(StocktakeCount)
_first_of_round = and_(
    _first.village_id == StocktakeCount.village_id,
    _first.stocktake_id == StocktakeCount.stocktake_id,
    _first.product_code == StocktakeCount.product_code,
    _first.round == StocktakeCount.round,
    _first.place == 1,
)
_where = (
    StocktakeCount.village_id,
    StocktakeCount.stocktake_id,
    StocktakeCount.product_code,
    StocktakeCount.round,
)

CHECKS = (
    Check(
        "stocktake_was_counted_by_two",
        "I14",
        "盘点记账的差额不是两人分别盘得",
        select(*_where, StocktakeCount.actor_id)
        .outerjoin(_first, _first_of_round)
        .where(
            StocktakeCount.agrees.is_(True),
            or_(
                _first.round.is_(None),
                _first.actor_id == StocktakeCount.actor_id,
                _first.quantity - _first.book != StocktakeCount.quantity - StocktakeCount.book,
            ),
        ),
    ),
    Check(
        "stocktake_posted_its_difference",
        "I10",
        "盘点一致的差额与出入库账不符",
        select(*_where, StockMove.quantity)
        .outerjoin(
            StockMove,
            and_(
                StockMove.village_id == StocktakeCount.village_id,
                StockMove.product_code == StocktakeCount.product_code,
                StockMove.seq == StocktakeCount.move_seq,
            ),
        )
        .where(
            StocktakeCount.move_seq.is_not(None),
            or_(
                StockMove.seq.is_(None),
                StockMove.kind != "count",
                StockMove.quantity != StocktakeCount.quantity - StocktakeCount.book,
            ),
        ),
    ),
    marked_rows(StocktakeCount),
)
