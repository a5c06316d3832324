"""Reads of events."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.clock import village_day
from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.events.models import Attendance, Event
from pointshop.events.rules import Span, minutes_present, quantity_of
from pointshop.ledger.models import Account
from pointshop.merits.models import RuleVersion
from pointshop.people.models import Household, Member


class EventRow(NamedTuple):
    """An event with its organiser's name."""

    id: str
    title: str
    place: str
    from_at: datetime
    until_at: datetime
    rule_code: str
    level: str
    unit_minutes: int | None
    rounding: str
    expected_minutes: int
    state: str
    organiser_id: int
    ended_at: datetime | None
    cancel_reason: str | None
    batch_id: str | None
    organiser: str

    @property
    def span(self) -> Span:
        return Span(self.from_at, self.until_at)

    @property
    def held_on(self) -> date:
        """The village day that its merits bear."""
        return village_day(self.from_at)


_EVENT = select(
    *(getattr(Event, name) for name in EventRow._fields[:-1]), func.coalesce(User.name, SYSTEM_NAME).label("organiser")
).outerjoin(User, User.id == Event.organiser_id)
_here = Event.village_id == bindparam("village_id"), Event.id == bindparam("id")
_BY_ID = Prepared(_EVENT.where(*_here))
# signing waits for a closing, not for other signings; a closing waits for both
_SHARED = Prepared(select(Event.state).where(*_here).with_for_update(read=True))
_HELD = Prepared(select(Event.state).where(*_here).with_for_update())


def get_event(work: Work, village_id: int, name: str) -> EventRow:
    """Raises NotFound."""
    found: Any = _BY_ID.first(work, village_id=village_id, id=name)
    if found is None:
        raise NotFound()
    return EventRow(*found)


def share_event(work: Work, village_id: int, name: str) -> EventRow:
    """An event that nobody closes until the unit of work ends. Raises NotFound."""
    return _locked(work, _SHARED, village_id, name)


def hold_event(work: Work, village_id: int, name: str) -> EventRow:
    """An event that nobody else closes or signs anyone in to until the unit of work ends. Raises NotFound."""
    return _locked(work, _HELD, village_id, name)


def _locked(work: Work, lock: Prepared[str], village_id: int, name: str) -> EventRow:
    if work.dialect.name != "sqlite":
        lock.first(work, village_id=village_id, id=name)
    return get_event(work, village_id, name)


def events(village_id: int, *, state: str | None) -> AnySelect:
    """The events of a village; unordered."""
    statement: AnySelect = _EVENT.where(Event.village_id == village_id)
    return statement if state is None else statement.where(Event.state == state)


class AttendanceRow(NamedTuple):
    """Who came, with the names a list shows. status: of the household and its account; is_here: the member still is
    of the household, or none is meant."""

    household_id: int
    member_id: int
    household: str
    head: str
    member: str | None
    status: str
    account_status: str
    is_here: bool
    way: str
    in_at: datetime | None
    out_at: datetime | None
    recorded_at: datetime
    stated_minutes: int | None
    stated_reason: str | None
    outcome: str | None
    reason: str | None
    quantity: int | None
    merit_id: str | None

    @property
    def is_active(self) -> bool:
        return self.status == "active" and self.account_status == "active"

    def minutes(self, event: EventRow) -> int | None:
        """How long they were there; None where nobody knows."""
        return minutes_present(event.span, came=self.in_at, left=self.out_at, stated=self.stated_minutes)

    def earned(self, event: EventRow) -> int | None:
        """How many of the rule's units that is; None where nobody knows."""
        minutes = self.minutes(event)
        if minutes is None:
            return None
        return quantity_of(minutes, unit_minutes=event.unit_minutes, rounding=event.rounding)


_is_here = and_(Member.id.is_not(None), Member.is_former.is_(False), Member.household_id == Attendance.household_id)
_ATTENDANCE = (
    select(
        Attendance.household_id,
        Attendance.member_id,
        Household.number,
        Household.head,
        Member.name,
        Household.status,
        Account.status.label("account_status"),
        (_is_here | (Attendance.member_id == 0)).label("is_here"),
        *(getattr(Attendance, name) for name in AttendanceRow._fields[8:]),
    )
    .join(Household, and_(Household.village_id == Attendance.village_id, Household.id == Attendance.household_id))
    .join(Account, and_(Account.village_id == Attendance.village_id, Account.id == Attendance.household_id))
    .outerjoin(Member, and_(Member.village_id == Attendance.village_id, Member.id == Attendance.member_id))
    .where(Attendance.village_id == bindparam("village_id"), Attendance.event_id == bindparam("event_id"))
)
_ALL = Prepared(_ATTENDANCE.order_by(Attendance.recorded_at, Household.number, Attendance.member_id))
_ONE = Prepared(
    _ATTENDANCE.where(
        Attendance.household_id == bindparam("household_id"), Attendance.member_id == bindparam("member_id")
    )
)


def attendances(work: Work, village_id: int, event_id: str) -> list[AttendanceRow]:
    """Everybody who came, in the order they were written down."""
    rows: Any = _ALL.all(work, village_id=village_id, event_id=event_id)
    return [AttendanceRow(*row) for row in rows]


def find_attendance(
    work: Work, village_id: int, event_id: str, household_id: int, member_id: int
) -> AttendanceRow | None:
    """member_id: 0 for the household."""
    found: Any = _ONE.first(
        work, village_id=village_id, event_id=event_id, household_id=household_id, member_id=member_id
    )
    return AttendanceRow(*found) if found else None


def per_of_rule(work: Work, village_id: int, code: str, day: date) -> tuple[str, str] | None:
    """Name and unit of the version of a rule that is in force on a day."""
    statement = (
        select(RuleVersion.name, RuleVersion.per)
        .where(RuleVersion.village_id == village_id, RuleVersion.code == code, RuleVersion.effective_from <= day)
        .order_by(RuleVersion.effective_from.desc(), RuleVersion.version.desc())
        .limit(1)
    )
    found: Any = work.read(statement).first()
    return (found[0], found[1]) if found else None
