"""Tables of re-checks."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
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

#: what a re-check found: true, not true, or nobody could say
OUTCOMES = ("confirmed", "wrong", "unclear")


class Inspection(Base):
    """A random re-check (抽查) of the merits posted for a span of days. Never changed."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
        CheckConstraint("confidence IN (90, 95, 99)", name="confidence"),
        CheckConstraint("margin BETWEEN 1 AND 50", name="margin"),
        CheckConstraint("population > 0", name="population"),
        CheckConstraint("sample_size BETWEEN 1 AND population", name="sample_size"),
        *whole_numbers("confidence", "margin", "population", "sample_size"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: days of the deeds
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    #: per cent
    confidence: Mapped[int] = mapped_column(SmallInteger)
    #: per cent
    margin: Mapped[int] = mapped_column(SmallInteger)
    #: how many merits there were to draw from
    population: Mapped[int] = mapped_column(Integer)
    sample_size: Mapped[int] = mapped_column(Integer)
    #: what the draw followed from: words somebody named, if any, and chance
    seed: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)


class InspectedMerit(Base):
    """A merit that was drawn. Never changed."""

    __tablename__ = "inspected_merit"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "inspection_id"], ["inspection.village_id", "inspection.id"]),
        ForeignKeyConstraint(["village_id", "merit_id"], ["merit.village_id", "merit.id"]),
        UniqueConstraint("village_id", "inspection_id", "item_no", name="uq_inspected_merit_item_no"),
        Index("ix_inspected_merit_merit", "village_id", "merit_id"),
        CheckConstraint("item_no > 0", name="item_no"),
        *whole_numbers("item_no"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    inspection_id: Mapped[str] = mapped_column(Name, primary_key=True)
    merit_id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: the number on its slip
    item_no: Mapped[int] = mapped_column(Integer)


class Finding(Base):
    """What a re-check found (抽查结果). Only its note may be erased."""

    __tablename__ = "inspection_finding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "inspection_id", "merit_id"],
            ["inspected_merit.village_id", "inspected_merit.inspection_id", "inspected_merit.merit_id"],
            name="fk_inspection_finding_inspected",
        ),
        one_of("outcome", OUTCOMES),
        CheckConstraint("outcome = 'confirmed' OR note IS NOT NULL", name="says_what_is_wrong"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    inspection_id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: one finding for each
    merit_id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: the name under which it was told
    id: Mapped[str] = mapped_column(Name)
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(200))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
