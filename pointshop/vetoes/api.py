"""HTTP of vetoes. All of it is for the office; nothing of it is ever public."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pointshop.core import paging
from pointshop.core.clock import as_text, as_text_or_none
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.vetoes import queries, schemas, service
from pointshop.vetoes.models import EFFECTS, Veto
from pointshop.vetoes.queries import AppealRow, VetoRow
from pointshop.vetoes.service import Decision

feature = Feature("vetoes", description="一票否决：有期限、可申诉，不扣分，不公开")


@feature.command(
    "/villages/<village:v>/vetoes/<name:id>",
    kind="veto",
    permission="veto.write",
    body=schemas.VetoIn,
    answer=schemas.VetoOut,
)
def record_veto(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """记下村里对一户的一票否决：效力和起止日期；不扣积分。"""
    body = dict(call.body)
    decision = Decision(**body | {"effects": frozenset(body["effects"])})
    found = service.record_veto(work, call.village.id, id, decision, actor_id=call.actor.user_id)
    return _one(work, call, found)


@feature.command(
    "/villages/<village:v>/vetoes/<name:id>/lifting",
    kind="veto_lifting",
    permission="veto.write",
    body=schemas.LiftIn,
    answer=schemas.VetoOut,
    own_refusal=True,
)
def lift_veto(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """提前解除一票否决。"""
    found = service.lift_veto(work, call.village.id, id, reason=call.body["reason"], actor_id=call.actor.user_id)
    return _one(work, call, found)


@feature.command(
    "/villages/<village:v>/vetoes/<name:veto>/appeals/<name:id>",
    kind="veto_appeal",
    permission="veto.appeal",
    body=schemas.AppealIn,
    answer=schemas.VetoOut,
)
def appeal(call: Call, work: Work, veto: str, id: str) -> Mapping[str, Any]:
    """记下该户的申诉。"""
    service.appeal(work, call.village.id, veto, id, grounds=call.body["grounds"], actor_id=call.actor.user_id)
    return _one(work, call, queries.get_veto(work, call.village.id, veto))


@feature.command(
    "/villages/<village:v>/vetoes/<name:veto>/appeals/<name:id>/decision",
    kind="appeal_decision",
    permission="veto.decide",
    body=schemas.AppealDecisionIn,
    answer=schemas.VetoOut,
    own_refusal=True,
)
def decide_appeal(call: Call, work: Work, veto: str, id: str) -> Mapping[str, Any]:
    """答复申诉；成立的，否决随即终止。记录否决的人不能答复。"""
    found = service.decide_appeal(work, call.village.id, veto, id, **call.body, actor_id=call.actor.user_id)
    return _one(work, call, found)


@feature.on(
    "GET",
    "/villages/<village:v>/vetoes",
    permission="veto.read",
    query=schemas.VetoQuery,
    answer=schemas.VetoPage,
)
def list_vetoes(call: Call) -> dict[str, Any]:
    """一票否决，最近的在前，含已终止的。"""
    work = reading()
    columns = Veto.__table__.c
    statement = paging.page(
        queries.vetoes(call.village.id, household=call.query["household"]),
        keys=[columns.recorded_at, columns.id],
        query=call.query,
        descending=True,
    )
    rows = [VetoRow(*row) for row in work.read(statement)]
    appeals = queries.appeals_of(work, call.village.id, [row.id for row in rows])
    return paging.answer(
        rows,
        query=call.query,
        key=lambda row: [row.recorded_at, row.id],
        item=lambda row: _veto(row, appeals[row.id], today=work.today),
    )


def _one(work: Work, call: Call, row: VetoRow) -> dict[str, Any]:
    return _veto(row, queries.appeals_of(work, call.village.id, [row.id])[row.id], today=work.today)


def _veto(row: VetoRow, appeals: list[AppealRow], *, today: date) -> dict[str, Any]:
    return {
        "id": row.id,
        "household": row.household,
        "reason": row.reason,
        "evidence": row.evidence,
        "decided_by": row.decided_by,
        "from_on": row.from_on.isoformat(),
        "until_on": row.until_on.isoformat(),
        "effects": [effect for effect in EFFECTS if getattr(row, effect)],
        "in_force": row.is_in_force(today),
        "recorded_at": as_text(row.recorded_at),
        "ended_at": as_text_or_none(row.ended_at),
        "end_reason": row.end_reason,
        "appeals": [_appeal(found) for found in appeals],
    }


def _appeal(row: AppealRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "grounds": row.grounds,
        "made_at": as_text(row.made_at),
        "decision": row.decision,
        "answer": row.answer,
        "decided_at": as_text_or_none(row.decided_at),
    }
