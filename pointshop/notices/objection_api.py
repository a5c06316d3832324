"""HTTP of objections as the office has them: taken down from paper, listed, decided."""

from collections.abc import Mapping
from typing import Any

from pointshop.core import clock, paging
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.notices import objections, schemas
from pointshop.notices.objections import NewObjection, ObjectionRow
from pointshop.publishing.models import Objection

feature = Feature("objections", description="异议的登记与处理")


@feature.command(
    "/villages/<village:v>/publications/<name:publication>/objections/<name:id>",
    kind="objection",
    permission="objection.record",
    body=schemas.ObjectionIn,
    answer=schemas.ObjectionOut,
)
def record_objection(call: Call, work: Work, publication: str, id: str) -> Mapping[str, Any]:
    """登记一份口头或书面的异议，署名或匿名；只暂缓所指的那一条。"""
    body = call.body
    said = NewObjection(
        body["line"],
        body["words"],
        body["name"],
        body["contact"],
        about=objections.find_cadre(work, call.village, body["about"]),
        received_by=call.actor.user_id,
    )
    return _objection(call, objections.record_objection(work, call.village.id, publication, id, said))


@feature.command(
    "/villages/<village:v>/objections/<name:id>/decision",
    kind="decision",
    permission="objection.decide",
    body=schemas.ObjectionDecisionIn,
    answer=schemas.ObjectionOut,
    own_refusal=True,
)
def decide(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """处理异议：成立或不成立，理由印在下一期公示上；涉及本人的不能自己处理。"""
    body = call.body
    found = objections.decide(work, call.village, id, decision=body["decision"], reason=body["reason"], by=call.actor)
    return _objection(call, found)


@feature.on(
    "GET",
    "/villages/<village:v>/objections",
    permission="objection.read",
    query=schemas.ObjectionQuery,
    answer=schemas.ObjectionPage,
)
def list_objections(call: Call) -> dict[str, Any]:
    """异议，最近的在前。"""
    columns = Objection.__table__.c
    statement = objections.objections(
        call.village.id, state=call.query["state"], publication_id=call.query["publication"]
    )
    page = paging.page(statement, keys=[columns.received_at, columns.id], query=call.query, descending=True)
    rows = [ObjectionRow(*row) for row in reading().read(page)]
    return paging.answer(
        rows, query=call.query, key=lambda row: [row.received_at, row.id], item=lambda row: _objection(call, row)
    )


def _objection(call: Call, row: ObjectionRow) -> dict[str, Any]:
    """Who objected is for those who decide, not for those whom it may be about."""
    decides = call.may("objection.decide")
    return {
        "id": row.id,
        "publication": row.publication_id,
        "line": row.line_no,
        "matter": row.matter,
        "channel": row.channel,
        "words": row.words,
        "name": row.name if decides else None,
        "contact": row.contact if decides else None,
        "state": row.state,
        "received_at": clock.as_text(row.received_at),
        "decided_at": None if row.decided_at is None else clock.as_text(row.decided_at),
        "reason": row.reason,
        "answered_in": row.answered_in,
    }
