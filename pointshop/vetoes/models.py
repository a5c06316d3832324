"""Tables of vetoes and appeals."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of

#: what a household may not have meanwhile: prizes of evaluations, a place on honor rolls, goods for points
EFFECTS = ("no_award", "no_honor", "no_redemption")


class Veto(Base):
    """What a meeting decided that a household may not have for a time (一票否决). Ends by itself on its last day."""

    __tablename__ = "veto"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_veto_household", "village_id", "household_id", "until_on"),
        Index("ix_veto_recorded", "village_id", "recorded_at", "id"),
        CheckConstraint("until_on >= from_on", name="ends_after_start"),
        CheckConstraint("no_award OR no_honor OR no_redemption", name="has_effect"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_someone"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_for_a_reason"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(200), info={"secret": True})
    #: what proves it, in words
    evidence: Mapped[str] = mapped_column(String(200), info={"secret": True})
    #: the meeting that decided
    decided_by: Mapped[str] = mapped_column(String(60))
    from_on: Mapped[date] = mapped_column(Date)
    #: last day of the effects
    until_on: Mapped[date] = mapped_column(Date)
    no_award: Mapped[bool] = mapped_column(Boolean(name="no_award"))
    no_honor: Mapped[bool] = mapped_column(Boolean(name="no_honor"))
    no_redemption: Mapped[bool] = mapped_column(Boolean(name="no_redemption"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[int] = mapped_column(BigInteger)
    #: before its time: lifted, or an appeal was right
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    end_reason: Mapped[str | None] = mapped_column(String(200))


class Appeal(Base):
    """A household's word against a veto (申诉), and the answer of somebody who did not record it."""

    __tablename__ = "veto_appeal"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "veto_id"], ["veto.village_id", "veto.id"]),
        UniqueConstraint("village_id", "veto_id", "id"),
        one_of("decision", ["upheld", "dismissed"]),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name="decided_has_person"),
        CheckConstraint("(decision IS NULL) = (answer IS NULL)", name="decided_has_answer"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    veto_id: Mapped[str] = mapped_column(Name)
    grounds: Mapped[str] = mapped_column(String(500), info={"secret": True})
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: who wrote it down for the household
    made_by: Mapped[int] = mapped_column(BigInteger)
    decision: Mapped[str | None] = mapped_column(String(10))
    answer: Mapped[str | None] = mapped_column(String(500), info={"secret": True})
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
