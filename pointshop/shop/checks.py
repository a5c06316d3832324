"""The invariants of the shop (threats.md I9, I10): what was given, paid and moved agrees to the last piece."""

from sqlalchemy import Integer, and_, bindparam, case, func, literal, or_, select

from pointshop.ledger.models import Entry
from pointshop.ledger.seal import Sealed
from pointshop.ledger.verify import Check, marked_rows
from pointshop.shop.models import Lot, Product, Redemption, RedemptionLine, StockMove

_shelf = (
    select(
        Product.village_id,
        Product.code,
        Product.on_hand,
        func.coalesce(func.sum(StockMove.quantity), 0).label("sum_of_moves"),
        Product.last_seq,
        func.count(StockMove.seq).label("moves"),
        func.coalesce(func.max(StockMove.seq), 0).label("last_move"),
    )
    .outerjoin(StockMove, and_(StockMove.village_id == Product.village_id, StockMove.product_code == Product.code))
    .group_by(Product.village_id, Product.code, Product.on_hand, Product.last_seq)
    .subquery()
)

_chain = select(
    StockMove.village_id,
    StockMove.product_code,
    StockMove.seq,
    StockMove.quantity,
    StockMove.on_hand_after,
    func.row_number()
    .over(partition_by=[StockMove.village_id, StockMove.product_code], order_by=StockMove.seq)
    .label("expected_seq"),
    func.coalesce(
        func.lag(StockMove.on_hand_after).over(
            partition_by=[StockMove.village_id, StockMove.product_code], order_by=StockMove.seq
        ),
        literal(0, Integer),
    ).label("on_hand_before"),
).subquery()

_entries_of = (
    select(Entry.village_id, Entry.account_id, Entry.source_id, func.sum(Entry.points).label("points"))
    .where(Entry.source_kind == "redemption")
    .group_by(Entry.village_id, Entry.account_id, Entry.source_id)
    .subquery()
)
_lines_of = (
    select(RedemptionLine.village_id, RedemptionLine.redemption_id, func.sum(RedemptionLine.points).label("points"))
    .group_by(RedemptionLine.village_id, RedemptionLine.redemption_id)
    .subquery()
)
_moves_of = (
    select(
        StockMove.village_id,
        StockMove.redemption_id,
        StockMove.product_code,
        func.sum(StockMove.quantity).label("quantity"),
    )
    .where(StockMove.redemption_id.is_not(None))
    .group_by(StockMove.village_id, StockMove.redemption_id, StockMove.product_code)
    .subquery()
)
_is_voided = Redemption.state == "voided"
_net_points = func.coalesce(_entries_of.c.points, 0)
_net_goods = func.coalesce(_moves_of.c.quantity, 0)

SEALED_MOVES = Sealed(
    "stock_move",
    select(StockMove.mark, StockMove.quantity)
    .where(
        StockMove.village_id == bindparam("village_id"),
        StockMove.recorded_at > bindparam("after"),
        StockMove.recorded_at <= bindparam("until"),
    )
    .order_by(StockMove.recorded_at, StockMove.product_code, StockMove.seq),
)

