"""Shapes of events."""

from marshmallow import fields as base

from pointshop.core.fields import (
    CardCode,
    Flag,
    Instant,
    Label,
    Shape,
    Whole,
    WholeText,
    household_number,
    item_code,
    list_of,
    one_of,
    shape_of,
)
from pointshop.core.paging import PageQuery
from pointshop.events.models import STATES, WAYS
from pointshop.events.rules import LEVELS, LONGEST, OUTCOMES, REASONS, ROUNDINGS

MAX_LINES = 500
#: What JSON readers keep exact.
_MEMBER = {"least": 1, "most": 2**53}


class EventIn(Shape):
    title = Label(limit=60, required=True)
    place = Label(limit=60, required=True)
    from_at = Instant(required=True)
    until_at = Instant(required=True)
    rule = item_code(required=True)
    level = one_of(*LEVELS, load_default="household", allow_none=False)
    unit_minutes = Whole(least=10, most=LONGEST, allow_none=True, load_default=None)
    rounding = one_of(*ROUNDINGS, load_default="down", allow_none=False)
    expected_minutes = Whole(least=1, most=LONGEST, allow_none=True, load_default=None)


class EventOut(Shape):
    id = base.String()
    title = base.String()
    place = base.String()
    from_at = base.String()
    until_at = base.String()
    rule = base.String()
    level = base.String(metadata={"enum": list(LEVELS), "description": "household 记到户 member 记到人"})
    unit_minutes = base.Integer(
        allow_none=True, metadata={"description": "多少分钟折合细则的一个计量单位；空为到场即记一次"}
    )
    rounding = base.String(
        metadata={"enum": list(ROUNDINGS), "description": "不足一个单位：down 舍 nearest 四舍五入 up 进"}
    )
    expected_minutes = base.Integer(metadata={"description": "纸质签到表没有写时长的按此计"})
    state = base.String(metadata={"enum": list(STATES)})
    organiser = base.String()
    ended_at = base.String(allow_none=True, metadata={"description": "结算或取消的时刻"})
    cancel_reason = base.String(allow_none=True)
    batch = base.String(allow_none=True, metadata={"description": "结算记下的那一批积分"})


class AttendanceOut(Shape):
    household = base.String()
    head = base.String()
    member_id = base.Integer(allow_none=True)
    member = base.String(allow_none=True)
    way = base.String(metadata={"enum": list(WAYS)})
    in_at = base.String(allow_none=True)
    out_at = base.String(allow_none=True)
    minutes = base.Integer(allow_none=True, metadata={"description": "活动期间在场的分钟数；没有签退的为空"})
    earned = base.Integer(allow_none=True, metadata={"description": "折合的计量单位数，未计上限"})
    stated_reason = base.String(allow_none=True)
    outcome = base.String(allow_none=True, metadata={"enum": [*OUTCOMES, None]})
    reason = base.String(allow_none=True, metadata={"enum": [*REASONS, None], "description": "少记或不记的原因"})
    quantity = base.Integer(allow_none=True, metadata={"description": "结算记下的数量"})
    merit = base.String(allow_none=True)


class EventDetailOut(EventOut):
    attendances = base.List(base.Nested(AttendanceOut))


class EventQuery(PageQuery):
    state = one_of(*STATES, load_default=None)


class EventPage(Shape):
    items = base.List(base.Nested(EventOut))
    next = base.String(allow_none=True)


class SigningIn(Shape):
    """`scanned_at`: by the phone's clock, when it had no signal then."""

    card = CardCode(required=True)
    member_id = Whole(**_MEMBER, allow_none=True, load_default=None)
    scanned_at = Instant(allow_none=True, load_default=None)


class StatedIn(Shape):
    household = household_number(required=True)
    member_id = Whole(**_MEMBER, allow_none=True, load_default=None)
    minutes = Whole(least=1, most=LONGEST, required=True)
    reason = Label(limit=200, required=True)


class ListedIn(Shape):
    household = household_number(required=True)
    member_id = Whole(**_MEMBER, allow_none=True, load_default=None)
    minutes = Whole(least=1, most=LONGEST, allow_none=True, load_default=None)


class PaperListIn(Shape):
    lines = list_of(shape_of(ListedIn), least=1, most=MAX_LINES, required=True)


class PaperListOut(Shape):
    id = base.String()
    attendances = base.List(base.Nested(AttendanceOut))


class CloseIn(Shape):
    without_own = Flag(required=True, metadata={"description": "本户和亲属的先不结，由他人另记"})


class ClosedOut(EventDetailOut):
    points = base.Integer(metadata={"description": "这一批共记的积分"})


class CancelIn(Shape):
    reason = Label(limit=200, required=True)


class SheetQuery(Shape):
    rows = WholeText(least=1, most=200, load_default=25)
