"""Shapes of publications, their postings and objections."""

from marshmallow import ValidationError
from marshmallow import fields as base

from pointshop.core.fields import (
    Code,
    Day,
    Label,
    PersonName,
    Shape,
    Text,
    Whole,
    WholeText,
    client_name,
    household_number,
    one_of,
)
from pointshop.core.paging import PageQuery
from pointshop.core.periods import PERIOD_HINT, PERIOD_PATTERN
from pointshop.core.text import has_visible
from pointshop.publishing.honor_roll_document import KIND as HONOR_ROLL
from pointshop.publishing.kinds import DRAWN, KINDS
from pointshop.publishing.sheets import Paper
from pointshop.publishing.table_sheet import LONGEST, LONGEST_REASON, MAX_ITEMS

STATES = ("open", "upheld", "dismissed")


class Words(Text):
    """Free text in which there is something to read."""

    def _deserialize(self, *given: object, **kwargs: object) -> str:
        found = super()._deserialize(*given, **kwargs)  # type: ignore[arg-type]  # handed through as it came
        if not has_visible(found):
            raise ValidationError("不能为空")
        return found.strip()


class PublicationIn(Shape):
    kind = one_of(*DRAWN, required=True)
    period = Code(PERIOD_PATTERN, limit=7, hint=PERIOD_HINT, allow_none=True, load_default=None)
    household = household_number(allow_none=True, load_default=None)
    contact = Label(limit=LONGEST["contact"], required=True)
    office = Label(limit=LONGEST["office"], required=True)
    replaces = client_name(allow_none=True, load_default=None)


class PublicationOut(Shape):
    id = base.String()
    kind = base.String()
    title = base.String()
    number = base.String(metadata={"description": "本年度期号，如 2026-003"})
    edition = base.Integer(metadata={"description": "1；更正后为 2、3……"})
    replaced_by = base.String(allow_none=True, metadata={"description": "更正它的一版"})
    digest = base.String(metadata={"description": "冻结文本的 SHA-256"})
    public_url = base.String(allow_none=True)
    lines = base.Integer()
    published_at = base.DateTime()
    withdrawn_at = base.DateTime(allow_none=True)
    posted_on = base.Date(allow_none=True, metadata={"description": "张贴日期；公示期从这一天起算"})
    until_on = base.Date(metadata={"description": "公开页的最后一天"})
    document = base.Dict(metadata={"description": "冻结的公示件"})


class DutyOut(Shape):
    """Of `?overdue=`: what has to hang and doesn't."""

    kind = base.String()
    missing = base.String(metadata={"description": "publication 还没有制作，posting 没有张贴凭证"})
    due_on = base.Date()
    rhythm = base.String(allow_none=True, metadata={"description": "monthly 按月，quarterly 按季"})
    period = base.String(allow_none=True)
    first_on = base.Date(allow_none=True)
    last_on = base.Date(allow_none=True)
    waiting = base.Integer(allow_none=True, metadata={"description": "待公示的积分记录条数"})
    publication = base.String(allow_none=True)
    number = base.String(allow_none=True)


class ListedOut(PublicationOut, DutyOut):
    """A publication, or with `?overdue=` a duty."""

    number = base.String(allow_none=True)


class PublicationPage(Shape):
    items = base.List(base.Nested(ListedOut))
    next = base.String(allow_none=True)


class PublicationQuery(PageQuery):
    kind = one_of(*KINDS, HONOR_ROLL, load_default=None)
    overdue = one_of("true", "false", load_default=None)


class PrintQuery(Shape):
    paper = one_of(*Paper, load_default=None)


class PictureQuery(PrintQuery):
    page = WholeText(least=1, most=999, load_default=1)


class WithdrawalIn(Shape):
    reason = Label(limit=200, required=True)


class WithdrawalOut(Shape):
    id = base.String()
    number = base.String()
    withdrawn_at = base.DateTime()


class PostingQuery(Shape):
    place = Label(limit=60, required=True)
    posted_on = Day(required=True)


class PostingOut(Shape):
    id = base.String()
    place = base.String()
    posted_on = base.Date()
    width = base.Integer()
    height = base.Integer()
    sha256 = base.String()
    due_on = base.Date(allow_none=True, metadata={"description": "公示期满、可以入账的第一天"})


class PostingsOut(Shape):
    items = base.List(base.Nested(PostingOut))


class ObjectionIn(Shape):
    line = Whole(least=1, most=MAX_ITEMS, allow_none=True, load_default=None)
    words = Words(limit=500, required=True)
    name = PersonName(allow_none=True, load_default=None)
    contact = Label(limit=60, allow_none=True, load_default=None)
    about = Label(limit=40, allow_none=True, load_default=None)


class ObjectionDecisionIn(Shape):
    decision = one_of("uphold", "dismiss", required=True)
    reason = Label(limit=LONGEST_REASON, required=True)


class ObjectionOut(Shape):
    id = base.String()
    publication = base.String()
    line = base.Integer(allow_none=True)
    matter = base.String()
    channel = base.String(metadata={"description": "paper 当面或书面，page 公开页"})
    words = base.String()
    name = base.String(allow_none=True, metadata={"description": "只有监督员能看到"})
    contact = base.String(allow_none=True, metadata={"description": "只有监督员能看到"})
    state = base.String()
    received_at = base.DateTime()
    decided_at = base.DateTime(allow_none=True)
    reason = base.String(allow_none=True)
    answered_in = base.String(allow_none=True, metadata={"description": "印有答复的公示件"})


class ObjectionQuery(PageQuery):
    state = one_of(*STATES, load_default=None)
    publication = client_name(load_default=None)


class ObjectionPage(Shape):
    items = base.List(base.Nested(ObjectionOut))
    next = base.String(allow_none=True)


class SaidIn(Shape):
    """The form of the public page: everything is text, and what is left empty is not given."""

    id = client_name(required=True)
    line = WholeText(least=1, most=MAX_ITEMS, load_default=None)
    words = Words(limit=500, required=True)
    name = PersonName(load_default=None)
    contact = Label(limit=60, load_default=None)
