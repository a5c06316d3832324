"""Proof that a sheet hangs (张贴凭证): a photo of it on the wall, where, since when. It starts the notice period."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select

from pointshop.core.errors import Gone, Invalid, NameReused
from pointshop.core.marks import row_mark
from pointshop.core.work import Change, Prepared, Work
from pointshop.merits.notice import merits_on, start_clock
from pointshop.merits.photos import Photo
from pointshop.publishing.kinds import MERIT_NOTICE, has_period, is_public
from pointshop.publishing.models import Posting
from pointshop.publishing.queries import PublicationRow, counted_from, first_posted_on, get_publication
from pointshop.publishing.tables import HANG_WITHIN

#: Places where copies of one sheet hang.
MOST = 20


class Hung(NamedTuple):
    """Where a sheet was hung, and on which village day."""

    place: str
    posted_on: date


class PostingRow(NamedTuple):
    id: str
    publication_id: str
    place: str
    posted_on: date
    sha256: str
    width: int
    height: int
    actor_id: int
    recorded_at: datetime


_COLUMNS = tuple(getattr(Posting, name) for name in PostingRow._fields)
_BY_ID = Prepared(select(*_COLUMNS).where(Posting.village_id == bindparam("village_id"), Posting.id == bindparam("id")))
_ALL = Prepared(
    select(*_COLUMNS)
    .where(Posting.village_id == bindparam("village_id"), Posting.publication_id == bindparam("publication_id"))
    .order_by(Posting.recorded_at, Posting.id)
)
_OF_OTHERS = Prepared(
    select(Posting.id)
    .where(
        Posting.village_id == bindparam("village_id"),
        Posting.sha256 == bindparam("sha256"),
        Posting.publication_id != bindparam("publication_id"),
    )
    .limit(1)
)
_ADD = Change(insert(Posting))


def find_posting(work: Work, village_id: int, id: str) -> PostingRow | None:
    found = _BY_ID.first(work, village_id=village_id, id=id)
    return PostingRow(*found) if found else None


def postings_of(work: Work, village_id: int, publication_id: str) -> list[PostingRow]:
    """The proofs of a sheet, the first one first."""
    return [PostingRow(*row) for row in _ALL.all(work, village_id=village_id, publication_id=publication_id)]


def check_hanging(work: Work, village_id: int, publication_id: str, posting_id: str, hung: Hung) -> PublicationRow:
    """The sheet that is said to hang. Raises NotFound, Gone, Invalid."""
    sheet = get_publication(work, village_id, publication_id)
    if not is_public(sheet.kind):
        raise Invalid(errors={"publication": ["存折页交给本户，不张贴"]})
    if sheet.withdrawn_at is not None or sheet.replaced_by is not None:
        raise Gone("这张公示已撤下或已更正")
    if not sheet.from_on <= hung.posted_on <= work.today:
        raise Invalid(errors={"posted_on": [f"张贴日期须在制作日期（{sheet.from_on}）和今天之间"]})
    if has_period(sheet.kind) and (counted_from(hung.posted_on, work.now) - sheet.from_on).days > HANG_WITHIN:
        raise Invalid(errors={"posted_on": [f"制作后 {HANG_WITHIN} 天内没有张贴，请更正后重新打印"]})
    if (
        len(postings_of(work, village_id, publication_id)) >= MOST
        and find_posting(work, village_id, posting_id) is None
    ):
        raise Invalid(errors={"photo": [f"一张公示最多登记 {MOST} 处张贴"]})
    return sheet


def is_known(found: PostingRow | None, publication_id: str, hung: Hung, picture: Photo, *, actor_id: int) -> bool:
    """Whether this very proof was handed in before. Raises NameReused for another of its name."""
    if found is None:
        return False
    known = (found.publication_id, Hung(found.place, found.posted_on), found.sha256, found.actor_id)
    if known != (publication_id, hung, picture.sha256, actor_id):
        raise NameReused()
    return True


def refuse_used(work: Work, village_id: int, publication_id: str, picture: Photo) -> None:
    """One photo shows one sheet. Raises Invalid where it was the proof of another one."""
    if _OF_OTHERS.first(work, village_id=village_id, sha256=picture.sha256, publication_id=publication_id) is not None:
        raise Invalid(errors={"photo": ["这张照片已用作另一张公示的张贴凭证，请拍摄这一张"]})


def record_posting(
    work: Work, village_id: int, sheet: PublicationRow, posting_id: str, hung: Hung, picture: Photo, *, actor_id: int
) -> None:
    """Keep the proof; the first one of a merit notice starts the clock of its lines."""
    is_first = first_posted_on(work, village_id, sheet.id) is None
    if is_first and sheet.kind == MERIT_NOTICE.name:
        days = sheet.content()["notice"]["days"]
        due_on = counted_from(hung.posted_on, work.now) + timedelta(days=days)
        start_clock(work, village_id, merits_on(work, village_id, sheet.id), due_on=due_on)
    row: dict[str, object] = {
        "village_id": village_id,
        "id": posting_id,
        "publication_id": sheet.id,
        "place": hung.place,
        "posted_on": hung.posted_on,
        "sha256": picture.sha256,
        "width": picture.width,
        "height": picture.height,
        "recorded_at": work.now,
        "actor_id": actor_id,
    }
    _ADD.run(work, **row, mark=row_mark(*row.values()))
