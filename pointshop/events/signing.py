"""Signing in and out: a member of staff scans a card, or enters the list that people signed on paper.

Opening a page earns nothing: whoever is signed in was seen by somebody who is not of their family.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, insert, update

from pointshop.core.errors import Invalid
from pointshop.core.work import Change, Work
from pointshop.events.models import Attendance
from pointshop.events.queries import AttendanceRow, EventRow, attendances, find_attendance, share_event
from pointshop.events.refusals import (
    AlreadySigned,
    AlreadySignedOut,
    ClockAhead,
    EventOver,
    NotSignedIn,
    NotYet,
    OutsideEvent,
)
from pointshop.events.rules import most_minutes, time_of_signing
from pointshop.kinship.service import refuse_self_dealing, refuse_self_dealing_among
from pointshop.ledger import service as books
from pointshop.ledger.service import AccountNotActive
from pointshop.merits.log_queries import Place, places_of
from pointshop.people.queries import list_members, members_of, named_household
from pointshop.people.refusals import CardRevoked, CardUnknown
from pointshop.shop.payers import Payer, find_payer

#: What stands for a reason where people signed a list.
ON_PAPER = "纸质签到表"


class Shown(NamedTuple):
    """A card that was shown. card: its code, "" for none. member_id: who showed it. scanned_at: on the phone."""

    card: str
    member_id: int | None
    scanned_at: datetime | None


class Listed(NamedTuple):
    """One signature on the list. household: number. minutes: None for as long as the event was to last."""

    household: str
    member_id: int | None
    minutes: int | None


_KEY = (
    Attendance.village_id == bindparam("in_village"),
    Attendance.event_id == bindparam("in_event"),
    Attendance.household_id == bindparam("of_household"),
    Attendance.member_id == bindparam("of_member"),
)
_ADD = Change(insert(Attendance))
_OUT = Change(update(Attendance).where(*_KEY).values(out_at=bindparam("left"), out_by=bindparam("actor_id")))
_STATE = Change(
    update(Attendance)
    .where(*_KEY)
    .values(stated_minutes=bindparam("minutes"), stated_reason=bindparam("why"), stated_by=bindparam("actor_id"))
)


def sign_in(work: Work, village_id: int, event_id: str, shown: Shown, *, actor_id: int) -> AttendanceRow:
    """Write down that somebody came.

    Raises NotFound, EventOver, ClockAhead, OutsideEvent, CardUnknown, CardRevoked, AccountNotActive, SelfDealing,
    Invalid (member_id), AlreadySigned.
    """
    event = _open(work, village_id, event_id)
    at = _instant(work, event, shown.scanned_at)
    holder = _holder(work, village_id, shown.card, at=at, actor_id=actor_id)
    refuse_self_dealing(work, village_id, actor_id, holder.household_id)
    member_id = _member(work, village_id, event, holder.household_id, shown.member_id)
    books.lock_account(work, village_id, holder.household_id)
    present = find_attendance(work, village_id, event_id, holder.household_id, member_id)
    if present is not None:
        raise AlreadySigned(data={"household": holder.number})
    row = _row(work, village_id, event_id, holder.household_id, member_id, actor_id=actor_id)
    _ADD.run(work, **row | {"way": "card", "card_id": holder.card_id, "in_at": at})
    return _found(work, village_id, event_id, holder.household_id, member_id)


def sign_out(work: Work, village_id: int, event_id: str, shown: Shown, *, actor_id: int) -> AttendanceRow:
    """Write down that somebody left. Raises as `sign_in`; NotSignedIn, AlreadySignedOut."""
    event = _open(work, village_id, event_id)
    at = _instant(work, event, shown.scanned_at)
    holder = _holder(work, village_id, shown.card, at=at, actor_id=actor_id)
    household_id = holder.household_id
    refuse_self_dealing(work, village_id, actor_id, household_id)
    member_id = _member(work, village_id, event, household_id, shown.member_id)
    books.lock_account(work, village_id, household_id)
    present = find_attendance(work, village_id, event_id, household_id, member_id)
    if present is None or present.in_at is None:
        raise NotSignedIn(data={"household": holder.number})
    if present.out_at is not None:
        raise AlreadySignedOut(data={"household": holder.number})
    if at < present.in_at:
        raise Invalid(errors={"scanned_at": ["签退早于签到"]})
    _OUT.run(work, **_key(village_id, event_id, household_id, member_id), left=at, actor_id=actor_id)
    return _found(work, village_id, event_id, household_id, member_id)


def state_time(
    work: Work, village_id: int, event_id: str, listed: Listed, *, minutes: int, reason: str, actor_id: int
) -> AttendanceRow:
    """Say how long somebody was there, as where they never signed out; it counts in place of the times.

    Raises NotFound, EventOver, NotYet, Invalid, SelfDealing, NotSignedIn.
    """
    event = _begun(work, village_id, event_id)
    _check_minutes(event, {"minutes": minutes})
    household = named_household(work, village_id, listed.household)
    refuse_self_dealing(work, village_id, actor_id, household.id)
    member_id = _member(work, village_id, event, household.id, listed.member_id)
    books.lock_account(work, village_id, household.id)
    if find_attendance(work, village_id, event_id, household.id, member_id) is None:
        raise NotSignedIn(data={"household": household.number})
    key = _key(village_id, event_id, household.id, member_id)
    _STATE.run(work, **key, minutes=minutes, why=reason, actor_id=actor_id)
    return _found(work, village_id, event_id, household.id, member_id)


def enter_list(
    work: Work, village_id: int, event_id: str, lines: Sequence[Listed], *, actor_id: int
) -> list[AttendanceRow]:
    """Enter the list that people signed, all or nothing; refusals name the lines.

    Raises NotFound, EventOver, NotYet, Invalid, SelfDealing, AccountNotActive, AlreadySigned.
    """
    event = _begun(work, village_id, event_id)
    _check_minutes(event, {f"lines.{index}.minutes": line.minutes for index, line in enumerate(lines)})
    places = _places(work, village_id, lines)
    refuse_self_dealing_among(
        work, village_id, actor_id, [(f"lines.{index}.household", place.id) for index, place in enumerate(places)]
    )
    _check_members(work, village_id, event, places, lines)
    books.lock_accounts(work, village_id, {place.id for place in places})
    inactive = [index for index, place in enumerate(places) if place.status != "active"]
    if inactive:
        raise AccountNotActive(errors={f"lines.{index}.household": ["该户账户已停用"] for index in inactive})
    keys = [(place.id, line.member_id or 0) for place, line in zip(places, lines, strict=True)]
    present = _present(work, village_id, event_id)
    twice = [index for index, key in enumerate(keys) if key in keys[:index] or key in present]
    if twice:
        raise AlreadySigned(errors={f"lines.{index}.household": ["已经签到"] for index in twice})
    stated = {"way": "paper", "stated_reason": ON_PAPER, "stated_by": actor_id}
    _ADD.run_all(
        work,
        [
            _row(work, village_id, event_id, *key, actor_id=actor_id)
            | stated
            | {"stated_minutes": line.minutes or event.expected_minutes}
            for key, line in zip(keys, lines, strict=True)
        ],
    )
    present = _present(work, village_id, event_id)
    return [present[key] for key in keys]


def _open(work: Work, village_id: int, event_id: str) -> EventRow:
    event = share_event(work, village_id, event_id)
    if event.state != "planned":
        raise EventOver(data={"event": event_id})
    return event


def _begun(work: Work, village_id: int, event_id: str) -> EventRow:
    """An event of which somebody may say how long people were there."""
    event = _open(work, village_id, event_id)
    if work.now < event.from_at:
        raise NotYet()
    return event


def _check_minutes(event: EventRow, stated: Mapping[str, int | None]) -> None:
    """stated: field → minutes. Raises Invalid for more than the event and the time around it last."""
    most = most_minutes(event.span)
    beyond = [field for field, minutes in stated.items() if minutes is not None and minutes > most]
    if beyond:
        raise Invalid(errors={field: [f"这项活动最多记 {most} 分钟"] for field in beyond})


def _instant(work: Work, event: EventRow, said: datetime | None) -> datetime:
    try:
        at = time_of_signing(said, now=work.now, span=event.span)
    except ValueError as error:
        raise ClockAhead() from error
    if at is None:
        raise OutsideEvent()
    return at


def _holder(work: Work, village_id: int, code: str, *, at: datetime, actor_id: int) -> Payer:
    """Whose card it is; one that was replaced since it was shown was good then."""
    holder = find_payer(work, village_id, code, clerk_id=actor_id) if code else None
    if holder is None:
        raise CardUnknown()
    if holder.revoked_at is not None and holder.revoked_at <= at:
        raise CardRevoked()
    if not holder.is_active:
        raise AccountNotActive(data={"household": holder.number})
    return holder


def _member(work: Work, village_id: int, event: EventRow, household_id: int, member_id: int | None) -> int:
    """The member that counts, 0 for the household. Raises Invalid that tells whom one may choose."""
    if event.level == "household":
        if member_id is not None:
            raise Invalid(errors={"member_id": ["这项活动按户记，不记到人"]})
        return 0
    present = {member.id: member.name for member in list_members(work, village_id, household_id)}
    if member_id not in present:
        choice = [{"id": each, "name": name} for each, name in present.items()]
        words = "请选择到场的人" if present else "该户没有登记成员"
        raise Invalid(errors={"member_id": [words]}, data={"members": choice})
    return member_id


def _places(work: Work, village_id: int, lines: Sequence[Listed]) -> list[Place]:
    known = places_of(work, village_id, sorted({line.household for line in lines}))
    missing = {
        f"lines.{index}.household": [f"没有户号 {line.household}"]
        for index, line in enumerate(lines)
        if line.household not in known
    }
    if missing:
        raise Invalid(errors=missing)
    return [known[line.household] for line in lines]


def _check_members(
    work: Work, village_id: int, event: EventRow, places: Sequence[Place], lines: Sequence[Listed]
) -> None:
    by_household = members_of(work, village_id, sorted({place.id for place in places}))
    errors = {}
    for index, (place, line) in enumerate(zip(places, lines, strict=True)):
        if event.level == "household" and line.member_id is not None:
            errors[f"lines.{index}.member_id"] = ["这项活动按户记，不记到人"]
        elif event.level == "member" and line.member_id not in {each.id for each in by_household[place.id]}:
            errors[f"lines.{index}.member_id"] = [f"请选择户 {place.number} 到场的人"]
    if errors:
        raise Invalid(errors=errors)


def _key(village_id: int, event_id: str, household_id: int, member_id: int) -> dict[str, object]:
    return {
        "in_village": village_id,
        "in_event": event_id,
        "of_household": household_id,
        "of_member": member_id,
    }


def _row(
    work: Work, village_id: int, event_id: str, household_id: int, member_id: int, *, actor_id: int
) -> dict[str, object]:
    empty = dict.fromkeys(column.name for column in Attendance.__table__.columns)
    return empty | {
        "village_id": village_id,
        "event_id": event_id,
        "household_id": household_id,
        "member_id": member_id,
        "recorded_at": work.now,
        "recorded_by": actor_id,
    }


def _present(work: Work, village_id: int, event_id: str) -> dict[tuple[int, int], AttendanceRow]:
    """Who is there, by household and member (0 for the household)."""
    return {(row.household_id, row.member_id): row for row in attendances(work, village_id, event_id)}


def _found(work: Work, village_id: int, event_id: str, household_id: int, member_id: int) -> AttendanceRow:
    found = find_attendance(work, village_id, event_id, household_id, member_id)
    assert found is not None
    return found
