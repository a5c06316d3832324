"""Reads of what was published."""

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select

from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.publishing.models import Publication, PublicLink, Withdrawal


class PublicationRow(NamedTuple):
    """A publication; withdrawn_at: when its public page ended before its time."""

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
    withdrawn_at: datetime | None

    @property
    def number(self) -> str:
        """Its yearly number as the interface names it: 2026-003."""
        return number_text(self.year, self.serial)

    def content(self) -> dict[str, Any]:
        """The frozen document."""
        found: dict[str, Any] = json.loads(self.document)
        return found


_COLUMNS = (*(getattr(Publication, name) for name in PublicationRow._fields[:-1]), Withdrawal.withdrawn_at)
_WITH_END = and_(Withdrawal.village_id == Publication.village_id, Withdrawal.publication_id == Publication.id)

_BY_ID = Prepared(
    select(*_COLUMNS)
    .outerjoin(Withdrawal, _WITH_END)
    .where(Publication.village_id == bindparam("village_id"), Publication.id == bindparam("id"))
)
_LINK = Prepared(select(PublicLink.village_id, PublicLink.publication_id).where(PublicLink.token == bindparam("token")))


def number_text(year: int, serial: int) -> str:
    return f"{year}-{serial:03d}"


def find_publication(work: Work, village_id: int, publication_id: str) -> PublicationRow | None:
    found = _BY_ID.first(work, village_id=village_id, id=publication_id)
    return PublicationRow(*found) if found else None


def get_publication(work: Work, village_id: int, publication_id: str, *, kind: str) -> PublicationRow:
    """The publication of a kind and id. Raises NotFound."""
    found = find_publication(work, village_id, publication_id)
    if found is None or found.kind != kind:
        raise NotFound()
    return found


def find_by_token(work: Work, token: str) -> PublicationRow | None:
    """The publication whose public page a token opens, in whichever village it is."""
    link = _LINK.first(work, token=token)
    return find_publication(work, *link) if link else None


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


def publications(village_id: int, kind: str) -> AnySelect:
    """What a village published of one kind; unordered."""
    return (
        select(*_COLUMNS)
        .outerjoin(Withdrawal, _WITH_END)
        .where(Publication.village_id == village_id, Publication.kind == kind)
    )
