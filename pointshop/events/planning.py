"""Planning an event, and calling it off."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, insert, update

from pointshop.core.clock import village_day
from pointshop.core.errors import Invalid
from pointshop.core.work import Change, Work
from pointshop.events.models import Event
from pointshop.events.queries import EventRow, get_event, hold_event
from pointshop.events.refusals import EventOver
from pointshop.events.rules import LONGEST, Span, most_minutes
from pointshop.merits.log_queries import log_context
from pointshop.merits.refusals import RuleNotInForce


class Plan(NamedTuple):
    """What is planned. rule: its code. unit_minutes, rounding: how minutes become the rule's quantity."""

    title: str
    place: str
    from_at: datetime
    until_at: datetime
    rule: str
    level: str
    unit_minutes: int | None
    rounding: str
    expected_minutes: int | None


_ADD = Change(insert(Event))
_CANCEL = Change(
    update(Event)
    .where(Event.village_id == bindparam("in_village"), Event.id == bindparam("event_id"))
    .values(
        state="cancelled",
        ended_at=bindparam("now"),
        ended_by=bindparam("actor_id"),
        cancel_reason=bindparam("why"),
    )
)


def plan_event(work: Work, village_id: int, event_id: str, plan: Plan, *, actor_id: int) -> EventRow:
    """Write down an event; who plans it organises it.

    Raises Invalid for times that make no sense and for a rule that takes points, RuleNotInForce.
    """
    minutes = (plan.until_at - plan.from_at) // timedelta(minutes=1)
    if not 0 < minutes <= LONGEST:
        raise Invalid(errors={"until_at": [f"须晚于开始，且不超过 {LONGEST // 60} 小时"]})
    most = most_minutes(Span(plan.from_at, plan.until_at))
    if (plan.expected_minutes or 0) > most:
        raise Invalid(errors={"expected_minutes": [f"这项活动最多记 {most} 分钟"]})
    day = village_day(plan.from_at)
    rule = log_context(work, village_id, number=None, rule=plan.rule, day=day, actor_id=actor_id).rule
    if rule is None:
        raise RuleNotInForce()
    if rule.points < 0:
        raise Invalid(errors={"rule": ["活动只能用加分的细则"]})
    _ADD.run(
        work,
        village_id=village_id,
        id=event_id,
        title=plan.title,
        place=plan.place,
        from_at=plan.from_at,
        until_at=plan.until_at,
        rule_code=plan.rule,
        level=plan.level,
        unit_minutes=plan.unit_minutes,
        rounding=plan.rounding,
        expected_minutes=plan.expected_minutes or minutes,
        state="planned",
        planned_at=work.now,
        organiser_id=actor_id,
        ended_at=None,
        ended_by=None,
        cancel_reason=None,
        batch_id=None,
    )
    return get_event(work, village_id, event_id)


def cancel_event(work: Work, village_id: int, event_id: str, *, reason: str, actor_id: int) -> EventRow:
    """Call an event off: nobody earns anything by it. Raises NotFound, EventOver."""
    if hold_event(work, village_id, event_id).state != "planned":
        raise EventOver(data={"event": event_id})
    _CANCEL.run(work, in_village=village_id, event_id=event_id, now=work.now, actor_id=actor_id, why=reason)
    return get_event(work, village_id, event_id)