CHECKS = (
    Check(
        "on_hand_is_sum_of_moves",
        "I10",
        "商品库存与出入库各行之和不符",
        select(_shelf).where(_shelf.c.on_hand != _shelf.c.sum_of_moves),
    ),
    Check(
        "stock_book_ends_where_product_says",
        "I10",
        "出入库最后一行与商品记载的行号不符",
        select(_shelf).where(or_(_shelf.c.last_seq != _shelf.c.moves, _shelf.c.last_seq != _shelf.c.last_move)),
    ),
    Check(
        "stock_chain_unbroken",
        "I10",
        "出入库行号或逐行库存不连续，或曾低于零",
        select(_chain).where(
            or_(
                _chain.c.seq != _chain.c.expected_seq,
                _chain.c.on_hand_after != _chain.c.on_hand_before + _chain.c.quantity,
                _chain.c.on_hand_after < 0,
            )
        ),
    ),
    Check(
        "redemption_is_paid_by_its_entry",
        "I9",
        "兑换单与付出积分的分录不符",
        select(Redemption.village_id, Redemption.id, Redemption.points, Entry.points.label("entry_points"))
        .outerjoin(
            Entry,
            and_(
                Entry.village_id == Redemption.village_id,
                Entry.account_id == Redemption.household_id,
                Entry.seq == Redemption.entry_seq,
            ),
        )
        .where(
            or_(
                Entry.seq.is_(None),
                Entry.points != -Redemption.points,
                Entry.counter != "shop",
                Entry.kind != "redemption",
                Entry.source_kind != "redemption",
                Entry.source_id != Redemption.id,
            )
        ),
    ),
    Check(
        "redemption_is_sum_of_lines",
        "I9",
        "兑换单积分与明细之和不符",
        select(Redemption.village_id, Redemption.id, Redemption.points, _lines_of.c.points.label("sum_of_lines"))
        .outerjoin(
            _lines_of,
            and_(_lines_of.c.village_id == Redemption.village_id, _lines_of.c.redemption_id == Redemption.id),
        )
        .where(Redemption.points != func.coalesce(_lines_of.c.points, 0)),
    ),
    Check(
        "line_took_its_goods",
        "I9",
        "兑换明细与出库不符",
        select(
            RedemptionLine.village_id,
            RedemptionLine.redemption_id,
            RedemptionLine.line_no,
            RedemptionLine.quantity,
            StockMove.quantity.label("moved"),
        )
        .outerjoin(
            StockMove,
            and_(
                StockMove.village_id == RedemptionLine.village_id,
                StockMove.product_code == RedemptionLine.product_code,
                StockMove.seq == RedemptionLine.move_seq,
            ),
        )
        .where(
            or_(
                StockMove.seq.is_(None),
                StockMove.kind != "redeem",
                StockMove.quantity != -RedemptionLine.quantity,
                StockMove.redemption_id != RedemptionLine.redemption_id,
            )
        ),
    ),
    Check(
        "points_settled",
        "I9",
        "兑换单的积分未付清，或作废后未退清",
        select(Redemption.village_id, Redemption.id, Redemption.state, _net_points.label("net_points"))
        .outerjoin(
            _entries_of,
            and_(
                _entries_of.c.village_id == Redemption.village_id,
                _entries_of.c.account_id == Redemption.household_id,
                _entries_of.c.source_id == Redemption.id,
            ),
        )
        .where(_net_points != case((_is_voided, 0), else_=-Redemption.points)),
    ),
    Check(
        "goods_settled",
        "I9",
        "兑换单的商品未出清，或作废后未退清",
        select(
            Redemption.village_id,
            Redemption.id,
            Redemption.state,
            RedemptionLine.product_code,
            _net_goods.label("net_goods"),
        )
        .join(
            RedemptionLine,
            and_(RedemptionLine.village_id == Redemption.village_id, RedemptionLine.redemption_id == Redemption.id),
        )
        .outerjoin(
            _moves_of,
            and_(
                _moves_of.c.village_id == RedemptionLine.village_id,
                _moves_of.c.redemption_id == RedemptionLine.redemption_id,
                _moves_of.c.product_code == RedemptionLine.product_code,
            ),
        )
        .where(_net_goods != case((_is_voided, 0), else_=-RedemptionLine.quantity)),
    ),
    Check(
        "entry_has_its_redemption",
        "I9",
        "有兑换分录而没有兑换单",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.source_id)
        .outerjoin(
            Redemption,
            and_(
                Redemption.village_id == Entry.village_id,
                Redemption.id == Entry.source_id,
                Redemption.household_id == Entry.account_id,
            ),
        )
        .where(
            or_(Entry.source_kind == "redemption", Entry.counter == "shop"),
            Redemption.id.is_(None),
        ),
    ),
    Check(
        "move_has_its_line",
        "I9",
        "有兑换出库或退库而没有兑换明细",
        select(StockMove.village_id, StockMove.product_code, StockMove.seq, StockMove.redemption_id)
        .outerjoin(
            RedemptionLine,
            and_(
                RedemptionLine.village_id == StockMove.village_id,
                RedemptionLine.redemption_id == StockMove.redemption_id,
                RedemptionLine.product_code == StockMove.product_code,
            ),
        )
        .where(StockMove.redemption_id.is_not(None), RedemptionLine.line_no.is_(None)),
    ),
    Check(
        "lot_was_received",
        "I10",
        "批次不是入库所来，或无捐赠人而记有同意公开",
        select(Lot.village_id, Lot.product_code, Lot.move_seq, StockMove.kind)
        .outerjoin(
            StockMove,
            and_(
                StockMove.village_id == Lot.village_id,
                StockMove.product_code == Lot.product_code,
                StockMove.seq == Lot.move_seq,
            ),
        )
        .where(
            or_(
                StockMove.seq.is_(None),
                StockMove.kind != "receive",
                and_(Lot.names_donor, StockMove.donor.is_(None)),
            )
        ),
    ),
    marked_rows(StockMove),
    marked_rows(Lot),
)
