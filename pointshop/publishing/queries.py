"""Reads of what was published."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from pointshop.core.clock import village_day
from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.ledger.seal import find_last_seal
from pointshop.publishing.kinds import has_period
from pointshop.publishing.models import Posting, Publication, PublicLink, Withdrawal
from pointshop.publishing.parts import Seal


class PublicationRow(NamedTuple):
    """A publication.

    withdrawn_at: when its public page ended before its time. replaced_by, replaced_by_token: the correction of it.
    """

    id: str
    kind: str
    year: int
    serial: int
    edition: int
    document: str
    digest: str
    token: str
    published_at: datetime
    from_on: date
    until_on: date
    withdrawn_at: datetime | None = None
    replaced_by: str | None = None
    replaced_by_token: str | None = None

    @property
    def number(self) -> str:
        """Its yearly number as the interface names it: 2026-003."""
        return number_text(self.year, self.serial)

    def content(self) -> dict[str, Any]:
        """The frozen document."""
        found: dict[str, Any] = json.loads(self.document)
        return found

    def title(self) -> str:
        """Its heading."""
        found: str = self.content()["title"]
        return found


_Newer = aliased(Publication)
_COLUMNS = (
    *(getattr(Publication, name) for name in PublicationRow._fields[:-3]),
    Withdrawal.withdrawn_at,
    _Newer.id,
    _Newer.token,
)
_publication: AnySelect = (
    select(*_COLUMNS)
    .outerjoin(
        Withdrawal,
        and_(Withdrawal.village_id == Publication.village_id, Withdrawal.publication_id == Publication.id),
    )
    .outerjoin(_Newer, and_(_Newer.village_id == Publication.village_id, _Newer.replaces == Publication.id))
)
_BY_ID = Prepared(
    _publication.where(Publication.village_id == bindparam("village_id"), Publication.id == bindparam("id"))
)
#: Days between a sheet's hanging and its proof that are believed; what is said to have hung longer counts from then.
BELIEVED = 3
_FIRST_POSTING = Prepared(
    select(Posting.posted_on, Posting.recorded_at)
    .where(Posting.village_id == bindparam("village_id"), Posting.publication_id == bindparam("id"))
    .order_by(Posting.recorded_at, Posting.id)
    .limit(1)
)
_LINK = Prepared(select(PublicLink.village_id, PublicLink.publication_id).where(PublicLink.token == bindparam("token")))


def number_text(year: int, serial: int) -> str:
    return f"{year}-{serial:03d}"


def find_publication(work: Work, village_id: int, publication_id: str) -> PublicationRow | None:
    found = _BY_ID.first(work, village_id=village_id, id=publication_id)
    return PublicationRow(*found) if found else None


def get_publication(work: Work, village_id: int, publication_id: str, *, kind: str | None = None) -> PublicationRow:
    """The publication of an id, and of a kind where one is named. Raises NotFound."""
    found = find_publication(work, village_id, publication_id)
    if found is None or kind not in (None, found.kind):
        raise NotFound()
    return found


def first_posted_on(work: Work, village_id: int, publication_id: str) -> date | None:
    """Since which day a sheet hangs, by its first proof; None while there is none."""
    found = _FIRST_POSTING.first(work, village_id=village_id, id=publication_id)
    return found[0] if found else None


def counted_from(posted_on: date, recorded_at: datetime) -> date:
    """The first day of a notice period. A late proof would else end the period before anybody could read it."""
    return max(posted_on, village_day(recorded_at) - timedelta(days=BELIEVED))


def counts_since(work: Work, village_id: int, publication_id: str) -> date | None:
    """The first day of a sheet's notice period, by its first proof; None while there is none."""
    found = _FIRST_POSTING.first(work, village_id=village_id, id=publication_id)
    return counted_from(*found) if found else None


def find_by_token(work: Work, token: str) -> tuple[int, PublicationRow | None]:
    """The village and the publication whose public page a token opens; 0 and None where it opens nothing."""
    link = _LINK.first(work, token=token)
    return (link[0], find_publication(work, *link)) if link else (0, None)


def publications_in_force(village_id: int, day: date) -> AnySelect:
    """What of a village anyone may read on a day; unordered."""
    return _publication.where(
        Publication.village_id == village_id,
        Publication.from_on <= day,
        Publication.until_on >= day,
        Withdrawal.withdrawn_at.is_(None),
    )


def newest_seal(work: Work, village_id: int) -> Seal | None:
    """The seal of the books that a sheet frozen now bears."""
    found = find_last_seal(work, village_id)
    return Seal(number=found.number, digest=found.digest[:16]) if found else None


class FirstPosting(NamedTuple):
    """posted_on: since when a sheet hangs. counts_from: the first day of its notice period."""

    posted_on: date
    counts_from: date


def first_postings(work: Work, village_id: int, ids: Sequence[str]) -> dict[str, FirstPosting]:
    """Publication → its first proof, of many at once; without those that have none."""
    statement = (
        select(Posting.publication_id, Posting.posted_on, Posting.recorded_at)
        .where(Posting.village_id == village_id, Posting.publication_id.in_(ids))
        .order_by(Posting.recorded_at.desc(), Posting.id.desc())
    )
    return {
        row.publication_id: FirstPosting(row.posted_on, counted_from(row.posted_on, row.recorded_at))
        for row in work.read(statement)
    }


def last_day_of(row: PublicationRow, counts_from: date | None) -> date:
    """The last village day of a public page: that of the notice period, where one began (`counts_since`)."""
    if not has_period(row.kind) or counts_from is None:
        return row.until_on
    days: int = row.content()["notice"]["days"]
    return min(row.until_on, counts_from + timedelta(days=days - 1))


def in_force(work: Work, village_id: int, kind: str) -> list[PublicationRow]:
    """What is on show today of one kind, the newest first; of several editions of a number the last."""
    statement = (
        publications(village_id, kind)
        .where(Publication.from_on <= work.today, Publication.until_on >= work.today, Withdrawal.withdrawn_at.is_(None))
        .order_by(Publication.year.desc(), Publication.serial.desc(), Publication.edition.desc())
    )
    found: dict[tuple[int, int], PublicationRow] = {}
    for row in work.read(statement):
        publication = PublicationRow(*row)
        found.setdefault((publication.year, publication.serial), publication)
    return list(found.values())


def publications(village_id: int, kind: str | None) -> AnySelect:
    """What a village published, of one kind or of all; unordered."""
    found = _publication.where(Publication.village_id == village_id)
    return found if kind is None else found.where(Publication.kind == kind)
