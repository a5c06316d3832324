"""What should hang and doesn't (应公开未公开): the rhythm held against what was published and proved to hang."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select

from pointshop.core.clock import day_starts_at, village_day
from pointshop.core.periods import Period, parse_period
from pointshop.core.work import Prepared, Work
from pointshop.ledger.models import Entry
from pointshop.merits.models import Merit, NoticeLine
from pointshop.merits.notice import OPEN
from pointshop.notices.merit_lines import standing, waiting_by_month
from pointshop.notices.models import Coverage
from pointshop.notices.rhythm import GRACE, HANG_AT_ONCE, LOOK_BACK, Duty, duties
from pointshop.publishing.honor_roll_document import KIND as HONOR_ROLL
from pointshop.publishing.kinds import GOODS, LEDGER, MERIT_NOTICE, PASSBOOK, REDEMPTIONS, has_period
from pointshop.publishing.models import Posting, Publication
from pointshop.publishing.queries import number_text
from pointshop.regions.models import Village
from pointshop.shop.models import Redemption, StockMove


class Missing(NamedTuple):
    """Something that should hang. missing: the sheet itself, or only the proof that it hangs.

    period, first, last: of a disclosure. waiting: how many merits wait for a notice. publication, number: of the sheet
    that was made.
    """

    kind: str
    missing: Literal["publication", "posting"]
    due_on: date
    rhythm: str | None = None
    period: str | None = None
    first: date | None = None
    last: date | None = None
    waiting: int | None = None
    publication: str | None = None
    number: str | None = None


class Sheet(NamedTuple):
    """A sheet that stands: neither withdrawn nor corrected."""

    id: str
    kind: str
    year: int
    serial: int
    made_on: date
    until_on: date
    first: date | None
    last: date | None
    hangs: bool
    #: whether it never hung and a line of it is still undecided
    waits: bool

    @property
    def number(self) -> str:
        return number_text(self.year, self.serial)


_posted = (
    select(1)
    .where(Posting.village_id == Publication.village_id, Posting.publication_id == Publication.id)
    .correlate(Publication)
)
_waits = (
    select(1)
    .select_from(NoticeLine)
    .join(Merit, and_(Merit.village_id == NoticeLine.village_id, Merit.id == NoticeLine.merit_id))
    .where(
        NoticeLine.village_id == Publication.village_id,
        NoticeLine.publication_id == Publication.id,
        or_(*(Merit.state == state for state in OPEN)),
    )
    .correlate(Publication)
)
_SHEETS = Prepared(
    select(
        Publication.id,
        Publication.kind,
        Publication.year,
        Publication.serial,
        Publication.published_at,
        Publication.until_on,
        Coverage.first_on,
        Coverage.last_on,
        case((_posted.exists(), 1), else_=0),
        case((and_(~_posted.exists(), _waits.exists()), 1), else_=0),
    )
    .outerjoin(
        Coverage,
        and_(Coverage.village_id == Publication.village_id, Coverage.publication_id == Publication.id),
    )
    .where(
        Publication.village_id == bindparam("village_id"),
        # however long ago it was made, what never hung is missing
        or_(Publication.from_on >= bindparam("since"), and_(Publication.kind == MERIT_NOTICE.name, ~_posted.exists())),
        Publication.kind != PASSBOOK.name,
        *standing(),
    )
    .order_by(Publication.published_at, Publication.id)
)
_FOUNDED = Prepared(select(Village.founded_at).where(Village.village_id == bindparam("village_id")))


def missing_sheets(work: Work, village_id: int) -> list[Missing]:
    """All that has to hang and doesn't, by the day until which it may be missing."""
    sheets = _standing_sheets(work, village_id)
    (founded_at,) = _FOUNDED.one(work, village_id=village_id)
    wanted = duties(work.today, since=village_day(founded_at), moved=_moved(work, village_id))
    found = [lack for duty in wanted if (lack := _lack(duty, sheets)) is not None]
    found += _unhung(work, sheets)
    found += _uncollected(work, village_id)
    return sorted(found, key=lambda lack: (lack.due_on, lack.kind, lack.period or ""))


