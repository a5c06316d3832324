"""HTTP of signing in and out: what a phone may also send later, in a sync batch."""

from collections.abc import Mapping
from typing import Any

from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.events import schemas, signing
from pointshop.events.answers import attendance_document
from pointshop.events.queries import get_event
from pointshop.events.signing import Listed, Shown

feature = Feature("signing", description="活动签到：由工作人员扫卡，或录入纸质签到表")


@feature.command(
    "/villages/<village:v>/events/<name:event>/sign-ins/<name:id>",
    kind="sign_in",
    permission="event.sign",
    body=schemas.SigningIn,
    answer=schemas.AttendanceOut,
)
def sign_in(call: Call, work: Work, event: str, id: str) -> Mapping[str, Any]:
    """扫卡签到；离线时扫的由手机记下时刻，有信号后再传。"""
    shown, village_id = Shown(**call.body), call.village.id
    row = signing.sign_in(work, village_id, event, shown, actor_id=call.actor.user_id)
    return attendance_document(row, get_event(work, village_id, event))


@feature.command(
    "/villages/<village:v>/events/<name:event>/sign-outs/<name:id>",
    kind="sign_out",
    permission="event.sign",
    body=schemas.SigningIn,
    answer=schemas.AttendanceOut,
)
def sign_out(call: Call, work: Work, event: str, id: str) -> Mapping[str, Any]:
    """扫卡签退。"""
    shown, village_id = Shown(**call.body), call.village.id
    row = signing.sign_out(work, village_id, event, shown, actor_id=call.actor.user_id)
    return attendance_document(row, get_event(work, village_id, event))


@feature.command(
    "/villages/<village:v>/events/<name:event>/stated-times/<name:id>",
    kind="stated_time",
    permission="event.sign",
    body=schemas.StatedIn,
    answer=schemas.AttendanceOut,
)
def state_time(call: Call, work: Work, event: str, id: str) -> Mapping[str, Any]:
    """写明一人在场多久和理由，用于忘了签退的。"""
    body, village_id = call.body, call.village.id
    listed = Listed(body["household"], body["member_id"], body["minutes"])
    row = signing.state_time(
        work,
        village_id,
        event,
        listed,
        minutes=body["minutes"],
        reason=body["reason"],
        actor_id=call.actor.user_id,
    )
    return attendance_document(row, get_event(work, village_id, event))


@feature.command(
    "/villages/<village:v>/events/<name:event>/paper-lists/<name:id>",
    kind="paper_list",
    permission="event.sign",
    body=schemas.PaperListIn,
    answer=schemas.PaperListOut,
)
def enter_list(call: Call, work: Work, event: str, id: str) -> Mapping[str, Any]:
    """录入纸质签到表，要么全录要么全不录；没有写时长的按活动预计时长。"""
    village_id = call.village.id
    lines = [Listed(**line) for line in call.body["lines"]]
    rows = signing.enter_list(work, village_id, event, lines, actor_id=call.actor.user_id)
    found = get_event(work, village_id, event)
    return {"id": id, "attendances": [attendance_document(row, found) for row in rows]}
