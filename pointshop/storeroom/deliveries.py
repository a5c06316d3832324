"""Deliveries: marked by one, carried by another, and confirmed by a third or by the household's signature."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME, find_user, grants_of
from pointshop.core.errors import Forbidden, Invalid, NotFound, Refused
from pointshop.core.routes import VillageRef
from pointshop.core.work import AnySelect, Change, Prepared, Work
from pointshop.kinship.service import refuse_self_dealing
from pointshop.ledger.service import lock_account
from pointshop.people.models import Household
from pointshop.shop.models import Redemption
from pointshop.shop.queries import get_redemption
from pointshop.shop.refusals import AlreadyVoided
from pointshop.storeroom.models import Delivery

_Carrier, _Confirmer = aliased(User), aliased(User)


class AlreadyMarked(Refused):
    code, title = "not_pending", "这张兑换单已经安排送货"


class AlreadyDelivered(Refused):
    code, title = "not_pending", "这次送货已经确认"


class DeliveryRow(NamedTuple):
    """carrier, confirmed_by: names; carrier_id, marked_by: who must not confirm alone."""

    redemption: str
    household_id: int
    household: str
    head: str
    group_no: int
    carrier_id: int
    carrier: str
    marked_at: datetime
    marked_by: int
    confirmed_at: datetime | None
    confirmed_by: str | None
    received_by: str | None
    is_signed: bool | None


_ROW: AnySelect = (
    select(
        Delivery.redemption_id,
        Household.id,
        Household.number,
        Household.head,
        Household.group_no,
        Delivery.carrier_id,
        func.coalesce(_Carrier.name, SYSTEM_NAME),
        Delivery.marked_at,
        Delivery.marked_by,
        Delivery.confirmed_at,
        _Confirmer.name,
        Delivery.received_by,
        Delivery.is_signed,
    )
    .join(Redemption, and_(Redemption.village_id == Delivery.village_id, Redemption.id == Delivery.redemption_id))
    .join(Household, and_(Household.village_id == Redemption.village_id, Household.id == Redemption.household_id))
    .outerjoin(_Carrier, _Carrier.id == Delivery.carrier_id)
    .outerjoin(_Confirmer, _Confirmer.id == Delivery.confirmed_by)
)
_BY_ID = Prepared(_ROW.where(Delivery.village_id == bindparam("village_id"), Delivery.redemption_id == bindparam("id")))
_HELD = Prepared(
    _ROW.where(
        Delivery.village_id == bindparam("village_id"), Delivery.redemption_id == bindparam("id")
    ).with_for_update(of=Delivery)
)
_MARK = Change(insert(Delivery))
_CONFIRM = Change(
    update(Delivery)
    .where(Delivery.village_id == bindparam("in_village"), Delivery.redemption_id == bindparam("redemption"))
    .values(
        confirmed_at=bindparam("now"),
        confirmed_by=bindparam("who"),
        received_by=bindparam("receiver"),
        is_signed=bindparam("signed"),
    )
)


def deliveries(village_id: int, *, state: str | None) -> AnySelect:
    """What is to be carried, and what was: also what was voided once it had arrived. Unordered."""
    counts = or_(Redemption.state == "completed", Delivery.confirmed_at.is_not(None))
    statement = _ROW.where(Delivery.village_id == village_id, counts)
    if state is not None:
        is_open = Delivery.confirmed_at.is_(None)
        statement = statement.where(is_open if state == "open" else ~is_open)
    return statement


def mark(work: Work, village: VillageRef, redemption_id: str, *, carrier: str, actor_id: int) -> DeliveryRow:
    """Have a redemption's goods carried home. carrier: a user of the village, who need not be the one who marks it.

    Raises NotFound, AlreadyVoided, AlreadyMarked, Invalid for a carrier who has no business in the village.
    """
    redemption = get_redemption(work, village.id, redemption_id)
    if redemption.state != "completed":
        raise AlreadyVoided(data={"redemption": redemption_id})
    if _BY_ID.first(work, village_id=village.id, id=redemption_id) is not None:
        raise AlreadyMarked(data={"redemption": redemption_id})
    user = find_user(work, carrier)
    if user is None or not any(village.path.startswith(grant.path) for grant in grants_of(work, user.id)):
        raise Invalid(errors={"carrier": ["没有这个送货人"]})
    _MARK.run(
        work,
        village_id=village.id,
        redemption_id=redemption_id,
        carrier_id=user.id,
        marked_at=work.now,
        marked_by=actor_id,
        confirmed_at=None,
        confirmed_by=None,
        received_by=None,
        is_signed=None,
    )
    return _get(work, village.id, redemption_id)


def confirm(
    work: Work, village_id: int, redemption_id: str, *, received_by: str, signed: bool, actor_id: int
) -> DeliveryRow:
    """Say that goods arrived. signed: the household signed; else somebody says so who neither marked nor carried them.

    Raises NotFound, AlreadyVoided, AlreadyDelivered, Forbidden, SelfDealing.
    """
    # whoever voids holds the account too
    lock_account(work, village_id, get_redemption(work, village_id, redemption_id).household_id)
    held: Any = _HELD.first(work, village_id=village_id, id=redemption_id)
    if held is None:
        raise NotFound("这张兑换单没有安排送货")
    found = DeliveryRow(*held)
    if found.confirmed_at is not None:
        raise AlreadyDelivered(data={"redemption": redemption_id})
    if get_redemption(work, village_id, redemption_id).state != "completed":
        raise AlreadyVoided(data={"redemption": redemption_id})
    if not signed and actor_id in (found.carrier_id, found.marked_by):
        raise Forbidden("户里没有签字的，须由安排人、送货人以外的人确认")
    if not signed:
        refuse_self_dealing(work, village_id, actor_id, found.household_id)
    _CONFIRM.run(
        work,
        in_village=village_id,
        redemption=redemption_id,
        now=work.now,
        who=actor_id,
        receiver=received_by,
        signed=signed,
    )
    return _get(work, village_id, redemption_id)


def _get(work: Work, village_id: int, redemption_id: str) -> DeliveryRow:
    found: Any = _BY_ID.one(work, village_id=village_id, id=redemption_id)
    return DeliveryRow(*found)
