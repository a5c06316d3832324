"""The book of the fund. Append-only, one chain a village, like the lines of a passbook."""

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
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers

#: what brings money, and what takes it
INCOME = ("grant", "donation")
SPENDING = ("purchase", "expense")
#: Most fen of one line: ten million yuan.
MOST_FEN = 1_000_000_000


class FundEntry(Base):
    """Collective money that came or went for the scheme (经费收支): a line of the fund's book. Never changed."""

    __tablename__ = "fund_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "reverses"],
            ["fund_entry.village_id", "fund_entry.seq"],
            name="fk_fund_entry_reverses",
        ),
        UniqueConstraint("village_id", "id"),
        #: a line is taken back once
        UniqueConstraint("village_id", "reverses"),
        Index("ix_fund_entry_party", "village_id", "party", "settles"),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("amount_fen <> 0", name="moves_something"),
        CheckConstraint(f"amount_fen BETWEEN -{MOST_FEN} AND {MOST_FEN}", name="amount_fen"),
        CheckConstraint("balance_after_fen >= 0", name="never_in_debt"),
        one_of("kind", [*INCOME, *SPENDING, "reversal"]),
        CheckConstraint("kind NOT IN ('grant', 'donation') OR amount_fen > 0", name="brings"),
        CheckConstraint("kind NOT IN ('purchase', 'expense') OR amount_fen < 0", name="takes"),
        CheckConstraint("(kind = 'reversal') = (reverses IS NOT NULL)", name="reverses_something"),
        CheckConstraint("reverses < seq", name="reverses_the_past"),
        CheckConstraint("settles IS NULL OR kind IN ('purchase', 'reversal')", name="only_purchases_settle"),
        *whole_numbers("seq", "amount_fen", "balance_after_fen", "reverses"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    #: 1, 2, 3 … without gaps
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name)
    kind: Mapped[str] = mapped_column(String(10))
    #: into the fund when positive
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    balance_after_fen: Mapped[int] = mapped_column(BigInteger)
    #: from whom it came, or to whom it went
    party: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(200))
    #: of a payment to a supplier, the month of the goods it pays for: 2026-11
    settles: Mapped[str | None] = mapped_column(String(7))
    #: a donor who agreed to be named in public
    names_party: Mapped[bool] = mapped_column(Boolean(name="names_party"))
    occurred_on: Mapped[date] = mapped_column(Date)
    #: the line that this one takes back
    reverses: Mapped[int | None] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: digest of all of the above
    mark: Mapped[str] = mapped_column(String(16))
