"""Taking persons out of objections: those they made, those that name them, those to the lines of their deeds."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from pointshop.core.commands import Command
from pointshop.core.work import Work
from pointshop.merits.models import Merit, NoticeLine
from pointshop.publishing.models import Objection

#: What stands where words were.
_GONE = "已删除"


def forget_objections(work: Work, village_id: int, words: Collection[str], whose: ColumnElement[bool]) -> None:
    """words: names and phones of the erased. whose: which merits are theirs. What was decided, and when, stays.

    Nobody can tell namesakes apart here, so an objection of a namesake loses its name too.
    """
    made = or_(*(or_(_said(Objection.name, word), _said(Objection.contact, word)) for word in words))
    on_line = (
        select(NoticeLine.line_no)
        .join(Merit, and_(Merit.village_id == NoticeLine.village_id, Merit.id == NoticeLine.merit_id))
        .where(
            NoticeLine.village_id == village_id,
            NoticeLine.publication_id == Objection.publication_id,
            NoticeLine.line_no == Objection.line_no,
            whose,
        )
        .exists()
    )
    told = or_(on_line, *(or_(_said(Objection.words, word), _said(Objection.reason, word)) for word in words))
    by_them = _ids(work, village_id, made) if words else set()
    about = by_them | _ids(work, village_id, told)
    here = Objection.village_id == village_id
    work.write(update(Objection).where(here, Objection.id.in_(sorted(by_them))).values(name=None, contact=None))
    work.write(update(Objection).where(here, Objection.id.in_(sorted(about))).values(words=_GONE))
    decided = and_(here, Objection.id.in_(sorted(about)), Objection.reason.is_not(None))
    work.write(update(Objection).where(decided).values(reason=_GONE))
    for name in sorted(about):
        # answers to those who took it down and decided it
        answered = Command.answer.contains(f'"id":"{name}"', autoescape=True)
        work.write(update(Command).where(Command.village_id == village_id, answered).values(answer=""))


def _said(column: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True)


def _ids(work: Work, village_id: int, condition: ColumnElement[bool]) -> set[str]:
    statement = select(Objection.id).where(Objection.village_id == village_id, condition)
    return {name for (name,) in work.read(statement)}
