"""Closing an event: what was attended becomes one batch of merits, once, in the unit of work that closes it.

What the organiser wants is that everybody gets what they may: who has reached the cap gets what it still has room for,
who cannot get anything is told why, and nobody waits for the others' mistakes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, update

from pointshop.core.clock import VILLAGE_TIME
from pointshop.core.work import Change, Work
from pointshop.events.models import Attendance, Event
from pointshop.events.queries import AttendanceRow, EventRow, attendances, get_event, hold_event
from pointshop.events.refusals import EventOver, NotYet
from pointshop.kinship.queries import tied_among
from pointshop.kinship.refusals import SelfDealing
from pointshop.ledger import service as books
from pointshop.merits.log import log_batch
from pointshop.merits.log_booking import Logged
from pointshop.merits.log_conditions import Line, Logger, used_before
from pointshop.merits.log_queries import log_context
from pointshop.merits.refusals import RuleNotInForce
from pointshop.merits.rules import JudgingRule


@dataclass(slots=True)
class Settled:
    """What becomes of one attendance. quantity: to post. reason: why that is less than was attended."""

    row: AttendanceRow
    quantity: int
    reason: str | None = None
    merit: Logged | None = None

    @property
    def outcome(self) -> str:
        if self.quantity == 0:
            return "left_out"
        return "posted" if self.reason is None else "reduced"


class Closed(NamedTuple):
    event: EventRow
    lines: list[Settled]


_END = Change(
    update(Event)
    .where(Event.village_id == bindparam("in_village"), Event.id == bindparam("event_id"))
    .values(state="closed", ended_at=bindparam("now"), ended_by=bindparam("actor_id"), batch_id=bindparam("batch"))
)
_SETTLE = Change(
    update(Attendance)
    .where(
        Attendance.village_id == bindparam("in_village"),
        Attendance.event_id == bindparam("in_event"),
        Attendance.household_id == bindparam("of_household"),
        Attendance.member_id == bindparam("of_member"),
    )
    .values(
        outcome=bindparam("new_outcome"),
        reason=bindparam("new_reason"),
        quantity=bindparam("new_quantity"),
        merit_id=bindparam("new_merit_id"),
    )
)


def close_event(
    work: Work, village_id: int, event_id: str, closing_id: str, *, without_own: bool, by: Logger
) -> Closed:
    """Post what was attended and end the event.

    closing_id: the name it was asked under, which becomes the batch's. without_own: leave the closer's own family out,
    for somebody else to log. Raises NotFound, EventOver, NotYet, RuleNotInForce, SelfDealing (data: households), and
    for the whole batch what `log_batch` does: TooOld, Forbidden (outside the grid), PeriodClosed, BudgetExceeded.
    """
    event = hold_event(work, village_id, event_id)
    if event.state != "planned":
        raise EventOver(data={"event": event_id})
    if work.now < event.from_at:
        raise NotYet()
    books.lock_accounts(work, village_id, {row.household_id for row in attendances(work, village_id, event_id)})
    # read again: an account may have been closed while this waited
    rows = attendances(work, village_id, event_id)
    context = log_context(work, village_id, number=None, rule=event.rule_code, day=event.held_on, actor_id=by.actor_id)
    if context.rule is None:
        raise RuleNotInForce()
    lines = [_judge(row, event) for row in rows]
    _leave_out_own(work, village_id, lines, actor_id=by.actor_id, without_own=without_own)
    _fit(work, village_id, event, context.rule, lines)
    batch = _post(work, village_id, event, closing_id, lines, by=by)
    _SETTLE.run_all(work, [_settled(village_id, event_id, line) for line in lines])
    _END.run(work, in_village=village_id, event_id=event_id, now=work.now, actor_id=by.actor_id, batch=batch)
    return Closed(get_event(work, village_id, event_id), lines)


def note_of(event: EventRow) -> str:
    """What the merits say they are for; the hour tells two events of one day apart."""
    return f"{event.title}（{event.from_at.astimezone(VILLAGE_TIME):%H:%M} {event.place}）"


def _judge(row: AttendanceRow, event: EventRow) -> Settled:
    """What somebody earned by being there, before caps."""
    earned = row.earned(event)
    if not row.is_active:
        return Settled(row, 0, "account_not_active")
    if not row.is_here:
        return Settled(row, 0, "member_left")
    if earned is None:
        return Settled(row, 0, "not_signed_out")
    return Settled(row, earned, None if earned else "too_short")


def _leave_out_own(work: Work, village_id: int, lines: Sequence[Settled], *, actor_id: int, without_own: bool) -> None:
    earning = [line for line in lines if line.quantity]
    tied = tied_among(work, village_id, actor_id, {line.row.household_id for line in earning})
    own = [line for line in earning if line.row.household_id in tied]
    if own and not without_own:
        numbers = sorted({line.row.household for line in own})
        raise SelfDealing("有您本户或亲属参加，请由他人结算，或先不结这几户", data={"households": numbers})
    for line in own:
        line.quantity, line.reason = 0, "self_dealing"


def _fit(work: Work, village_id: int, event: EventRow, rule: JudgingRule, lines: Sequence[Settled]) -> None:
    """Take away what is over the rule's cap, and what was logged already; who came first is served first."""
    households = sorted({line.row.household_id for line in lines})
    used = used_before(work, village_id, households, rule, occurred_on=event.held_on, note=note_of(event))
    for line in lines:
        household_id = line.row.household_id
        if line.quantity and (household_id, line.row.member_id or None) in used.deeds:
            line.quantity, line.reason = 0, "duplicate_merit"
        room = line.quantity if rule.cap is None else max(0, rule.cap - used.quantity[household_id])
        if line.quantity > room:
            line.quantity, line.reason = room, "cap_exceeded"
        used.quantity[household_id] += line.quantity


def _post(
    work: Work, village_id: int, event: EventRow, batch: str, lines: Sequence[Settled], *, by: Logger
) -> str | None:
    """The batch, if there is anything in it; its name."""
    earning = [line for line in lines if line.quantity]
    if not earning:
        return None
    wanted = [Line(line.row.household, line.row.member_id or None, line.quantity) for line in earning]
    _, logged = log_batch(
        work, village_id, batch, wanted, rule=event.rule_code, occurred_on=event.held_on, note=note_of(event), by=by
    )
    for line, merit in zip(earning, logged, strict=True):
        line.merit = merit
    return batch


def _settled(village_id: int, event_id: str, line: Settled) -> dict[str, object]:
    return {
        "in_village": village_id,
        "in_event": event_id,
        "of_household": line.row.household_id,
        "of_member": line.row.member_id,
        "new_outcome": line.outcome,
        "new_reason": line.reason,
        "new_quantity": line.quantity,
        "new_merit_id": line.merit.id if line.merit else None,
    }
