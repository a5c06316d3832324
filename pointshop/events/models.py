"""Tables of events and of who came."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
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
from pointshop.events.rules import LEVELS, OUTCOMES, REASONS, ROUNDINGS

STATES = ("planned", "closed", "cancelled")
#: how someone was signed in: the card was scanned, or the list of paper was entered
WAYS = ("card", "paper")


class Event(Base):
    """Something people come together for (活动): 主题党日, 义务劳动, 志愿服务."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_from", "village_id", "from_at", "id"),
        CheckConstraint("until_at > from_at", name="ends_after_start"),
        CheckConstraint("unit_minutes BETWEEN 10 AND 960", name="unit_minutes"),
        CheckConstraint("expected_minutes BETWEEN 1 AND 960", name="expected_minutes"),
        one_of("level", LEVELS),
        one_of("rounding", ROUNDINGS),
        one_of("state", STATES),
        CheckConstraint("(state = 'planned') = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("(state = 'planned') = (ended_by IS NULL)", name="ended_has_person"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_has_reason"),
        CheckConstraint("batch_id IS NULL OR state = 'closed'", name="only_closed_has_batch"),
        *whole_numbers("unit_minutes", "expected_minutes"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(60))
    from_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rule_code: Mapped[str] = mapped_column(String(20))
    #: whether households earn, or persons
    level: Mapped[str] = mapped_column(String(10))
    #: minutes that make one of the rule's quantity; none: whoever came counts once
    unit_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    rounding: Mapped[str] = mapped_column(String(10))
    #: what the list of paper means where it states no time
    expected_minutes: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    organiser_id: Mapped[int] = mapped_column(BigInteger)
    #: closed or cancelled
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    cancel_reason: Mapped[str | None] = mapped_column(String(200))
    #: of the merits; none where nobody earned any
    batch_id: Mapped[str | None] = mapped_column(Name)


class Attendance(Base):
    """That somebody came (签到), from when until when, and what came of it when the event was closed."""

    __tablename__ = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "event_id"], ["event.village_id", "event.id"]),
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "card_id"], ["card.village_id", "card.id"]),
        ForeignKeyConstraint(["village_id", "merit_id"], ["merit.village_id", "merit.id"]),
        UniqueConstraint("village_id", "merit_id"),
        Index("ix_attendance_household", "village_id", "household_id"),
        Index("ix_attendance_card", "village_id", "card_id"),
        one_of("way", WAYS),
        CheckConstraint("(way = 'card') = (card_id IS NOT NULL)", name="card_was_shown"),
        CheckConstraint("(way = 'card') = (in_at IS NOT NULL)", name="card_has_time"),
        CheckConstraint("(out_at IS NULL) = (out_by IS NULL)", name="out_by_someone"),
        CheckConstraint("out_at >= in_at", name="out_after_in"),
        CheckConstraint("way = 'card' OR out_at IS NULL", name="paper_has_no_out"),
        CheckConstraint("way = 'card' OR stated_minutes IS NOT NULL", name="paper_states_time"),
        CheckConstraint("stated_minutes BETWEEN 1 AND 960", name="stated_minutes"),
        CheckConstraint("(stated_minutes IS NULL) = (stated_reason IS NULL)", name="stated_has_reason"),
        CheckConstraint("(stated_minutes IS NULL) = (stated_by IS NULL)", name="stated_has_person"),
        one_of("outcome", OUTCOMES),
        one_of("reason", REASONS),
        CheckConstraint("(outcome IS NULL) = (quantity IS NULL)", name="outcome_has_quantity"),
        CheckConstraint("quantity BETWEEN 0 AND 9999", name="quantity"),
        CheckConstraint("(quantity > 0) = (merit_id IS NOT NULL) OR quantity IS NULL", name="quantity_has_merit"),
        CheckConstraint("(outcome = 'left_out') = (quantity = 0)", name="left_out_has_none"),
        CheckConstraint("(outcome = 'posted') = (reason IS NULL) OR outcome IS NULL", name="less_has_reason"),
        *whole_numbers("member_id", "stated_minutes", "quantity"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: 0 where the household counts, not a member
    member_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    way: Mapped[str] = mapped_column(String(10))
    card_id: Mapped[str | None] = mapped_column(Name)
    in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    out_by: Mapped[int | None] = mapped_column(BigInteger)
    #: when the server was told, whatever the phone says; and by whom
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[int] = mapped_column(BigInteger)
    #: counts in place of the times above
    stated_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    stated_reason: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    stated_by: Mapped[int | None] = mapped_column(BigInteger)
    #: what the closing made of it
    outcome: Mapped[str | None] = mapped_column(String(10))
    #: why less was posted than attended
    reason: Mapped[str | None] = mapped_column(String(20))
    #: of the rule, as posted
    quantity: Mapped[int | None] = mapped_column(Integer)
    merit_id: Mapped[str | None] = mapped_column(Name)
