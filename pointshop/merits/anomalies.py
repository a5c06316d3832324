"""What somebody should look at: entries that are odd, and photos that prove two deeds (threats.md B08, B10)."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select

from pointshop.accounts.models import User
from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.core.clock import day_starts_at, days_before
from pointshop.core.work import Work
from pointshop.merits.anomaly_rules import Logged
from pointshop.merits.models import Merit, Photo
from pointshop.people.models import Household
from pointshop.regions.queries import get_settings


class Reused(NamedTuple):
    """A photo that hangs on several merits; when it was sent first and last."""

    merits: list[str]
    first_at: datetime
    last_at: datetime


def logged_between(work: Work, village_id: int, first: date, last: date) -> list[Logged]:
    """Entries logged on these days, whatever came of them."""
    # found by the days of the deeds, which have an index; no deed is logged later than this
    oldest = days_before(first, get_settings(work, village_id).backdate_days + 1)
    statement = (
        select(
            Merit.id,
            func.coalesce(User.name, SYSTEM_NAME),
            Household.number,
            Merit.points,
            Merit.logged_at,
            Merit.batch_id.is_not(None),
        )
        .join(Household, and_(Household.village_id == Merit.village_id, Household.id == Merit.household_id))
        .join(User, User.id == Merit.logged_by, isouter=True)
        .where(
            Merit.village_id == village_id,
            Merit.occurred_on.between(oldest, last),
            Merit.logged_at >= day_starts_at(first),
            Merit.logged_at < day_starts_at(last + timedelta(days=1)),
        )
    )
    return [Logged(*row) for row in work.read(statement)]


def reused_photos(work: Work, village_id: int, first: date, last: date) -> list[Reused]:
    """Photos sent on these days that prove another deed as well, of whatever day."""
    mine = Photo.village_id == village_id
    fresh = select(Photo.sha256).where(
        mine, Photo.uploaded_at >= day_starts_at(first), Photo.uploaded_at < day_starts_at(last + timedelta(days=1))
    )
    statement = (
        select(Photo.sha256, Photo.merit_id, Photo.uploaded_at)
        .where(mine, Photo.sha256.in_(fresh))
        .order_by(Photo.sha256, Photo.uploaded_at, Photo.id)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in work.read(statement):
        found[row.sha256].append(row)
    photos = [
        Reused(list(dict.fromkeys(row.merit_id for row in rows)), rows[0].uploaded_at, rows[-1].uploaded_at)
        for rows in found.values()
    ]
    return [photo for photo in photos if len(photo.merits) > 1]
