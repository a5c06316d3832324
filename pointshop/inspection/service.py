"""Drawing a sample, and writing down what was found."""

import secrets
from typing import NamedTuple

from sqlalchemy import insert

from pointshop.core.errors import Forbidden, Invalid, Refused
from pointshop.core.periods import Period, parse_period
from pointshop.core.work import Change, Work
from pointshop.inspection.models import Finding, InspectedMerit, Inspection
from pointshop.inspection.queries import (
    InspectionRow,
    ItemRow,
    get_inspection,
    has_signed,
    items_of,
    posted_merits,
)
from pointshop.inspection.rules import draw, sample_size
from pointshop.kinship.service import refuse_self_dealing


class AlreadyFound(Refused):
    code, title = "not_pending", "这一条已经有抽查结果"


#: Bytes of chance after the words somebody named; with the longest words they fill the column.
_CHANCE = 8


class Plan(NamedTuple):
    """What to re-check. seed: words read out at a meeting, say; None for chance alone."""

    period: str
    confidence: int
    margin: int
    seed: str | None


class Told(NamedTuple):
    """What was found about a merit."""

    merit: str
    outcome: str
    note: str | None


_ADD = Change(insert(Inspection))
_ADD_ITEM = Change(insert(InspectedMerit))
_FIND = Change(insert(Finding))


def draw_inspection(work: Work, village_id: int, inspection_id: str, plan: Plan, *, actor_id: int) -> InspectionRow:
    """Draw which of a period's posted merits are to be re-checked. Raises Invalid where there is nothing to draw."""
    span: Period = parse_period(plan.period)
    names = posted_merits(work, village_id, span)
    if not names:
        raise Invalid(errors={"period": ["这段时间没有已入账的记录"]})
    size = sample_size(len(names), confidence=plan.confidence, margin=plan.margin)
    seed = _seed(plan.seed)
    _ADD.run(
        work,
        village_id=village_id,
        id=inspection_id,
        first_on=span.first,
        last_on=span.last,
        confidence=plan.confidence,
        margin=plan.margin,
        population=len(names),
        sample_size=size,
        seed=seed,
        drawn_at=work.now,
        actor_id=actor_id,
    )
    fixed = {"village_id": village_id, "inspection_id": inspection_id}
    drawn = draw(names, size=size, seed=seed)
    _ADD_ITEM.run_all(work, [fixed | {"merit_id": name, "item_no": no} for no, name in enumerate(drawn, start=1)])
    return get_inspection(work, village_id, inspection_id)


def _seed(words: str | None) -> str:
    """Words that were asked for, and chance after them: who names the words does not choose the sample by them."""
    return secrets.token_hex(16) if words is None else f"{words} {secrets.token_hex(_CHANCE)}"


def record_finding(
    work: Work, village_id: int, inspection_id: str, finding_id: str, told: Told, *, actor_id: int
) -> ItemRow:
    """Write down what was found about one drawn merit.

    Raises NotFound, Invalid for a merit that was not drawn, Forbidden for who logged or signed it, SelfDealing,
    AlreadyFound.
    """
    get_inspection(work, village_id, inspection_id)
    items = {item.merit_id: item for item in items_of(work, village_id, inspection_id)}
    item = items.get(told.merit)
    if item is None:
        raise Invalid(errors={"merit": ["这条记录不在本次抽查之列"]})
    if item.logged_by == actor_id or has_signed(work, village_id, item.merit_id, actor_id):
        raise Forbidden("登记人、审核人不能抽查自己经手的记录")
    refuse_self_dealing(work, village_id, actor_id, item.household_id)
    if item.outcome is not None:
        raise AlreadyFound(data={"merit": item.merit_id})
    _FIND.run(
        work,
        village_id=village_id,
        inspection_id=inspection_id,
        merit_id=item.merit_id,
        id=finding_id,
        outcome=told.outcome,
        note=told.note,
        found_at=work.now,
        actor_id=actor_id,
    )
    return item._replace(outcome=told.outcome, finding=told.note)
