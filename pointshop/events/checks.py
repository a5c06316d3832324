"""Events against their merits (threats.md I7): one line a person, as long as they were there."""

from typing import Any

from sqlalchemy import and_, func, or_, select

from pointshop.events.models import Attendance, Event
from pointshop.events.rules import Span, minutes_present, most_minutes, quantity_of
from pointshop.ledger.verify import Check
from pointshop.merits.models import Merit

_of_event = and_(Event.village_id == Attendance.village_id, Event.id == Attendance.event_id)


def _is_not_what_was_attended(row: Any) -> bool:
    """Judges what a closing made of an attendance: all of it, or less where it says why."""
    span = Span(row.from_at, row.until_at)
    if (row.stated_minutes or 0) > most_minutes(span):
        return True
    minutes = minutes_present(span, came=row.in_at, left=row.out_at, stated=row.stated_minutes)
    earned = 0 if minutes is None else quantity_of(minutes, unit_minutes=row.unit_minutes, rounding=row.rounding)
    return bool(row.quantity != earned if row.outcome == "posted" else row.quantity > earned)


CHECKS = (
    Check(
        "attendance_has_its_merit",
        "I7",
        "活动签到与所记积分不符",
        select(Attendance.village_id, Attendance.event_id, Attendance.household_id, Attendance.member_id)
        .join(Event, _of_event)
        .outerjoin(Merit, and_(Merit.village_id == Attendance.village_id, Merit.id == Attendance.merit_id))
        .where(
            Attendance.merit_id.is_not(None),
            or_(
                Merit.id.is_(None),
                Event.batch_id.is_(None),
                Merit.batch_id != Event.batch_id,
                Merit.household_id != Attendance.household_id,
                func.coalesce(Merit.member_id, 0) != Attendance.member_id,
                Merit.quantity != Attendance.quantity,
                Merit.rule_code != Event.rule_code,
            ),
        ),
    ),
    Check(
        "merit_of_event_was_attended",
        "I7",
        "活动所记积分没有对应的签到",
        select(Merit.village_id, Merit.id, Event.id.label("event_id"))
        .join(Event, and_(Event.village_id == Merit.village_id, Event.batch_id == Merit.batch_id))
        .outerjoin(
            Attendance,
            and_(
                Attendance.village_id == Event.village_id,
                Attendance.event_id == Event.id,
                Attendance.merit_id == Merit.id,
            ),
        )
        .where(Attendance.event_id.is_(None)),
    ),
    Check(
        "closed_event_is_settled",
        "I7",
        "活动已结算而签到没有结果，或没有结算而已有结果",
        select(Attendance.village_id, Attendance.event_id, Attendance.household_id, Attendance.member_id)
        .join(Event, _of_event)
        .where((Event.state == "closed") == Attendance.outcome.is_(None)),
    ),
    Check(
        "merit_is_what_was_attended",
        "I7",
        "活动所记数量与在场时长不符",
        select(
            Attendance.village_id,
            Attendance.event_id,
            Attendance.household_id,
            Attendance.member_id,
            Attendance.outcome,
            Attendance.quantity,
            Attendance.in_at,
            Attendance.out_at,
            Attendance.stated_minutes,
            Event.from_at,
            Event.until_at,
            Event.unit_minutes,
            Event.rounding,
        )
        .join(Event, _of_event)
        .where(Attendance.outcome.is_not(None)),
        is_wrong=_is_not_what_was_attended,
        hides=frozenset({"in_at", "out_at", "from_at", "until_at", "unit_minutes", "rounding", "stated_minutes"}),
    ),
)
