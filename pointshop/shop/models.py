"""Tables of the shop. Stock moves are append-only, chained per product like the lines of a passbook."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers
from pointshop.core.periods import PERIOD_KINDS


class Product(Base):
    """Something the shop gives for points (商品), and how many of it are there."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("village_id", "barcode"),
        CheckConstraint("points BETWEEN 1 AND 1000000", name="points"),
        CheckConstraint("on_hand >= 0", name="never_below_nothing"),
        CheckConstraint("last_seq >= 0", name="last_seq"),
        CheckConstraint("limit_quantity > 0", name="limit_quantity"),
        one_of("limit_period", PERIOD_KINDS),
        CheckConstraint("(limit_quantity IS NULL) = (limit_period IS NULL)", name="limit_has_period"),
        *whole_numbers("points", "limit_quantity", "on_hand", "last_seq"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    #: size, weight, make: 120g, 5L
    spec: Mapped[str | None] = mapped_column(String(60))
    #: what it is counted in: 支, 袋, 桶
    unit: Mapped[str] = mapped_column(String(10))
    #: price of one
    points: Mapped[int] = mapped_column(Integer)
    #: how many a household may take in one `limit_period`
    limit_quantity: Mapped[int | None] = mapped_column(Integer)
    limit_period: Mapped[str | None] = mapped_column(String(10))
    barcode: Mapped[str | None] = mapped_column(String(32))
    is_active: Mapped[bool] = mapped_column(Boolean(name="is_active"), default=True)
    #: at or below this many it runs low; where none is said, the village's setting
    low_stock: Mapped[int | None] = mapped_column(Integer)
    on_hand: Mapped[int] = mapped_column(Integer, default=0)
    #: number of the last stock move
    last_seq: Mapped[int] = mapped_column(Integer, default=0)


class StockMove(Base):
    """Goods that came or went (出入库): a line of the product's stock book. Never changed."""

    __tablename__ = "stock_move"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "product_code"], ["product.village_id", "product.code"]),
        Index(
            "uq_stock_move_id",
            "village_id",
            "id",
            unique=True,
            sqlite_where=text("id IS NOT NULL"),
            postgresql_where=text("id IS NOT NULL"),
        ),
        Index("ix_stock_move_recorded", "village_id", "recorded_at", "product_code", "seq"),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("quantity <> 0", name="moves_something"),
        CheckConstraint("on_hand_after >= 0", name="never_below_nothing"),
        one_of("kind", ["receive", "write_off", "count", "redeem", "return"]),
        CheckConstraint("kind NOT IN ('receive', 'return') OR quantity > 0", name="brings"),
        CheckConstraint("kind NOT IN ('write_off', 'redeem') OR quantity < 0", name="takes"),
        CheckConstraint("(kind IN ('receive', 'write_off', 'count')) = (id IS NOT NULL)", name="named_by_client"),
        CheckConstraint("(kind IN ('redeem', 'return')) = (redemption_id IS NOT NULL)", name="of_redemption"),
        CheckConstraint("(kind = 'count') = (counted IS NOT NULL)", name="counted"),
        CheckConstraint("counted IS NULL OR counted = on_hand_after", name="count_is_what_is_there"),
        CheckConstraint("cost_fen >= 0", name="cost_fen"),
        CheckConstraint("kind = 'receive' OR (cost_fen IS NULL AND donor IS NULL)", name="only_received_has_origin"),
        *whole_numbers("seq", "quantity", "on_hand_after", "counted", "cost_fen"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: 1, 2, 3 … without gaps for each product
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: the name a client gave it; none for what a redemption or its void moved
    id: Mapped[str | None] = mapped_column(Name)
    kind: Mapped[str] = mapped_column(String(10))
    #: onto the shelf when positive
    quantity: Mapped[int] = mapped_column(Integer)
    on_hand_after: Mapped[int] = mapped_column(Integer)
    #: what a stocktake found
    counted: Mapped[int | None] = mapped_column(Integer)
    #: what one piece cost, in fen
    cost_fen: Mapped[int | None] = mapped_column(Integer)
    #: who gave it
    donor: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: the redemption that took it or, voided, gave it back; `verify` holds this link, as with an entry's source
    redemption_id: Mapped[str | None] = mapped_column(Name)
    #: digest of all of the above
    mark: Mapped[str] = mapped_column(String(16))


class Lot(Base):
    """What is said of goods received besides their number and cost (批次). Never changed.

    It holds no pieces: how many of them are left is told from the moves (`shop.lots`).
    """

    __tablename__ = "lot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "product_code", "move_seq"],
            ["stock_move.village_id", "stock_move.product_code", "stock_move.seq"],
        ),
        Index("ix_lot_supplier", "village_id", "supplier"),
        *whole_numbers("move_seq"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: the move that received it
    move_seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: last day on which it is good
    best_before: Mapped[date | None] = mapped_column(Date)
    #: from whom it was bought
    supplier: Mapped[str | None] = mapped_column(String(60))
    #: the donor agreed to be named in public
    names_donor: Mapped[bool] = mapped_column(Boolean(name="names_donor"))
    #: digest of all of the above
    mark: Mapped[str] = mapped_column(String(16))


class Redemption(Base):
    """A household's exchange of points for goods (兑换单)."""

    __tablename__ = "redemption"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(
            ["village_id", "household_id", "entry_seq"],
            ["entry.village_id", "entry.account_id", "entry.seq"],
        ),
        ForeignKeyConstraint(["village_id", "card_id"], ["card.village_id", "card.id"]),
        Index("ix_redemption_household", "village_id", "household_id", "occurred_on"),
        Index("ix_redemption_day", "village_id", "occurred_on", "at", "id"),
        Index("ix_redemption_card", "village_id", "card_id"),
        CheckConstraint("points > 0", name="points"),
        one_of("state", ["completed", "voided"]),
        CheckConstraint("(state = 'voided') = (voided_at IS NOT NULL)", name="voided_has_instant"),
        CheckConstraint("(state = 'voided') = (voided_by IS NOT NULL)", name="voided_has_person"),
        CheckConstraint("(state = 'voided') = (void_reason IS NOT NULL)", name="voided_has_reason"),
        CheckConstraint("card_id IS NOT NULL OR note IS NOT NULL", name="slip_has_note"),
        *whole_numbers("points", "entry_seq"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    #: the card that was shown; none for a paper slip entered later
    card_id: Mapped[str | None] = mapped_column(Name)
    points: Mapped[int] = mapped_column(Integer)
    #: the passbook's line that paid; with the household's number, the number of the receipt
    entry_seq: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    occurred_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    clerk_id: Mapped[int] = mapped_column(BigInteger)
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[int | None] = mapped_column(BigInteger)
    void_reason: Mapped[str | None] = mapped_column(Text)


class RedemptionLine(Base):
    """One kind of goods on a redemption (兑换明细), named and priced as on that day. Never changed."""

    __tablename__ = "redemption_line"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "redemption_id"], ["redemption.village_id", "redemption.id"]),
        ForeignKeyConstraint(
            ["village_id", "product_code", "move_seq"],
            ["stock_move.village_id", "stock_move.product_code", "stock_move.seq"],
        ),
        #: a move serves one line
        UniqueConstraint("village_id", "product_code", "move_seq"),
        CheckConstraint("line_no > 0", name="line_no"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("points > 0", name="points"),
        *whole_numbers("line_no", "quantity", "points", "move_seq"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    redemption_id: Mapped[str] = mapped_column(Name, primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    product_code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[int] = mapped_column(Integer)
    #: of the whole line
    points: Mapped[int] = mapped_column(Integer)
    move_seq: Mapped[int] = mapped_column(Integer)


class Scan(Base):
    """A card shown at the counter (扫卡记录), also one that was refused. Never holds what was scanned."""

    __tablename__ = "scan"
    __table_args__ = (
        Index(
            "ix_scan_refused",
            "village_id",
            "at",
            "id",
            sqlite_where=text("outcome <> 'ok'"),
            postgresql_where=text("outcome <> 'ok'"),
        ),
        one_of("outcome", ["ok", "card_unknown", "card_revoked"]),
        CheckConstraint("(outcome = 'card_unknown') = (card_id IS NULL)", name="unknown_has_no_card"),
        CheckConstraint("(card_id IS NULL) = (household_id IS NULL)", name="card_has_household"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    #: in the order of time (UUIDv7)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    card_id: Mapped[str | None] = mapped_column(Name)
    household_id: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(20))
    clerk_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
