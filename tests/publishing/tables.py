"""Sheets that are tables, of an invented village."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pointshop.publishing.document import digest
from pointshop.publishing.kinds import KINDS
from pointshop.publishing.parts import Seal, Village
from pointshop.publishing.table_document import to_document
from pointshop.publishing.table_sheet import Answer, Holder, TableSheet, Total, Value
from tests.publishing.rolls import names

URL = "https://jifen.example/b/Tq3vZ8mW0aKxY2nR"
#: From two characters to twenty, rare ones among them.
NAMES = (
    "王",
    "马云",
    "郄建军",
    "𠮷野",
    "阿依古丽·买买提",
    "垸头塆",
    "奥布力喀斯木·阿卜杜热依木·买买提艾力",
    "欧阳俊杰",
)


def called(count: int) -> list[str]:
    return [*NAMES, *names(max(count - len(NAMES), 0))][:count]


def _merit(index: int, name: str) -> dict[str, Value]:
    matters = ("集中清扫", "参加村内人居环境集中整治 2次", "孝老爱亲好人好事经村民评议")
    return {
        "group_no": index % 6 + 1,
        "name": name,
        "matter": matters[index % 3],
        "done_on": date(2026, 5, index % 28 + 1),
        "points": 5 * (index % 3 + 1),
        "basis": f"HJ{index % 20 + 1:02d}",
        "remark": None,
    }


def _redemption(index: int, name: str) -> dict[str, Value]:
    goods = ("香皂×2块、食用油 5L×1桶", "洗衣粉×1袋")[index % 2]
    day = date(2026, 5, index % 28 + 1)
    return {"done_on": day, "group_no": index % 6 + 1, "name": name, "goods": goods, "points": 15 + index}


def _goods(index: int, name: str) -> dict[str, Value]:
    return {
        "goods": ("香皂 100g", "非转基因大豆食用油 5L", "洗衣粉")[index % 3],
        "unit": "块",
        "before": 20,
        "received": 50,
        "donors": f"{name}捐赠20、购入30" if index % 4 == 0 else None,
        "cost_fen": 12550,
        "given": 33,
        "lost": 1,
        "left": 36,
    }


def _thanks(index: int, name: str) -> dict[str, Value]:
    return {"name": name, "gifts": "香皂×20块" if index % 2 else None, "money_fen": 20_000 if index % 3 else None}


def _ledger(index: int, name: str) -> dict[str, Value]:
    return {"group_no": index % 6 + 1, "name": name, "before": 100, "earned": 55, "spent": 30, "left": 125}


def _passbook(index: int, name: str) -> dict[str, Value]:
    came = index % 2 == 0
    return {
        "seq": index + 1,
        "done_on": date(2026, 5, index % 28 + 1),
        "summary": f"{name}代领" if came else "兑换 香皂×2、食用油×1",
        "earned": 10 if came else None,
        "spent": None if came else 5,
        "left": 100 + index,
    }


def _closing(index: int, name: str) -> dict[str, Value]:
    return {
        "household": f"{index + 1:04d}",
        "group_no": index % 6 + 1,
        "name": name,
        "before": 100,
        "earned": 55,
        "spent": 30,
        "expired": 25,
        "carried": 100,
    }


def _evaluation(index: int, name: str) -> dict[str, Value]:
    return {
        "place": index + 1,
        "group_no": index % 6 + 1,
        "name": name,
        "value": "87.5",
        "award": "文明庭院五星" if index < 3 else "文明庭院三星",
        "points": 50 if index < 3 else None,
        "remark": "并列" if index % 5 == 0 else None,
    }


_LINES: dict[str, Callable[[int, str], dict[str, Value]]] = {
    "merit_notice": _merit,
    "redemptions": _redemption,
    "goods": _goods,
    "thanks": _thanks,
    "ledger": _ledger,
    "passbook": _passbook,
    "closing": _closing,
    "evaluation": _evaluation,
}


def lines(kind: str, count: int) -> tuple[dict[str, Value], ...]:
    return tuple(_LINES[kind](index, name) for index, name in enumerate(called(count)))


def table(kind: str = "merit_notice", count: int = 10, **changes: Any) -> TableSheet:
    own = KINDS[kind]
    fields: dict[str, Any] = {
        "kind": own,
        "year": 2026,
        "serial": 5,
        "village": Village(code="421123100201", name="垸头塆村", township="石门镇"),
        "title": f"石门镇垸头塆村2026年5月{own.title}",
        "period_label": "2026年5月",
        "first_on": date(2026, 5, 1),
        "last_on": date(2026, 5, 31),
        "holder": Holder(number="0012", head="阿依古丽·买买提", group_no=3) if kind == "passbook" else None,
        "basis": own.basis + ("全部清零。" if kind == "closing" else ""),
        "items": lines(kind, count),
        "totals": (Total(label="合计", value=1234, unit="分"), Total(label="金额", value=123450, unit="元")),
        "days": 7 if own.has_period else None,
        "contact": "0713-8888 1234",
        "office": "村委会一楼村务监督委员会办公室",
        "issued_by": ("中共垸头塆村支部委员会", "垸头塆村村民委员会"),
        "issued_on": date(2026, 6, 2),
        "public_url": URL if own.is_public else None,
        "seal": Seal(number=12, digest="6f1e90ab1234cdef"),
    }
    return TableSheet(**fields | changes)


def answered() -> Answer:
    return Answer(
        number="2026年第4期", line=3, matter="集中清扫", decision="upheld", reason="经走访，当天不在村，予以取消"
    )


def frozen_table(kind: str = "merit_notice", count: int = 10, **changes: Any) -> tuple[dict[str, Any], str]:
    """A document and its digest."""
    document = to_document(table(kind, count, **changes))
    return document, digest(document)
