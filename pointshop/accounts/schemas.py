"""Shapes of users and sessions."""

from marshmallow import ValidationError, validates_schema
from marshmallow import fields as base

from pointshop.core.fields import Code, Flag, Label, PersonName, Shape, Text, Whole, list_of, one_of, shape_of
from pointshop.core.paging import PageQuery
from pointshop.core.policy import ROLES


def username_field(**options: object) -> Code:
    return Code(
        r"[A-Za-z0-9][A-Za-z0-9._-]*",
        limit=40,
        hint="用户名由 1 到 40 位字母、数字、点、- 或 _ 组成",
        **options,
    )


def _region_code(**options: object) -> Code:
    return Code(r"[0-9]+", limit=12, hint="区划代码须为数字", **options)


class LoginIn(Shape):
    username = Text(limit=200, required=True)
    password = Text(limit=200, required=True)
    device_name = Label(limit=60, allow_none=True, load_default=None)


class GridCellIn(Shape):
    group_no = Whole(least=1, most=999, required=True)
    lane = Label(limit=50, allow_none=True, load_default=None)


class GrantIn(Shape):
    role = one_of(*ROLES, required=True)
    region = _region_code(required=True)
    grid = list_of(shape_of(GridCellIn), most=200, load_default=list)


class UserIn(Shape):
    name = PersonName(required=True)
    password = Text(limit=200)
    grants = list_of(shape_of(GrantIn), most=50, required=True)
    active = Flag(load_default=True)

    @validates_schema
    def _each_once(self, data: dict[str, list[dict[str, str]]], **_: object) -> None:
        pairs = [(grant["role"], grant["region"]) for grant in data["grants"]]
        if len(set(pairs)) != len(pairs):
            raise ValidationError("同一角色在同一区划只能出现一次", "grants")


class GridCellOut(Shape):
    group_no = base.Integer()
    lane = base.String(allow_none=True)


class GrantOut(Shape):
    role = base.String()
    region = base.String()
    grid = base.List(base.Nested(GridCellOut))


class UserOut(Shape):
    username = base.String()
    name = base.String()
    grants = base.List(base.Nested(GrantOut))
    active = base.Boolean()


class PasswordSetOut(Shape):
    at = base.String()
    by = base.String(allow_none=True, metadata={"description": "设密码的人；空为本人"})


class MeOut(UserOut):
    password_set = base.Nested(PasswordSetOut, allow_none=True)


class PasswordIn(Shape):
    old_password = Text(limit=200, required=True)
    password = Text(limit=200, required=True)


class ResetIn(Shape):
    username = Text(limit=200, required=True)
    code = Text(limit=200, required=True)
    password = Text(limit=200, required=True)


class ResetOut(Shape):
    code = base.String(metadata={"description": "一次性重置码，只显示这一次"})
    expires_at = base.String()


class UserEventOut(Shape):
    at = base.String()
    action = base.String(
        metadata={
            "description": "created 建立，changed 改姓名、权限或停用，password_set 他人设密码，"
            "password_changed 本人改密码，reset_begun 开始重置，reset_used 凭码重置，"
            "wechat_code 开微信绑定码，wechat_bound 绑定微信，wechat_unbound 解除微信"
        }
    )
    by = base.String()
    grants = base.List(base.Nested(GrantOut), allow_none=True)


class UserEventPage(Shape):
    items = base.List(base.Nested(UserEventOut))
    next = base.String(allow_none=True)


class UserQuery(PageQuery):
    region = _region_code(required=True)


class UserPage(Shape):
    items = base.List(base.Nested(UserOut))
    next = base.String(allow_none=True)


class SessionOut(Shape):
    token = base.String()
    expires_at = base.String()
    user = base.Nested(MeOut)


class WeChatIn(Shape):
    code = Code(r"[!-~]+", limit=128, hint="须为小程序给出的登录码", required=True)
    binding_code = Text(limit=200, allow_none=True, load_default=None)
    device_name = Label(limit=60, allow_none=True, load_default=None)


class WeChatCodeOut(Shape):
    code = base.String(metadata={"description": "16 位字母和数字，分四组，只能用一次"})
    expires_at = base.String()
