"""Tables of PINs and of who set them."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
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

#: Wrong PINs in a row that are listened to.
MOST_WRONG = 5
#: why it could be set: there was none, who came knew the one before, the committee gave another
BASES = ("first", "known", "reset")


class PinChange(Base):
    """That a household's PIN was set, by whom, and which card lay on the table (密码设置记录). Never changed."""

    __tablename__ = "pin_change"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "card_id"], ["card.village_id", "card.id"]),
        UniqueConstraint("village_id", "household_id", "serial", name="uq_pin_change_serial"),
        Index("ix_pin_change_card", "village_id", "card_id"),
        Index("ix_pin_change_at", "village_id", "at", "id"),
        CheckConstraint("serial > 0", name="serial"),
        one_of("basis", BASES),
        *whole_numbers("serial"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    #: 1 for a household's first PIN, 2 for the next
    serial: Mapped[int] = mapped_column(Integer)
    card_id: Mapped[str] = mapped_column(Name)
    basis: Mapped[str] = mapped_column(String(5))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)


class Pin(Base):
    """A household's PIN (兑换密码), as a keyed digest. The key is not in the database."""

    __tablename__ = "household_pin"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "change_id"], ["pin_change.village_id", "pin_change.id"]),
        Index("ix_household_pin_change", "village_id", "change_id"),
        CheckConstraint(f"wrong BETWEEN 0 AND {MOST_WRONG}", name="wrong"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("(wrong = 0) = (last_wrong IS NULL)", name="wrong_has_last"),
        *whole_numbers("wrong"),
        {"info": {"dist": "village_id", "secret": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    household_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: by which it was set; also its salt
    change_id: Mapped[str] = mapped_column(Name)
    #: HMAC-SHA-256, hex (pins.rules)
    digest: Mapped[str] = mapped_column(String(64))
    #: of the key: another installation's cannot tell right from wrong, and counts nothing
    key_mark: Mapped[str] = mapped_column(String(8))
    #: since it was set or last given rightly
    wrong: Mapped[int] = mapped_column(SmallInteger, default=0)
    #: under which name which wrong PIN came last, as a keyed digest: sent again it is the same guess
    last_wrong: Mapped[str | None] = mapped_column(String(64))
