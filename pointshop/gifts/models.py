"""The table of gifts."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers

STATES = ("given", "reversed")


class Gift(Base):
    """Points that one household gave to another of its village (转赠): a line in each passbook."""

    __tablename__ = "gift"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "to_household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "card_id"], ["card.village_id", "card.id"]),
        # what each gave and was given in a year
        Index("ix_gift_household", "village_id", "household_id", "occurred_on"),
        Index("ix_gift_to_household", "village_id", "to_household_id", "occurred_on"),
        Index("ix_gift_card", "village_id", "card_id"),
        Index("ix_gift_given", "village_id", "given_at", "id"),
        CheckConstraint("household_id <> to_household_id", name="not_to_oneself"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("card_id IS NOT NULL OR note IS NOT NULL", name="slip_has_note"),
        one_of("state", STATES),
        CheckConstraint("(state = 'reversed') = (reversed_at IS NOT NULL)", name="reversed_has_time"),
        CheckConstraint("(state = 'reversed') = (reversed_by IS NOT NULL)", name="reversed_has_person"),
        CheckConstraint("(state = 'reversed') = (reverse_reason IS NOT NULL)", name="reversed_has_reason"),
        CheckConstraint("(state = 'reversed') = (points_back IS NOT NULL)", name="reversed_has_points"),
        CheckConstraint("points_back BETWEEN 1 AND points", name="points_back"),
        *whole_numbers("points", "entry_seq", "to_entry_seq", "points_back"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: who gives
    household_id: Mapped[int] = mapped_column(BigInteger)
    #: who is given to
    to_household_id: Mapped[int] = mapped_column(BigInteger)
    #: the giver's, that was shown; without one there is a signed slip of paper
    card_id: Mapped[str | None] = mapped_column(Name)
    points: Mapped[int] = mapped_column(Integer)
    occurred_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    state: Mapped[str] = mapped_column(String(10))
    #: lines in the passbooks of giver and receiver
    entry_seq: Mapped[int] = mapped_column(Integer)
    to_entry_seq: Mapped[int] = mapped_column(Integer)
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: who wrote it down
    given_by: Mapped[int] = mapped_column(BigInteger)
    reversed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reversed_by: Mapped[int | None] = mapped_column(BigInteger)
    reverse_reason: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    #: what went back to the giver: all that the receiver still had of it
    points_back: Mapped[int | None] = mapped_column(Integer)
