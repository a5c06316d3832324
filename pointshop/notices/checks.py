"""The invariants of notices (threats.md I22): what hangs, what it holds, what was said against it."""

import json
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select

from pointshop.ledger.seal import Sealed
from pointshop.ledger.verify import Check, marked_rows
from pointshop.merits.models import Merit, NoticeLine
from pointshop.merits.notice import OPEN
from pointshop.notices.merit_lines import standing
from pointshop.notices.models import Coverage
from pointshop.publishing.kinds import KINDS, MERIT_NOTICE
from pointshop.publishing.models import Objection, Posting, Publication

_line_of_merit = and_(NoticeLine.village_id == Merit.village_id, NoticeLine.merit_id == Merit.id)
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
    .where(_line_of_merit)
    .correlate(Merit)
)


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
            Publication.kind.in_(list(KINDS)),
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
