"""Shapes of households, members and cards."""

from marshmallow import fields as base

from pointshop.core.fields import (
    Code,
    Flag,
    Label,
    PersonName,
    Shape,
    Text,
    Whole,
    WholeText,
    list_of,
    one_of,
    shape_of,
)
from pointshop.core.paging import PageQuery

_PHONE = r"[+0-9][0-9 ()-]*"


class MemberIn(Shape):
    name = PersonName(required=True)
    birth_year = Whole(least=1900, most=2100, allow_none=True, load_default=None)
    party_member = Flag(load_default=False)
    volunteer = Flag(load_default=False)
    name_consent = Flag(allow_none=True, load_default=None)


class HouseholdIn(Shape):
    head = PersonName(required=True)
    group_no = Whole(least=1, most=999, required=True)
    lane = Label(limit=50, allow_none=True, load_default=None)
    address = Label(limit=200, allow_none=True, load_default=None)
    phone = Code(_PHONE, limit=30, hint="电话只含数字、空格、- 和括号", allow_none=True, load_default=None)
    name_consent = Flag(allow_none=True, load_default=None)
    members = list_of(shape_of(MemberIn), most=30, load_default=None, allow_none=True)


class MemberOut(Shape):
    id = base.Integer()
    name = base.String()
    birth_year = base.Integer(allow_none=True)
    party_member = base.Boolean()
    volunteer = base.Boolean()
    name_consent = base.Boolean(allow_none=True)


class HouseholdOut(Shape):
    number = base.String()
    head = base.String()
    group_no = base.Integer()
    lane = base.String(allow_none=True)
    address = base.String(allow_none=True)
    phone = base.String(allow_none=True, metadata={"description": "仅有权者可见"})
    name_consent = base.Boolean(allow_none=True)
    status = base.String()
    members = base.List(base.Nested(MemberOut))
    balance = base.Integer()
    honor_points = base.Integer(metadata={"description": "本年获得的荣誉分"})
    successor = base.String(allow_none=True, metadata={"description": "并户后由哪一户接续"})


class HouseholdQuery(PageQuery):
    group_no = WholeText(least=1, most=999, load_default=None)
    lane = Label(limit=50, load_default=None)
    q = Text(limit=60, load_default=None)


class HouseholdPage(Shape):
    items = base.List(base.Nested(HouseholdOut))
    next = base.String(allow_none=True)


class CardIn(Shape):
    """Nothing to say: the card's code is chance, its serial follows."""


class CardOut(Shape):
    code = base.String()
    serial = base.Integer()
    url = base.String()


class ImportQuery(Shape):
    dry_run = one_of("true", "false", "1", "0", load_default="false")


class ImportOut(Shape):
    dry_run = base.Boolean()
    rows = base.Integer()
    created = base.Integer()
    updated = base.Integer()
    unchanged = base.Integer()
    notices = base.List(base.String())


class ExportQuery(Shape):
    format = one_of("xlsx", "csv", load_default="xlsx")


class RosterMemberOut(Shape):
    id = base.Integer()
    name = base.String()


class RosterItem(Shape):
    number = base.String()
    head = base.String()
    group_no = base.Integer()
    lane = base.String(allow_none=True)
    key = base.String(metadata={"description": "编号、姓名、拼音与首字母，每行一个，供查找"})
    card = base.String(allow_none=True, metadata={"description": "现用卡编码的 SHA-256 前 16 位"})
    members = base.List(base.Nested(RosterMemberOut))


class RosterPage(Shape):
    items = base.List(base.Nested(RosterItem))
    next = base.String(allow_none=True)
