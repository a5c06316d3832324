"""HTTP of events: planning, reading, closing."""

from collections.abc import Mapping
from typing import Any

from pointshop.core import paging
from pointshop.core.db import reading
from pointshop.core.policy import grid_of
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.events import planning, queries, schemas, settling
from pointshop.events.answers import event_document, with_attendances
from pointshop.events.models import Event
from pointshop.events.planning import Plan
from pointshop.events.queries import EventRow
from pointshop.merits.log_conditions import Logger

feature = Feature("events", description="活动：主题党日、义务劳动、志愿服务")


@feature.command(
    "/villages/<village:v>/events/<name:id>",
    kind="event",
    permission="event.plan",
    body=schemas.EventIn,
    answer=schemas.EventOut,
)
def plan(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """安排一次活动：时间、地点、按哪条细则记分、多少分钟折合一个计量单位。"""
    return event_document(
        planning.plan_event(work, call.village.id, id, Plan(**call.body), actor_id=call.actor.user_id)
    )


@feature.command(
    "/villages/<village:v>/events/<name:event>/closings/<name:id>",
    kind="event_close",
    permission="event.close",
    body=schemas.CloseIn,
    answer=schemas.ClosedOut,
)
def close(call: Call, work: Work, event: str, id: str) -> Mapping[str, Any]:
    """结算一次活动：按到场时长记一批积分，超过上限的记到上限为止，记不上的逐条说明原因。"""
    by = Logger(call.actor.user_id, grid_of(call.actor, call.village.path))
    closed = settling.close_event(work, call.village.id, event, id, **call.body, by=by)
    points = sum(line.merit.points for line in closed.lines if line.merit)
    return with_attendances(work, call.village.id, closed.event) | {"points": points}


@feature.command(
    "/villages/<village:v>/events/<name:event>/cancellations/<name:id>",
    kind="event_cancel",
    permission="event.plan",
    body=schemas.CancelIn,
    answer=schemas.EventOut,
)
def cancel(call: Call, work: Work, event: str, id: str) -> Mapping[str, Any]:
    """取消一次活动，谁也不记分。"""
    return event_document(planning.cancel_event(work, call.village.id, event, **call.body, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/events",
    permission="event.read",
    query=schemas.EventQuery,
    answer=schemas.EventPage,
)
def list_events(call: Call) -> dict[str, Any]:
    """本村的活动，开始晚的在前。"""
    statement = paging.page(
        queries.events(call.village.id, state=call.query["state"]),
        keys=[Event.__table__.c.from_at, Event.__table__.c.id],
        query=call.query,
        descending=True,
    )
    rows = [EventRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.from_at, row.id], item=event_document)


@feature.on("GET", "/villages/<village:v>/events/<name:id>", permission="event.read", answer=schemas.EventDetailOut)
def get_event(call: Call, id: str) -> dict[str, Any]:
    """一次活动和到场的人。"""
    work = reading()
    return with_attendances(work, call.village.id, queries.get_event(work, call.village.id, id))
