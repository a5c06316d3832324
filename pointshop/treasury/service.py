"""Booking the fund's money. Lines are written one after the other: whoever books holds the village meanwhile."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import insert

from pointshop.core.clock import days_before
from pointshop.core.errors import Forbidden, Refused
from pointshop.core.marks import row_mark
from pointshop.core.work import Change, Work
from pointshop.merits.refusals import InFuture, TooOld
from pointshop.regions.queries import get_settings, hold_village
from pointshop.shop.rules import is_late
from pointshop.treasury.models import INCOME, FundEntry
from pointshop.treasury.queries import FundRow, get_fund_entry, is_reversed, last_of_fund
from pointshop.treasury.rules import yuan


class FundTooLow(Refused):
    code, title = "budget_exceeded", "经费余额不足"


class FundSpent(FundTooLow):
    """What came in is gone again; with new money the same line can be taken back."""

    sticks = False


class AlreadyReversed(Refused):
    code, title = "already_voided", "这笔收支已经冲正"


class Payment(NamedTuple):
    """Money that came or went. amount_fen: always positive; the kind says which way. settles: a month, `2026-11`."""

    kind: str
    amount_fen: int
    party: str
    purpose: str
    occurred_on: date
    settles: str | None
    names_party: bool


class _Line(NamedTuple):
    """What is written. amount_fen: into the fund when positive."""

    id: str
    kind: str
    amount_fen: int
    party: str
    purpose: str
    settles: str | None
    names_party: bool
    occurred_on: date
    reverses: int | None


_ADD = Change(insert(FundEntry))


def book(work: Work, village_id: int, name: str, payment: Payment, *, actor_id: int) -> FundRow:
    """Write down money that came or went. Raises InFuture, TooOld, FundTooLow."""
    if payment.occurred_on > work.today:
        raise InFuture()
    backdate_days = get_settings(work, village_id).backdate_days
    if payment.occurred_on < days_before(work.today, backdate_days):
        raise TooOld(f"只能补记 {backdate_days} 天以内的收支", data={"backdate_days": backdate_days})
    amount = payment.amount_fen if payment.kind in INCOME else -payment.amount_fen
    line = _Line(
        name,
        payment.kind,
        amount,
        payment.party,
        payment.purpose,
        payment.settles,
        payment.names_party,
        payment.occurred_on,
        reverses=None,
    )
    return _write(work, village_id, line, actor_id=actor_id)


def reverse(work: Work, village_id: int, name: str, *, of: str, reason: str, actor_id: int) -> FundRow:
    """Take a line back by one that mirrors it (冲正). name: of the new line.

    Raises NotFound, AlreadyReversed (also for a reversal: what was right is booked anew), Forbidden for one's own that
    is not fresh, FundSpent.
    """
    hold_village(work, village_id)
    found = get_fund_entry(work, village_id, of)
    if found.kind == "reversal":
        raise AlreadyReversed("冲正不能再冲正，请重新记一笔")
    if is_reversed(work, village_id, found.seq):
        raise AlreadyReversed(data={"fund_entry": of})
    minutes = get_settings(work, village_id).void_minutes
    if found.actor_id == actor_id and is_late(at=found.recorded_at, now=work.now, minutes=minutes):
        raise Forbidden("自己记的收支，过后须由另一人冲正")
    line = _Line(
        name,
        "reversal",
        -found.amount_fen,
        found.party,
        reason,
        found.settles,
        False,
        work.today,
        found.seq,
    )
    return _write(work, village_id, line, actor_id=actor_id, too_low=FundSpent)


def _write(
    work: Work, village_id: int, line: _Line, *, actor_id: int, too_low: type[FundTooLow] = FundTooLow
) -> FundRow:
    hold_village(work, village_id)
    seq, before = last_of_fund(work, village_id)
    after = before + line.amount_fen
    if after < 0:
        raise too_low(f"账上只有 {yuan(before)} 元", data={"balance_fen": before})
    # in the order of the table's columns: the mark is read over them in that order
    row = {
        "village_id": village_id,
        "seq": seq + 1,
        "id": line.id,
        "kind": line.kind,
        "amount_fen": line.amount_fen,
        "balance_after_fen": after,
        "party": line.party,
        "purpose": line.purpose,
        "settles": line.settles,
        "names_party": line.names_party,
        "occurred_on": line.occurred_on,
        "reverses": line.reverses,
        "recorded_at": work.now,
        "actor_id": actor_id,
    }
    _ADD.run(work, **row, mark=row_mark(*row.values()))
    return get_fund_entry(work, village_id, line.id)
