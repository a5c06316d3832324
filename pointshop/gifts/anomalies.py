"""Gifts as the search for odd patterns reads them (threats.md B08)."""

from datetime import date, timedelta

from sqlalchemy import and_, func, literal, select

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.clock import day_starts_at
from pointshop.core.work import Work
from pointshop.gifts.models import Gift
from pointshop.merits.anomaly_rules import Logged
from pointshop.people.models import Household


def gifts_between(work: Work, village_id: int, first: date, last: date) -> list[Logged]:
    """Gifts written down on these days, by who was given to, whatever became of them."""
    statement = (
        select(
            Gift.id,
            func.coalesce(User.name, SYSTEM_NAME),
            Household.number,
            Gift.points,
            Gift.given_at,
            literal(False),
            literal("gift"),
        )
        .join(Household, and_(Household.village_id == Gift.village_id, Household.id == Gift.to_household_id))
        .join(User, User.id == Gift.given_by, isouter=True)
        .where(
            Gift.village_id == village_id,
            Gift.given_at >= day_starts_at(first),
            Gift.given_at < day_starts_at(last + timedelta(days=1)),
        )
    )
    return [Logged(*row) for row in work.read(statement)]
