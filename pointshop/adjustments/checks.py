"""Adjustments against the books (threats.md I7, I14)."""

from sqlalchemy import and_, or_, select

from pointshop.adjustments.models import Adjustment
from pointshop.ledger.models import Entry
from pointshop.ledger.verify import Check

_line = and_(
    Entry.village_id == Adjustment.village_id,
    Entry.account_id == Adjustment.household_id,
    Entry.seq == Adjustment.entry_seq,
)

CHECKS = (
    Check(
        "adjustment_has_its_line",
        "I7",
        "人工调整与存折分录不符",
        select(Adjustment.village_id, Adjustment.id, Adjustment.points, Entry.points.label("entry_points"))
        .outerjoin(Entry, _line)
        .where(
            Adjustment.state == "posted",
            or_(
                Entry.seq.is_(None),
                Entry.points != Adjustment.points,
                Entry.kind != "adjustment",
                Entry.source_kind != "adjustment",
                Entry.source_id != Adjustment.id,
            ),
        ),
    ),
    Check(
        "adjusting_line_was_signed",
        "I14",
        "存折有人工调整，而没有经另一人审批的调整单",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.source_id)
        .outerjoin(Adjustment, _line)
        .where(
            or_(Entry.kind == "adjustment", Entry.source_kind == "adjustment"),
            or_(Adjustment.id.is_(None), Adjustment.decided_by == Adjustment.proposed_by),
        ),
    ),
)
