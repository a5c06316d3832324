"""How events and attendances are told."""

from typing import Any

from pointshop.core.clock import as_text, as_text_or_none
from pointshop.core.work import Work
from pointshop.events.queries import AttendanceRow, EventRow, attendances


def event_document(event: EventRow) -> dict[str, Any]:
    return {
        "id": event.id,
        "title": event.title,
        "place": event.place,
        "from_at": as_text(event.from_at),
        "until_at": as_text(event.until_at),
        "rule": event.rule_code,
        "level": event.level,
        "unit_minutes": event.unit_minutes,
        "rounding": event.rounding,
        "expected_minutes": event.expected_minutes,
        "state": event.state,
        "organiser": event.organiser,
        "ended_at": as_text_or_none(event.ended_at),
        "cancel_reason": event.cancel_reason,
        "batch": event.batch_id,
    }


def with_attendances(work: Work, village_id: int, event: EventRow) -> dict[str, Any]:
    rows = attendances(work, village_id, event.id)
    return event_document(event) | {"attendances": [attendance_document(row, event) for row in rows]}


def attendance_document(row: AttendanceRow, event: EventRow) -> dict[str, Any]:
    return {
        "household": row.household,
        "head": row.head,
        "member_id": row.member_id or None,
        "member": row.member,
        "way": row.way,
        "in_at": as_text_or_none(row.in_at),
        "out_at": as_text_or_none(row.out_at),
        "minutes": row.minutes(event),
        "earned": row.earned(event),
        "stated_reason": row.stated_reason,
        "outcome": row.outcome,
        "reason": row.reason,
        "quantity": row.quantity,
        "merit": row.merit_id,
    }
