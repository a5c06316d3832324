"""What must hold of vetoes (threats.md I14, I20)."""

from sqlalchemy import and_, select

from pointshop.ledger.verify import Check
from pointshop.vetoes.models import Appeal, Veto

CHECKS = (
    Check(
        "appeal_was_answered_by_another",
        "I14",
        "申诉由录入否决的人自己答复，或申诉成立而否决没有解除",
        select(Appeal.village_id, Appeal.id, Appeal.veto_id, Appeal.decided_by)
        .join(Veto, and_(Veto.village_id == Appeal.village_id, Veto.id == Appeal.veto_id))
        .where((Appeal.decided_by == Veto.recorded_by) | ((Appeal.decision == "upheld") & Veto.ended_at.is_(None))),
    ),
)