def _lack(duty: Duty, sheets: list[Sheet]) -> Missing | None:
    """What a duty lacks: its sheet, or the proof that it hangs."""
    own = [sheet for sheet in sheets if sheet.kind == duty.kind and _covers(sheet, duty)]
    if any(sheet.hangs for sheet in own):
        return None
    lack = Missing(duty.kind, "publication", duty.due_on, duty.rhythm, duty.period, duty.first, duty.last)
    return lack._replace(missing="posting", publication=own[-1].id, number=own[-1].number) if own else lack


def _covers(sheet: Sheet, duty: Duty) -> bool:
    return sheet.first is not None and sheet.last is not None and sheet.first <= duty.first and duty.last <= sheet.last


def _unhung(work: Work, sheets: list[Sheet]) -> Iterator[Missing]:
    """Notices and honor rolls that were made and don't hang: nobody sees them, and no clock runs.

    A notice whose page is over is still missing while merits wait on it: it has to be made anew, or taken down.
    """
    for sheet in sheets:
        if sheet.hangs or not (has_period(sheet.kind) or sheet.kind == HONOR_ROLL):
            continue
        if sheet.until_on >= work.today or sheet.waits:
            due_on = sheet.made_on + timedelta(days=HANG_AT_ONCE)
            yield Missing(sheet.kind, "posting", due_on, publication=sheet.id, number=sheet.number)


def _uncollected(work: Work, village_id: int) -> Iterator[Missing]:
    """Approved merits are collected at least once a month (月公示)."""
    waiting = waiting_by_month(work, village_id)
    if waiting:
        last = parse_period(min(waiting)).last
        yield Missing(
            MERIT_NOTICE.name, "publication", last + timedelta(days=GRACE), "monthly", waiting=sum(waiting.values())
        )


def _standing_sheets(work: Work, village_id: int) -> list[Sheet]:
    since = work.today - timedelta(days=31 * (LOOK_BACK + 4))
    return [
        Sheet(id, kind, year, serial, village_day(published_at), until_on, first, last, postings > 0, waiting > 0)
        for id, kind, year, serial, published_at, until_on, first, last, postings, waiting in _SHEETS.all(
            work, village_id=village_id, since=since
        )
    ]


def _moved(work: Work, village_id: int) -> dict[str, set[str]]:
    """Kind → the months, of those looked back on, in which something moved."""
    months = _months(work.today)
    entries = [_between(Entry.recorded_at, month) for month in months]
    moves = [_between(StockMove.recorded_at, month) for month in months]
    spent = [Redemption.occurred_on.between(*_days(month)) for month in months]
    return {
        LEDGER.name: _present(work, months, entries, Entry.village_id == village_id),
        GOODS.name: _present(work, months, moves, StockMove.village_id == village_id),
        REDEMPTIONS.name: _present(
            work, months, spent, and_(Redemption.village_id == village_id, Redemption.state == "completed")
        ),
    }


def _present(
    work: Work, months: list[str], conditions: Sequence[ColumnElement[bool]], of_village: ColumnElement[bool]
) -> set[str]:
    """The months whose condition holds for some row; all in one pass over the table."""
    flags = [func.max(case((condition, 1), else_=0)) for condition in conditions]
    (row,) = work.read(select(*flags).where(of_village)).all()
    return {month for month, flag in zip(months, row, strict=True) if flag}


def _between(column: Any, month: str) -> ColumnElement[bool]:
    first, last = _days(month)
    return and_(column >= day_starts_at(first), column < day_starts_at(last + timedelta(days=1)))


def _days(month: str) -> tuple[date, date]:
    period = parse_period(month)
    return period.first, period.last


def _months(today: date) -> list[str]:
    """The current month and those before it, as far as is looked back, and the quarter of the oldest."""
    first = date(today.year - 1, 1, 1)
    months = Period(first, today).months()
    return months[-(LOOK_BACK + 4) :]
