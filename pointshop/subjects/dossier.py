"""All that is held of a household, for itself to see (查阅本人信息, PIPL art. 45): its own data and nobody else's."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from pointshop.core.clock import as_text, as_text_or_none
from pointshop.core.work import Work
from pointshop.evaluation.queries import evaluations_of
from pointshop.events.models import Attendance, Event
from pointshop.gifts.queries import GiftRow, gifts
from pointshop.ledger import queries as books
from pointshop.ledger.models import Entry
from pointshop.merits.models import Merit, RuleVersion
from pointshop.merits.queries import JUDGED_BY, photos_of
from pointshop.people.lineage import changes_of
from pointshop.people.models import Card
from pointshop.people.queries import HouseholdRow, list_members
from pointshop.reminders.models import Reminder
from pointshop.shop.models import Redemption, RedemptionLine
from pointshop.vetoes.queries import VetoRow, appeals_of, vetoes


def dossier(work: Work, village_id: int, household: HouseholdRow) -> dict[str, Any]:
    """Register, cards without their codes, passbook, deeds, goods, gifts, events, rounds and so on; JSON values."""
    members = [member._asdict() for member in list_members(work, village_id, household.id)]
    for member in members:
        del member["household_id"]
    profile = household._asdict()
    del profile["id"]
    return {
        "household": profile | {"members": members},
        "balance": books.balances_of(work, village_id, [household.id])[household.id],
        "cards": _cards(work, village_id, household.id),
        "passbook": _passbook(work, village_id, household.id),
        "merits": _merits(work, village_id, household.id),
        "redemptions": _redemptions(work, village_id, household.id),
        "gifts": _gifts(work, village_id, household),
        "attendances": _attendances(work, village_id, household.id),
        "reminders": _reminders(work, village_id, household.id),
        "vetoes": _vetoes(work, village_id, household.number),
        "evaluations": evaluations_of(work, village_id, household.id),
        "changes": [
            change._asdict() | {"changed_at": as_text(change.changed_at)}
            for change in changes_of(work, village_id, household.id)
        ],
    }


def _cards(work: Work, village_id: int, household_id: int) -> list[dict[str, Any]]:
    statement = (
        select(Card.serial, Card.issued_at, Card.revoked_at)
        .where(Card.village_id == village_id, Card.household_id == household_id)
        .order_by(Card.serial)
    )
    return [
        {
            "serial": row.serial,
            "issued_at": as_text(row.issued_at),
            "revoked_at": as_text_or_none(row.revoked_at),
        }
        for row in work.read(statement)
    ]


def _passbook(work: Work, village_id: int, household_id: int) -> list[dict[str, Any]]:
    lines = work.read(books.passbook(village_id, household_id).order_by(Entry.seq))
    return [
        {
            "seq": line.seq,
            "points": line.points,
            "balance_after": line.balance_after,
            "kind": line.kind,
            "occurred_on": line.occurred_on.isoformat(),
        }
        for line in lines
    ]


def _merits(work: Work, village_id: int, household_id: int) -> list[dict[str, Any]]:
    statement = (
        select(
            Merit.id,
            Merit.member_id,
            RuleVersion.name,
            RuleVersion.category,
            Merit.quantity,
            Merit.points,
            Merit.occurred_on,
            Merit.note,
            Merit.state,
        )
        .join(RuleVersion, JUDGED_BY)
        .where(Merit.village_id == village_id, Merit.household_id == household_id)
        .order_by(Merit.occurred_on, Merit.id)
    )
    rows = [dict(row._mapping) for row in work.read(statement)]
    photos = photos_of(work, village_id, [row["id"] for row in rows])
    return [row | {"occurred_on": row["occurred_on"].isoformat(), "photos": photos.get(row["id"], [])} for row in rows]


def _redemptions(work: Work, village_id: int, household_id: int) -> list[dict[str, Any]]:
    orders = work.read(
        select(Redemption.id, Redemption.points, Redemption.occurred_on, Redemption.state, Redemption.note)
        .where(Redemption.village_id == village_id, Redemption.household_id == household_id)
        .order_by(Redemption.occurred_on, Redemption.at, Redemption.id)
    ).all()
    goods: dict[str, list[dict[str, Any]]] = {order.id: [] for order in orders}
    lines = work.read(
        select(RedemptionLine.redemption_id, RedemptionLine.name, RedemptionLine.quantity, RedemptionLine.points)
        .where(RedemptionLine.village_id == village_id, RedemptionLine.redemption_id.in_(goods))
        .order_by(RedemptionLine.redemption_id, RedemptionLine.line_no)
    )
    for line in lines:
        goods[line.redemption_id].append({"name": line.name, "quantity": line.quantity, "points": line.points})
    return [
        dict(order._mapping) | {"occurred_on": order.occurred_on.isoformat(), "lines": goods[order.id]}
        for order in orders
    ]


def _gifts(work: Work, village_id: int, household: HouseholdRow) -> list[dict[str, Any]]:
    """Given and received; what a giver wrote is told to the giver alone."""
    rows = [GiftRow(*row) for row in work.read(gifts(village_id, household=household.number))]
    return [
        {
            "is_given": row.household_id == household.id,
            "points": row.points,
            "occurred_on": row.occurred_on.isoformat(),
            "note": row.note if row.household_id == household.id else None,
            "state": row.state,
        }
        for row in sorted(rows, key=lambda row: (row.given_at, row.id))
    ]


def _attendances(work: Work, village_id: int, household_id: int) -> list[dict[str, Any]]:
    statement = (
        select(
            Event.title,
            Event.from_at,
            Attendance.member_id,
            Attendance.way,
            Attendance.in_at,
            Attendance.out_at,
            Attendance.stated_minutes,
            Attendance.stated_reason,
            Attendance.outcome,
        )
        .join(Event, and_(Event.village_id == Attendance.village_id, Event.id == Attendance.event_id))
        .where(Attendance.village_id == village_id, Attendance.household_id == household_id)
        .order_by(Event.from_at, Event.id, Attendance.member_id)
    )
    return [
        {name: as_text(value) if isinstance(value, datetime) else value for name, value in row._mapping.items()}
        for row in work.read(statement)
    ]


def _reminders(work: Work, village_id: int, household_id: int) -> list[dict[str, Any]]:
    statement = (
        select(Reminder.item, Reminder.due_on, Reminder.cleared_at, Reminder.photo_id)
        .where(Reminder.village_id == village_id, Reminder.household_id == household_id)
        .order_by(Reminder.due_on, Reminder.id)
    )
    return [
        {
            "item": row.item,
            "due_on": row.due_on.isoformat(),
            "cleared_at": as_text_or_none(row.cleared_at),
            "photo": row.photo_id,
        }
        for row in work.read(statement)
    ]


def _vetoes(work: Work, village_id: int, number: str) -> list[dict[str, Any]]:
    rows = [VetoRow(*row) for row in work.read(vetoes(village_id, household=number))]
    appeals = appeals_of(work, village_id, [row.id for row in rows])
    return [
        {
            "reason": row.reason,
            "evidence": row.evidence,
            "decided_by": row.decided_by,
            "from_on": row.from_on.isoformat(),
            "until_on": row.until_on.isoformat(),
            "ended_at": as_text_or_none(row.ended_at),
            "appeals": [
                {"grounds": appeal.grounds, "decision": appeal.decision, "answer": appeal.answer}
                for appeal in appeals[row.id]
            ],
        }
        for row in sorted(rows, key=lambda row: (row.recorded_at, row.id))
    ]
