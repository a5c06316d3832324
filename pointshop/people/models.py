"""Tables of households, members and cards."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
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

#: what may happen to a household: divided, joined to another, gone to another village, come from one, a new head
CHANGES = ("split", "merge", "departure", "arrival", "head")

#: Households that have moved away or were merged, as indexes spell it.
GONE = "status <> 'active'"


class Household(Base):
    """A household (户): whom the points belong to. Its id is its account's id."""

    __tablename__ = "household"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "id"], ["account.village_id", "account.id"]),
        UniqueConstraint("village_id", "number"),
        Index("ix_household_place", "village_id", "group_no", "lane"),
        # those that rankings leave out
        Index("ix_household_gone", "village_id", "id", sqlite_where=text(GONE), postgresql_where=text(GONE)),
        CheckConstraint("group_no BETWEEN 1 AND 999", name="group_no"),
        one_of("status", ["active", "moved", "merged"]),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: 户号, what people say and print; never given to another household
    number: Mapped[str] = mapped_column(String(20))
    head: Mapped[str] = mapped_column(String(50))
    group_no: Mapped[int] = mapped_column(SmallInteger)
    lane: Mapped[str | None] = mapped_column(String(50))
    address: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    phone: Mapped[str | None] = mapped_column(String(30), info={"secret": True})
    #: the head agreed to stand on public sheets by full name; None: was not asked
    name_consent: Mapped[bool | None] = mapped_column(Boolean(name="name_consent"))
    status: Mapped[str] = mapped_column(String(10), default="active")
    #: number, names, pinyin and initials, one a line, for `LIKE`
    search_key: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Member(Base):
    """A person of a household (成员)."""

    __tablename__ = "member"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_member_household", "village_id", "household_id"),
        CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    household_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(50))
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    party_member: Mapped[bool] = mapped_column(Boolean(name="party_member"))
    volunteer: Mapped[bool] = mapped_column(Boolean(name="volunteer"))
    name_consent: Mapped[bool | None] = mapped_column(Boolean(name="name_consent"))
    #: no longer of the household; kept because merits point here
    is_former: Mapped[bool] = mapped_column(Boolean(name="is_former"), default=False)


class HouseholdChange(Base):
    """A household that was divided, joined to another, moved or got a new head (户口变动). Only its note may be erased.

    For a split and an arrival `to_household_id` is the new household, for a merge the one that goes on.
    """

    __tablename__ = "household_change"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(
            ["village_id", "to_household_id"], ["household.village_id", "household.id"], name="fk_household_change_to"
        ),
        Index("ix_household_change_from", "village_id", "household_id"),
        Index("ix_household_change_to", "village_id", "to_household_id"),
        Index(
            "uq_household_change_handover",
            "village_id",
            "handover_id",
            unique=True,
            sqlite_where=text("handover_id IS NOT NULL"),
            postgresql_where=text("handover_id IS NOT NULL"),
        ),
        one_of("kind", CHANGES),
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("(kind IN ('split', 'merge', 'arrival')) = (to_household_id IS NOT NULL)", name="leads_to"),
        CheckConstraint("(kind = 'arrival') = (household_id IS NULL)", name="comes_from"),
        CheckConstraint("(kind = 'arrival') = (handover_id IS NOT NULL)", name="arrival_has_handover"),
        CheckConstraint("(kind IN ('departure', 'arrival')) = (other_village IS NOT NULL)", name="has_other_village"),
        *whole_numbers("points"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    household_id: Mapped[int | None] = mapped_column(BigInteger)
    to_household_id: Mapped[int | None] = mapped_column(BigInteger)
    #: that went along
    points: Mapped[int] = mapped_column(BigInteger)
    #: code of the village that a household moved to or came from
    other_village: Mapped[str | None] = mapped_column(String(12))
    #: the departure there that an arrival here belongs to
    handover_id: Mapped[str | None] = mapped_column(Name)
    note: Mapped[str | None] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)


class Card(Base):
    """A household's card (积分卡): who it is, nothing more. One is in force at a time."""

    __tablename__ = "card"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        UniqueConstraint("village_id", "code"),
        Index(
            "uq_card_in_force",
            "village_id",
            "household_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        UniqueConstraint("village_id", "household_id", "serial", name="uq_card_serial"),
        CheckConstraint("serial > 0", name="serial"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    #: 80 random bits in Crockford's alphabet; all that the QR says
    code: Mapped[str] = mapped_column(String(16), info={"secret": True})
    #: 1 for a household's first card, 2 for the next
    serial: Mapped[int] = mapped_column(Integer)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CardLink(Base):
    """Which village a card's code belongs to, found before the village is known: a card says nothing but its code.

    A row for each card there ever was is too much for a table that stands on every node, so this one is spread by the
    code itself (scale.md S8). It points into a village's table without a foreign key; `verify` compares them.
    """

    __tablename__ = "card_link"
    __table_args__ = ({"info": {"dist": "code", "append_only": True}, "sqlite_with_rowid": False},)

    code: Mapped[str] = mapped_column(String(16), primary_key=True, info={"secret": True})
    village_id: Mapped[int] = mapped_column(BigInteger)
