"""The kinds of sheets that are tables: what a line of each says, and how it stands in columns.

What isn't named here can't be frozen, printed or shown: a kind is its own allow-list.
"""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]

MAX_AMOUNT = 10**12


@dataclass(frozen=True, slots=True)
class TextCell:
    """One line of text. longest: code points. may_lack: null where nothing is known."""

    longest: int
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class WholeCell:
    """A whole number from least to most."""

    least: int = 0
    most: int = MAX_AMOUNT
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day, YYYY-MM-DD in the document."""


Cell = TextCell | WholeCell | DayCell


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the printed table. width: in Chinese characters, against the others. label: as headed."""

    field: str
    label: str
    width: float
    align: Align = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of sheet (公示件种类).

    name: as stored. title: 积分公示. counted: what a line is: 条, 户. cells: fields of a line and their bounds.
    is_public: has a page that anyone may read. has_period: hangs for a notice period, which begins when it is hung.
    is_drawn: made from the books whenever somebody asks; others are made by the deed that they tell of. nothing: what
    stands where there is no line. basis: which rules it follows, printed above the table.
    """

    name: str
    title: str
    counted: str
    cells: dict[str, Cell]
    columns: tuple[Column, ...]
    nothing: str
    basis: str
    is_public: bool = True
    has_period: bool = False
    is_drawn: bool = True


_NAME = TextCell(50)
_GROUP = WholeCell(1, 999)
_NO = Column("no", "序号", 2.6)

MERIT_NOTICE = Kind(
    name="merit_notice",
    title="积分公示",
    counted="条",
    cells={
        "group_no": _GROUP,
        "name": _NAME,
        "matter": TextCell(80),
        "done_on": DayCell(),
        "points": WholeCell(1, 10**6),
        "basis": TextCell(24),
        "remark": TextCell(20, may_lack=True),
    },
    columns=(
        _NO,
        Column("group_no", "小组", 2.6),
        Column("name", "户主", 5.2, "left"),
        Column("matter", "事项", 12, "left"),
        Column("done_on", "日期", 4.8),
        Column("points", "分值", 2.8, "right"),
        Column("basis", "依据", 3.8),
        Column("remark", "备注", 2.6, "left"),
    ),
    nothing="本期没有待公示的积分。",
    basis="依据本村积分细则，由小组、网格员登记，经村“两委”审核，现将拟入账积分公示如下。公示期内无异议的，期满入账；"
    "有异议的只暂缓该条，由村务监督委员会核实后答复。",
    has_period=True,
)
REDEMPTIONS = Kind(
    name="redemptions",
    title="积分兑换明细公开",
    counted="笔",
    cells={
        "done_on": DayCell(),
        "group_no": _GROUP,
        "name": _NAME,
        "goods": TextCell(400),
        "points": WholeCell(1, 10**7),
    },
    columns=(
        _NO,
        Column("done_on", "日期", 4.6),
        Column("group_no", "小组", 2.6),
        Column("name", "户主", 5.5, "left"),
        Column("goods", "兑换物品", 17, "left"),
        Column("points", "积分", 3.4, "right"),
    ),
    nothing="本期没有兑换。",
    basis="依据村务公开的规定，现将本村积分商店兑换明细公开如下，请村民监督。",
)
GOODS = Kind(
    name="goods",
    title="积分商店物资收支公开",
    counted="种",
    cells={
        "goods": TextCell(124),
        "unit": TextCell(10),
        "before": WholeCell(),
        "received": WholeCell(),
        "donors": TextCell(400, may_lack=True),
        "cost_fen": WholeCell(),
        "given": WholeCell(-MAX_AMOUNT),
        "lost": WholeCell(-MAX_AMOUNT),
        "left": WholeCell(),
    },
    columns=(
        _NO,
        Column("goods", "物品", 8, "left"),
        Column("unit", "单位", 2.4),
        Column("before", "上期结存", 3, "right"),
        Column("received", "本期收入", 3, "right"),
        Column("donors", "来源", 5.5, "left"),
        Column("cost_fen", "购入金额（元）", 4.2, "right"),
        Column("given", "本期兑出", 3, "right"),
        Column("lost", "报损盘亏", 3, "right"),
        Column("left", "本期结存", 3, "right"),
    ),
    nothing="本期没有物资收支。",
    basis="依据村务公开的规定，现将本村积分商店物资的收入、来源、兑出和结存公开如下，请村民监督。",
)
THANKS = Kind(
    name="thanks",
    title="爱心捐赠鸣谢",
    counted="位",
    cells={
        "name": TextCell(60),
        "gifts": TextCell(400, may_lack=True),
        "money_fen": WholeCell(may_lack=True),
    },
    columns=(
        _NO,
        Column("name", "捐赠人", 9, "left"),
        Column("gifts", "捐赠物资", 18, "left"),
        Column("money_fen", "捐款（元）", 5, "right"),
    ),
    nothing="本期没有捐赠。",
    basis="下列单位和个人为本村积分商店捐赠物资、款项，谨致谢忱。未同意公开姓名的以“爱心人士”列出。",
)
LEDGER = Kind(
    name="ledger",
    title="积分台账公开",
    counted="户",
    cells={
        "group_no": _GROUP,
        "name": _NAME,
        "before": WholeCell(),
        "earned": WholeCell(),
        "spent": WholeCell(),
        "left": WholeCell(),
    },
    columns=(
        _NO,
        Column("group_no", "小组", 3),
        Column("name", "户主", 8, "left"),
        Column("before", "上期结余", 5, "right"),
        Column("earned", "本期增加", 5, "right"),
        Column("spent", "本期减少", 5, "right"),
        Column("left", "本期结余", 5, "right"),
    ),
    nothing="本村还没有开立积分账户。",
    basis="现将全村各户积分账户收支公开如下，与各户存折逐户相符。积分只记到户，增加为奖励所得，减少含兑换、扣减和冲正。",
)
PASSBOOK = Kind(
    name="passbook",
    title="积分存折",
    counted="笔",
    cells={
        "seq": WholeCell(1),
        "done_on": DayCell(),
        "summary": TextCell(500),
        "earned": WholeCell(may_lack=True),
        "spent": WholeCell(may_lack=True),
        "left": WholeCell(),
    },
    columns=(
        Column("seq", "行号", 2.6),
        Column("done_on", "日期", 4.6),
        Column("summary", "摘要", 15, "left"),
        Column("earned", "存入", 4, "right"),
        Column("spent", "支出", 4, "right"),
        Column("left", "结余", 4, "right"),
    ),
    nothing="本期没有收支。",
    basis="本页与村里登记的账目逐行相同，请核对；如有出入，请凭本页到村委会查询。",
    is_public=False,
)
CLOSING = Kind(
    name="closing",
    title="积分结转公示",
    counted="户",
    cells={
        "household": TextCell(20),
        "group_no": _GROUP,
        "name": _NAME,
        "before": WholeCell(-MAX_AMOUNT),
        "earned": WholeCell(),
        "spent": WholeCell(),
        "expired": WholeCell(),
        "carried": WholeCell(-MAX_AMOUNT),
    },
    columns=(
        _NO,
        Column("group_no", "小组", 2.6),
        Column("household", "户号", 4),
        Column("name", "户主", 6, "left"),
        Column("before", "上期结余", 4, "right"),
        Column("earned", "本期增加", 4, "right"),
        Column("spent", "本期减少", 4, "right"),
        Column("expired", "到期清零", 4, "right"),
        Column("carried", "结转下期", 4, "right"),
    ),
    nothing="本期没有收支。",
    basis="依据本村规定的积分结转办法结账，荣誉分不受结转影响。结转办法：",
    has_period=True,
    is_drawn=False,
)
EVALUATION = Kind(
    name="evaluation",
    title="评选结果",
    counted="项",
    cells={
        "place": WholeCell(1, 5000),
        "group_no": _GROUP,
        "name": _NAME,
        "value": TextCell(12),
        "award": TextCell(60),
        "points": WholeCell(1, 10**6, may_lack=True),
        "remark": TextCell(20, may_lack=True),
    },
    columns=(
        Column("place", "名次", 2.6),
        Column("group_no", "小组", 2.6),
        Column("name", "姓名", 6, "left"),
        Column("value", "得分", 4, "right"),
        Column("award", "称号", 10, "left"),
        Column("points", "奖励积分", 4, "right"),
        Column("remark", "备注", 6, "left"),
    ),
    nothing="本次评选没有达到授奖条件的对象。",
    basis="依据本村评选办法，现将评选结果公布如下。",
    is_drawn=False,
)

KINDS = {kind.name: kind for kind in (MERIT_NOTICE, REDEMPTIONS, GOODS, THANKS, LEDGER, PASSBOOK, CLOSING, EVALUATION)}
DRAWN = {name: kind for name, kind in KINDS.items() if kind.is_drawn}


def has_period(kind: str) -> bool:
    """Whether sheets of a kind hang for a notice period that begins when they are hung."""
    return kind in KINDS and KINDS[kind].has_period


def is_public(kind: str) -> bool:
    """Whether sheets of a kind hang, and have a page that anyone may read. Kinds that are no tables all do."""
    return kind not in KINDS or KINDS[kind].is_public
