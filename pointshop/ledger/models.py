"""Tables of the books. Entries and seals are append-only: triggers and grants hold it, `verify` proves it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers

#: the side of the village that a household's points come from or go to
COUNTERS = ("issue", "shop", "expiry", "adjust", "gift")
KINDS = ("opening", "merit", "deduction", "redemption", "void", "reversal", "adjustment", "expiry", "gift")


class Account(Base):
    """A household's points account (积分账户), one each, under the household's id."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="never_in_debt"),
        CheckConstraint("last_seq >= 0", name="last_seq"),
        one_of("status", ["active", "frozen", "closed"]),
        *whole_numbers("balance", "last_seq"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    balance: Mapped[int] = mapped_column(BigInteger, default=0)
    #: number of the last line in the passbook
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[str] = mapped_column(String(10), default="active")


class Entry(Base):
    """A line of the passbook (分录): points moved between a household and one counter account. Never changed."""

    __tablename__ = "entry"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "account_id"], ["account.village_id", "account.id"]),
        ForeignKeyConstraint(
            ["village_id", "account_id", "reverses"],
            ["entry.village_id", "entry.account_id", "entry.seq"],
            name="fk_entry_reverses",
        ),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("points <> 0", name="moves_something"),
        CheckConstraint("balance_after >= 0", name="never_in_debt"),
        CheckConstraint("reverses < seq", name="reverses_the_past"),
        one_of("counter", COUNTERS),
        one_of("kind", KINDS),
        *whole_numbers("seq", "points", "balance_after"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: 1, 2, 3 … without gaps in each account
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: into the household's account when positive
    points: Mapped[int] = mapped_column(Integer)
    balance_after: Mapped[int] = mapped_column(BigInteger)
    counter: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(12))
    occurred_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: the record this line was posted for: `merit` or `redemption` and its name
    source_kind: Mapped[str] = mapped_column(String(12))
    source_id: Mapped[str] = mapped_column(Name)
    #: seq of the line this one takes back
    reverses: Mapped[int | None] = mapped_column(Integer)
    #: digest of all of the above
    mark: Mapped[str] = mapped_column(String(16))


class Tally(Base):
    """What a household was honoured for in a month (汇总), by member and category. Spending never lowers it."""

    __tablename__ = "tally"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "account_id"], ["account.village_id", "account.id"]),
        *whole_numbers("points"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: `YYYY-MM` of the deed
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: 0 where the deed is the household's, not a member's
    member_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(String(30), primary_key=True)
    points: Mapped[int] = mapped_column(BigInteger)


class Seal(Base):
    """The daily seal (日结封存): a digest over everything booked since the one before. Never changed."""

    __tablename__ = "seal"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("entry_count >= 0", name="entry_count"),
        *whole_numbers("number", "entry_count", "points_moved"),
        {"info": {"dist": "village_id", "append_only": True}},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sealed_on: Mapped[date] = mapped_column(Date)
    #: rows recorded after the seal before and not after this instant
    until_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entry_count: Mapped[int] = mapped_column(Integer)
    #: sum of absolute points and quantities: a second figure beside the digest that a person can check
    points_moved: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
