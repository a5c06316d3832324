"""What clerks wrote down, as the search for odd patterns reads it (threats.md B08)."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.clock import day_starts_at, days_before
from pointshop.core.work import AnySelect, Work
from pointshop.merits.anomaly_rules import Logged
from pointshop.people.models import Household
from pointshop.regions.queries import get_settings
from pointshop.shop.models import Redemption, StockMove


def redemptions_between(work: Work, village_id: int, first: date, last: date) -> list[Logged]:
    """Redemptions written down on these days, whatever became of them."""
    # found by their days, which have an index; no slip is entered later than this
    oldest = days_before(first, get_settings(work, village_id).backdate_days + 1)
    statement = _written("redemption", Redemption.at, Redemption.clerk_id).where(
        Redemption.village_id == village_id,
        Redemption.occurred_on.between(oldest, last),
        *_on(Redemption.at, first, last),
    )
    return [Logged(*row) for row in work.read(statement)]


def voids_between(work: Work, village_id: int, first: date, last: date) -> list[Logged]:
    """Redemptions voided on these days. points: what went back."""
    # found by the goods that came back, which have an index; a void may be of any age
    returned = select(StockMove.redemption_id).where(
        StockMove.village_id == village_id, StockMove.kind == "return", *_on(StockMove.recorded_at, first, last)
    )
    statement = _written("void", Redemption.voided_at, Redemption.voided_by).where(
        Redemption.village_id == village_id, Redemption.id.in_(returned)
    )
    return [Logged(*row) for row in work.read(statement)]


def _written(sort: str, at: InstrumentedAttribute[object], by: InstrumentedAttribute[object]) -> AnySelect:
    return (
        select(
            Redemption.id,
            func.coalesce(User.name, SYSTEM_NAME),
            Household.number,
            Redemption.points,
            at,
            literal(False),
            literal(sort),
        )
        .join(Household, and_(Household.village_id == Redemption.village_id, Household.id == Redemption.household_id))
        .join(User, User.id == by, isouter=True)
    )


def _on(at: InstrumentedAttribute[object], first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return at >= day_starts_at(first), at < day_starts_at(last + timedelta(days=1))
