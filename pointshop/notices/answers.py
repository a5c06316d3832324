"""Decided objections on their way onto the next sheet (异议答复)."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, cast

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from pointshop.core.work import Change, Work
from pointshop.publishing.honor_roll_document import KIND as HONOR_ROLL
from pointshop.publishing.kinds import DRAWN, KINDS, MERIT_NOTICE, Kind
from pointshop.publishing.models import Objection, Publication
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.table_sheet import MAX_ANSWERS, Answer

_TOLD = Change(
    update(Objection)
    .where(Objection.village_id == bindparam("in_village"), Objection.id == bindparam("objection_id"))
    .values(answered_in=bindparam("new_answered_in"))
)
#: Kinds of which the next sheet is far away, and how an answer calls them.
_SELDOM = {HONOR_ROLL: "光荣榜"} | {name: kind.title for name, kind in KINDS.items() if name not in DRAWN}


class Told(NamedTuple):
    """A decided objection and how it is answered in print."""

    objection_id: str
    answer: Answer


def to_be_told(work: Work, village_id: int, kind: Kind, replaced: PublicationRow | None) -> list[Told]:
    """What was decided about sheets of a kind and not printed yet; a correction says again what its old edition said.

    Objections to honor rolls, and to what else isn't drawn again soon, are answered on the next merit notice.
    """
    if not kind.is_public:
        return []
    unsaid: ColumnElement[bool] = Objection.answered_in.is_(None)
    if replaced is not None:
        unsaid = or_(unsaid, Objection.answered_in == replaced.id)
    statement = (
        select(
            Objection.id,
            Objection.line_no,
            Objection.matter,
            Objection.state,
            Objection.reason,
            Publication.kind,
            Publication.year,
            Publication.serial,
        )
        .join(
            Publication,
            and_(Publication.village_id == Objection.village_id, Publication.id == Objection.publication_id),
        )
        .where(
            Objection.village_id == village_id,
            Objection.state != "open",
            unsaid,
            Publication.kind.in_([kind.name, *_SELDOM] if kind is MERIT_NOTICE else [kind.name]),
        )
        .order_by(Objection.decided_at, Objection.id)
        .limit(MAX_ANSWERS)
    )
    return [
        Told(
            row.id,
            Answer(
                number=f"{row.year}年第{row.serial}期{_SELDOM.get(row.kind, '')}",
                line=row.line_no,
                matter=row.matter,
                decision=cast(Literal["upheld", "dismissed"], row.state),
                reason=row.reason or "",
            ),
        )
        for row in work.read(statement)
    ]


def keep_told(work: Work, village_id: int, told: Sequence[Told], *, answered_in: str) -> None:
    """Remember which sheet told the village."""
    _TOLD.run_all(
        work,
        [
            {"in_village": village_id, "objection_id": each.objection_id, "new_answered_in": answered_in}
            for each in told
        ],
    )
