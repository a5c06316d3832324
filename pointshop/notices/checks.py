"""The invariants of notices (threats.md I22): what hangs, what it holds, what was said against it."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased

from pointshop.ledger.seal import Sealed
from pointshop.ledger.verify import Check, marked_rows
from pointshop.merits.models import Merit, NoticeLine
from pointshop.merits.notice import OPEN
from pointshop.notices.merit_lines import standing
from pointshop.notices.models import Coverage
from pointshop.publishing.kinds import DRAWN, MERIT_NOTICE
from pointshop.publishing.models import Objection, Posting, Publication
from pointshop.publishing.queries import counted_from

_line_of_merit = and_(NoticeLine.village_id == Merit.village_id, NoticeLine.merit_id == Merit.id)
_sheet_of_line = and_(Publication.village_id == NoticeLine.village_id, Publication.id == NoticeLine.publication_id)
_against_line = and_(
    Objection.village_id == NoticeLine.village_id,
    Objection.publication_id == NoticeLine.publication_id,
    Objection.line_no == NoticeLine.line_no,
)
_open_objection = (
    select(1)
    .select_from(NoticeLine)
    .join(Objection, _against_line)
    .where(_line_of_merit, Objection.state == "open")
    .correlate(Merit)
)
_hangs = (
    select(1)
    .select_from(NoticeLine)
    .join(
        Posting,
        and_(Posting.village_id == NoticeLine.village_id, Posting.publication_id == NoticeLine.publication_id),
    )
    .join(Publication, _sheet_of_line)
    .where(_line_of_merit, *standing())
    .correlate(Merit)
)
_Earlier = aliased(Posting)
_an_earlier_one = select(1).where(
    _Earlier.village_id == Posting.village_id,
    _Earlier.publication_id == Posting.publication_id,
    or_(
        _Earlier.recorded_at < Posting.recorded_at,
        and_(_Earlier.recorded_at == Posting.recorded_at, _Earlier.id < Posting.id),
    ),
)


def _is_due_otherwise(row: Any) -> bool:
    """Whether a merit of a sheet is due on another day than the one on which the sheet's period is over."""
    try:
        days = timedelta(days=json.loads(row.document)["notice"]["days"])
    except (ValueError, KeyError, TypeError):
        return True
    due_on = counted_from(row.posted_on, row.recorded_at) + days
    return not row.first_due == due_on == row.last_due


def _has_other_lines(row: Any) -> bool:
    """Whether a notice lists another number of lines than are remembered of it."""
    try:
        printed: int = len(json.loads(row.document)["items"])
    except (ValueError, KeyError, TypeError):
        return True
    return not printed == row.lines == row.last_line


CHECKS = (
    Check(
        "notice_has_its_lines",
        "I22",
        "积分公示的行与记录不符",
        select(
            Publication.village_id,
            Publication.id,
            func.count(NoticeLine.line_no).label("lines"),
            func.coalesce(func.max(NoticeLine.line_no), 0).label("last_line"),
            Publication.document,
        )
        .outerjoin(
            NoticeLine,
            and_(NoticeLine.village_id == Publication.village_id, NoticeLine.publication_id == Publication.id),
        )
        .where(Publication.kind == MERIT_NOTICE.name)
        .group_by(Publication.village_id, Publication.id, Publication.document),
        is_wrong=_has_other_lines,
        hides=frozenset({"document"}),
    ),
    Check(
        "merit_stands_on_one_notice",
        "I22",
        "同一条积分同时列在两张有效的公示上",
        select(NoticeLine.village_id, NoticeLine.merit_id, func.count().label("notices"))
        .join(
            Publication,
            and_(Publication.village_id == NoticeLine.village_id, Publication.id == NoticeLine.publication_id),
        )
        .where(*standing())
        .group_by(NoticeLine.village_id, NoticeLine.merit_id)
        .having(func.count() > 1),
    ),
    Check(
        "clock_runs_only_on_the_wall",
        "I22",
        "没有张贴凭证的积分已起算公示期",
        select(Merit.village_id, Merit.id, Merit.due_on).where(
            or_(Merit.state == "noticed", and_(Merit.state == "held", Merit.due_on.is_not(None))), ~_hangs.exists()
        ),
    ),
    Check(
        "clock_runs_as_long_as_printed",
        "I22",
        "积分的公示期与所张贴的公示不符",
        select(
            Publication.village_id,
            Publication.id,
            func.min(Merit.due_on).label("first_due"),
            func.max(Merit.due_on).label("last_due"),
            Posting.posted_on,
            Posting.recorded_at,
            Publication.document,
        )
        .select_from(Publication)
        .join(NoticeLine, _sheet_of_line)
        .join(Merit, _line_of_merit)
        .join(
            Posting,
            and_(Posting.village_id == Publication.village_id, Posting.publication_id == Publication.id),
        )
        .where(
            or_(Merit.state == "noticed", and_(Merit.state == "held", Merit.due_on.is_not(None))),
            ~_an_earlier_one.exists(),
            *standing(),
        )
        .group_by(Publication.village_id, Publication.id, Posting.posted_on, Posting.recorded_at, Publication.document),
        is_wrong=_is_due_otherwise,
        hides=frozenset({"document"}),
    ),
    Check(
        "objection_holds_its_line",
        "I22",
        "待处理的异议没有暂缓该条，或暂缓的条目没有异议",
        select(Merit.village_id, Merit.id, Merit.state).where(
            or_(
                and_(Merit.state == "held", ~_open_objection.exists()),
                and_(Merit.state != "held", Merit.state.in_(OPEN), _open_objection.exists()),
            )
        ),
    ),
    Check(
        "upheld_objection_keeps_its_line_out",
        "I22",
        "异议成立的积分已入账",
        select(Objection.village_id, Objection.id, NoticeLine.merit_id, Merit.state)
        .join(NoticeLine, _against_line)
        .join(Merit, _line_of_merit)
        .where(Objection.state == "upheld", Merit.state.in_([*OPEN, "posted"])),
    ),
    Check(
        "sheet_says_which_days",
        "I22",
        "公示件与其公开期间不相配",
        select(Publication.village_id, Publication.id, Publication.kind)
        .outerjoin(
            Coverage,
            and_(Coverage.village_id == Publication.village_id, Coverage.publication_id == Publication.id),
        )
        .where(
            Publication.kind.in_(list(DRAWN)),
            or_(Coverage.kind.is_(None), Coverage.kind != Publication.kind),
        ),
    ),
    marked_rows(Posting),
)

#: Proofs under the daily seal: since when a sheet hangs decides when points may be spent.
SEALED = Sealed(
    "posting",
    select(Posting.mark, literal(0))
    .where(
        Posting.village_id == bindparam("village_id"),
        Posting.recorded_at > bindparam("after"),
        Posting.recorded_at <= bindparam("until"),
    )
    .order_by(Posting.recorded_at, Posting.id),
)
