"""The table of adjustments."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers

#: why points are set right by hand; everything else has a way of its own (reversal, void, closing)
REASONS = ("paper_books", "wrong_household", "wrong_points", "resolution")
STATES = ("submitted", "posted", "rejected")
#: Most points of one adjustment: what is larger is no correction.
MOST_POINTS = 1000


class Adjustment(Base):
    """Points put right by hand (人工调整), proposed by one person and decided by another."""

    __tablename__ = "adjustment"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_adjustment_household", "village_id", "household_id"),
        Index("ix_adjustment_proposed", "village_id", "proposed_at", "id"),
        CheckConstraint(f"points <> 0 AND points BETWEEN -{MOST_POINTS} AND {MOST_POINTS}", name="points"),
        one_of("reason", REASONS),
        one_of("state", STATES),
        CheckConstraint("(state = 'submitted') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(state = 'submitted') = (decided_by IS NULL)", name="decided_has_person"),
        CheckConstraint("decided_by <> proposed_by", name="two_persons"),
        CheckConstraint("(state = 'posted') = (entry_seq IS NOT NULL)", name="posted_has_entry"),
        *whole_numbers("points", "entry_seq"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    #: given when positive
    points: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_by: Mapped[int] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    comment: Mapped[str | None] = mapped_column(String(200))
    #: line in the passbook
    entry_seq: Mapped[int | None] = mapped_column(Integer)
