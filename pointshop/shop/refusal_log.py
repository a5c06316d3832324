"""What was refused at the counter (拒绝记录): redemptions, voids, and scanned cards."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, literal, select

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.commands import Command
from pointshop.core.work import AnySelect
from pointshop.people.models import Household
from pointshop.shop.models import Scan


class RefusalRow(NamedTuple):
    """answer: the problem document as JSON text; none for a scan. household: number, where known."""

    at: datetime
    id: str
    kind: str
    code: str
    answer: str | None
    clerk: str
    household: str | None


def refusals(village_id: int) -> tuple[AnySelect, list[Any]]:
    """Refused redemptions, voids and scans of a village in one list, and the keys of its order."""
    asked = select(
        Command.village_id,
        Command.at,
        Command.id,
        Command.kind,
        Command.code,
        Command.answer,
        Command.actor_id,
        literal(None, Household.id.type).label("household_id"),
    ).where(Command.village_id == village_id, Command.status == 422, Command.kind.in_(["redemption", "void"]))
    shown = select(
        Scan.village_id,
        Scan.at,
        Scan.id,
        literal("scan", Command.kind.type),
        Scan.outcome,
        literal(None, Command.answer.type),
        Scan.clerk_id,
        Scan.household_id,
    ).where(Scan.village_id == village_id, Scan.outcome != "ok")
    both = asked.union_all(shown).subquery()
    statement = (
        select(
            both.c.at,
            both.c.id,
            both.c.kind,
            both.c.code,
            both.c.answer,
            func.coalesce(User.name, SYSTEM_NAME),
            Household.number,
        )
        .outerjoin(User, User.id == both.c.actor_id)
        .outerjoin(Household, and_(Household.village_id == both.c.village_id, Household.id == both.c.household_id))
    )
    return statement, [both.c.at, both.c.id, both.c.kind]
