"""Whether samples are what their seeds give (threats.md I14)."""

from sqlalchemy import and_, func, or_, select

from pointshop.inspection.models import Finding, InspectedMerit, Inspection
from pointshop.ledger.verify import Check
from pointshop.merits.models import Merit

_drawn = (
    select(
        InspectedMerit.village_id,
        InspectedMerit.inspection_id,
        func.count().label("items"),
        func.max(InspectedMerit.item_no).label("last"),
    )
    .group_by(InspectedMerit.village_id, InspectedMerit.inspection_id)
    .subquery()
)

CHECKS = (
    Check(
        "sample_is_as_large_as_it_says",
        "I14",
        "抽查样本与抽查单所记的数目不符",
        select(Inspection.village_id, Inspection.id, Inspection.sample_size, _drawn.c["items"])
        .outerjoin(_drawn, and_(_drawn.c.village_id == Inspection.village_id, _drawn.c.inspection_id == Inspection.id))
        .where(
            or_(
                _drawn.c["items"].is_(None),
                _drawn.c["items"] != Inspection.sample_size,
                _drawn.c["last"] != Inspection.sample_size,
            )
        ),
    ),
    Check(
        "nobody_rechecks_their_own",
        "I14",
        "抽查人就是登记人",
        select(Finding.village_id, Finding.inspection_id, Finding.merit_id, Finding.actor_id)
        .join(Merit, and_(Merit.village_id == Finding.village_id, Merit.id == Finding.merit_id))
        .where(Finding.actor_id == Merit.logged_by),
    ),
)
