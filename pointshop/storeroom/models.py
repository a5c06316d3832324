"""Tables of stocktakes, deliveries and wishes. What was counted is never changed; a wrong count is counted again."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers

#: who took what was brought
RECEIVERS = ("self", "family", "neighbour")


class Stocktake(Base):
    """A stocktake (盘点单): two persons count the same goods, neither knowing what the other found."""

    __tablename__ = "stocktake"
    __table_args__ = (
        Index("ix_stocktake_opened", "village_id", "opened_at", "id"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_someone"),
        CheckConstraint("closed_at >= opened_at", name="closed_after_start"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    note: Mapped[str | None] = mapped_column(String(200))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None] = mapped_column(BigInteger)


class StocktakeLine(Base):
    """A product that a stocktake is to count. Never changed."""

    __tablename__ = "stocktake_line"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "stocktake_id"], ["stocktake.village_id", "stocktake.id"]),
        ForeignKeyConstraint(["village_id", "product_code"], ["product.village_id", "product.code"]),
        Index("ix_stocktake_line_product", "village_id", "product_code"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    stocktake_id: Mapped[str] = mapped_column(Name, primary_key=True)
    product_code: Mapped[str] = mapped_column(String(20), primary_key=True)


class StocktakeCount(Base):
    """What one of the two found of a product, against the book at the same instant. Never changed.

    Two counts make a round. Where both found the same difference it is posted with the second; else they count again.
    """

    __tablename__ = "stocktake_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "stocktake_id", "product_code"],
            ["stocktake_line.village_id", "stocktake_line.stocktake_id", "stocktake_line.product_code"],
        ),
        ForeignKeyConstraint(
            ["village_id", "product_code", "move_seq"],
            ["stock_move.village_id", "stock_move.product_code", "stock_move.seq"],
        ),
        #: two persons
        UniqueConstraint("village_id", "stocktake_id", "product_code", "round", "actor_id"),
        CheckConstraint("round > 0", name="round"),
        CheckConstraint("place BETWEEN 1 AND 2", name="place"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("book >= 0", name="book"),
        CheckConstraint("(place = 2) = (agrees IS NOT NULL)", name="second_agrees_or_not"),
        CheckConstraint(
            "(COALESCE(agrees, FALSE) AND quantity <> book) = (move_seq IS NOT NULL)", name="agreed_is_posted"
        ),
        CheckConstraint("(move_seq IS NULL) = (value_fen IS NULL)", name="posted_has_value"),
        *whole_numbers("round", "place", "quantity", "book", "move_seq", "value_fen"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    stocktake_id: Mapped[str] = mapped_column(Name, primary_key=True)
    product_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    round: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: 1 who counted first, 2 who counted second
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: the list it came in
    count_id: Mapped[str] = mapped_column(Name)
    #: the instant it holds for
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: what was found
    quantity: Mapped[int] = mapped_column(Integer)
    #: what the stock book said at that instant
    book: Mapped[int] = mapped_column(Integer)
    #: whether the second found the same difference as the first
    agrees: Mapped[bool | None] = mapped_column(Boolean(name="agrees"))
    #: the move that posted it
    move_seq: Mapped[int | None] = mapped_column(Integer)
    #: what was found more, or is gone (negative), at cost
    value_fen: Mapped[int | None] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: digest of all of the above
    mark: Mapped[str] = mapped_column(String(16))


class Delivery(Base):
    """Goods of a redemption that are carried to a household which cannot fetch them (送货上门)."""

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "redemption_id"], ["redemption.village_id", "redemption.id"]),
        Index("ix_delivery_marked", "village_id", "marked_at", "redemption_id"),
        one_of("received_by", RECEIVERS),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("(confirmed_at IS NULL) = (received_by IS NULL)", name="confirmed_has_receiver"),
        CheckConstraint("(confirmed_at IS NULL) = (is_signed IS NULL)", name="confirmed_is_signed_or_not"),
        #: who carried goods away does not alone say that they arrived
        CheckConstraint("is_signed OR (confirmed_by <> carrier_id AND confirmed_by <> marked_by)", name="two_persons"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    redemption_id: Mapped[str] = mapped_column(Name, primary_key=True)
    carrier_id: Mapped[int] = mapped_column(BigInteger)
    marked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    marked_by: Mapped[int] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(BigInteger)
    received_by: Mapped[str | None] = mapped_column(String(10))
    #: the household signed the slip
    is_signed: Mapped[bool | None] = mapped_column(Boolean(name="is_signed"))


class Wish(Base):
    """Something a household would like to find in the shop (心愿)."""

    __tablename__ = "wish"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_wish_household", "village_id", "household_id"),
        Index("ix_wish_recorded", "village_id", "recorded_at", "id"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    item: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[int] = mapped_column(BigInteger)
