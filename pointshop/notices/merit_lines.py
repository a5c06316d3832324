"""The merits that a notice collects, and which notice each stands on (积分公示)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, bindparam, insert, select, text
from sqlalchemy.orm import aliased

from pointshop.core.periods import month_key
from pointshop.core.work import Change, Prepared, Work
from pointshop.ledger.service import lock_accounts
from pointshop.merits.models import APPROVED, Merit, NoticeLine, RuleVersion
from pointshop.merits.notice import merits_on
from pointshop.merits.queries import JUDGED_BY, MeritRow, merits_named
from pointshop.notices.drawing import Drawn, Span, naming
from pointshop.people.public_names import heads_in_public
from pointshop.publishing.models import Publication, Withdrawal
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.table_sheet import Total, Value

#: Merits that ended otherwise than in the books: a corrected sheet no longer lists them.
_ENDED = ("rejected", "withdrawn", "reversed")
_Newer = aliased(Publication)
_Own = aliased(NoticeLine)
_ADD = Change(insert(NoticeLine))


def standing() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a publication is neither corrected nor withdrawn."""
    newer = (
        select(1)
        .where(_Newer.village_id == Publication.village_id, _Newer.replaces == Publication.id)
        .correlate(Publication)
    )
    withdrawn = (
        select(1)
        .where(Withdrawal.village_id == Publication.village_id, Withdrawal.publication_id == Publication.id)
        .correlate(Publication)
    )
    return ~newer.exists(), ~withdrawn.exists()


_stands_on_a_notice = (
    select(1)
    .select_from(NoticeLine)
    .join(
        Publication, and_(Publication.village_id == NoticeLine.village_id, Publication.id == NoticeLine.publication_id)
    )
    .where(NoticeLine.village_id == Merit.village_id, NoticeLine.merit_id == Merit.id, *standing())
    .correlate(Merit)
)


_WAITING = Prepared(
    select(Merit.id, Merit.logged_at)
    .where(Merit.village_id == bindparam("village_id"), text(f"merit.{APPROVED}"), ~_stands_on_a_notice.exists())
    .order_by(Merit.id)
)
#: Of the merits of a notice, those that stand on another one, too.
_ELSEWHERE = Prepared(
    select(_Own.merit_id)
    .join(NoticeLine, and_(NoticeLine.village_id == _Own.village_id, NoticeLine.merit_id == _Own.merit_id))
    .join(
        Publication, and_(Publication.village_id == NoticeLine.village_id, Publication.id == NoticeLine.publication_id)
    )
    .where(
        _Own.village_id == bindparam("village_id"),
        _Own.publication_id == bindparam("publication_id"),
        Publication.id != bindparam("publication_id"),
        *standing(),
    )
)
_ON_LINE = Prepared(
    select(NoticeLine.merit_id).where(
        NoticeLine.village_id == bindparam("village_id"),
        NoticeLine.publication_id == bindparam("publication_id"),
        NoticeLine.line_no == bindparam("line_no"),
    )
)
_PER = select(Merit.id, RuleVersion.per).join(RuleVersion, JUDGED_BY)


def waiting_merits(work: Work, village_id: int) -> list[str]:
    """Approved merits that no notice has yet."""
    return [name for name, _ in _WAITING.all(work, village_id=village_id)]


def waiting_by_month(work: Work, village_id: int) -> dict[str, int]:
    """YYYY-MM of the instant they were logged → how many merits wait for a notice."""
    found: dict[str, int] = {}
    for _, logged_at in _WAITING.all(work, village_id=village_id):
        month = month_key(logged_at.date())
        found[month] = found.get(month, 0) + 1
    return found


def find_merit_on_line(work: Work, village_id: int, publication_id: str, line_no: int) -> str | None:
    """The merit of a line; None where the sheet is no merit notice."""
    found = _ON_LINE.first(work, village_id=village_id, publication_id=publication_id, line_no=line_no)
    return found[0] if found else None


def draw_merits(work: Work, village_id: int, replaced: PublicationRow | None) -> Drawn:
    """What waits for a notice; for a correction also what still stands of the sheet that it replaces."""
    rows = _held_rows(work, village_id, replaced)
    return Drawn(
        span=_span(work, rows),
        items=tuple(_items(work, village_id, rows)),
        totals=(
            Total(label="涉及", value=len({row.household_id for row in rows}), unit="户"),
            Total(label="分值合计", value=sum(row.points for row in rows), unit="分"),
        ),
        merits=tuple(row.id for row in rows),
    )


def _held_rows(work: Work, village_id: int, replaced: PublicationRow | None) -> list[MeritRow]:
    """The merits to list, their accounts held: two notices at once would else collect the same ones."""

    def wanted() -> list[str]:
        former = _still_on(work, village_id, replaced.id) if replaced is not None else []
        return [*waiting_merits(work, village_id), *former]

    seen = merits_named(work, village_id, wanted())
    lock_accounts(work, village_id, {merit.household_id for merit in seen.values()})
    # looked up again: somebody else may have collected or ended them while this waited
    found = merits_named(work, village_id, [name for name in wanted() if name in seen])
    standing = [merit for merit in found.values() if merit.state not in _ENDED]
    return sorted(standing, key=lambda row: (row.group_no, row.number, row.occurred_on, row.id))


def _still_on(work: Work, village_id: int, publication_id: str) -> list[str]:
    """The merits of a notice that no other notice took over, as one may that is made while it is taken down."""
    elsewhere = {name for (name,) in _ELSEWHERE.all(work, village_id=village_id, publication_id=publication_id)}
    return [name for name in merits_on(work, village_id, publication_id) if name not in elsewhere]


def keep_lines(work: Work, village_id: int, publication_id: str, merits: Sequence[str]) -> None:
    """Remember which merit each printed line is."""
    _ADD.run_all(
        work,
        [
            {"village_id": village_id, "publication_id": publication_id, "line_no": number, "merit_id": name}
            for number, name in enumerate(merits, start=1)
        ],
    )


def _items(work: Work, village_id: int, rows: Sequence[MeritRow]) -> list[dict[str, Value]]:
    policy, year = naming(work, village_id)
    names = heads_in_public(work, village_id, {row.household_id for row in rows}, policy=policy, year=year)
    per = _units(work, village_id, [row.id for row in rows])
    return [
        {
            "group_no": row.group_no,
            "name": names[row.household_id],
            # never the note, which may tell of illness or quarrels (threats.md D05)
            "matter": row.rule_name if row.quantity == 1 else f"{row.rule_name} {row.quantity}{per[row.id]}",
            "done_on": row.occurred_on,
            "points": row.points,
            "basis": row.rule,
            "remark": None,
        }
        for row in rows
    ]


def _units(work: Work, village_id: int, names: Sequence[str]) -> dict[str, str]:
    statement = _PER.where(Merit.village_id == village_id, Merit.id.in_(names))
    return {row.id: row.per for row in work.read(statement)}


def _span(work: Work, rows: Sequence[MeritRow]) -> Span:
    """From the first deed to the last, named after the month of the last."""
    days = [row.occurred_on for row in rows] or [work.today]
    return Span(min(days), max(days), f"{max(days).year}年{max(days).month}月")
