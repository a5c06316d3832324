"""Showing a card at the counter: who it is, what they can spend, what they may still take today."""

from typing import NamedTuple

from sqlalchemy import insert

from pointshop.core import limits
from pointshop.core.errors import Refused
from pointshop.core.ids import new_name
from pointshop.core.work import Change, Work
from pointshop.ledger import service as ledger
from pointshop.merits.service import post_due
from pointshop.people.refusals import CardRevoked, CardUnknown
from pointshop.pins.queries import State
from pointshop.pins.service import pin_state
from pointshop.shop.conditions import spent_on
from pointshop.shop.models import Scan
from pointshop.shop.payers import Payer, find_payer
from pointshop.shop.rules import is_open, points_left


class Shown(NamedTuple):
    """What the clerk sees. points_left: what the household may still spend today; 0 where its account is not active.

    without_pin: of these without its PIN; pin: whether it has one. Both None in a village that asks for none.
    is_tied: another clerk has to serve this household.
    """

    number: str
    head: str
    balance: int
    is_open: bool
    points_left: int
    without_pin: int | None
    pin: State | None
    is_tied: bool


_ADD = Change(insert(Scan))


def scan(work: Work, village_id: int, code: str, *, clerk_id: int) -> Shown | Refused:
    """Look a card up and write down that it was shown.

    code: as `core.codes.clean_code` gives it, "" where there was none. A refusal is returned, not raised: it must be
    written down too, and what is raised is rolled back. Raises TooManyRequests for many codes of no card.
    """
    payer = find_payer(work, village_id, code, clerk_id=clerk_id) if code else None
    if payer is None:
        # whoever shows real cards may show as many as come
        limits.use(work, village_id, "scan", clerk_id)
    refusal = _refusal(payer)
    # before its row is written: that holds the village, which who logs a merit holds after the account
    shown = _show(work, village_id, payer) if payer is not None and refusal is None else None
    _ADD.run(
        work,
        village_id=village_id,
        id=new_name(),
        card_id=payer.card_id if payer else None,
        household_id=payer.household_id if payer else None,
        outcome=refusal.code if refusal else "ok",
        clerk_id=clerk_id,
        at=work.now,
    )
    return shown or refusal or CardUnknown()


def _refusal(payer: Payer | None) -> Refused | None:
    if payer is None:
        return CardUnknown()
    return CardRevoked() if payer.revoked_at is not None else None


def _show(work: Work, village_id: int, payer: Payer) -> Shown:
    balance = payer.balance
    if payer.is_active and post_due(work, village_id, household_id=payer.household_id):
        balance = ledger.get_balance(work, village_id, payer.household_id)
    spent = spent_on(work, village_id, payer, work.today)
    left = points_left(balance, daily_limit=payer.card_daily_points, spent=spent) if payer.may_redeem else 0
    is_open_today = is_open(payer.redemption_weekdays, work.today)
    limit = payer.pin_above_points
    without_pin = None if limit is None else min(left, max(0, limit - spent))
    pin = None if limit is None else pin_state(work, village_id, payer.household_id)
    return Shown(payer.number, payer.head, balance, is_open_today, left, without_pin, pin, payer.is_tied)
