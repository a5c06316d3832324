"""Honor rolls of an invented village."""

from datetime import date
from itertools import product
from typing import Any

from pointshop.publishing.document import digest
from pointshop.publishing.honor_roll import HonorRoll, Item, Notice
from pointshop.publishing.honor_roll_document import to_document
from pointshop.publishing.parts import Village

#: Names that are hard to set: rare characters, beyond the basic plane, long, of several parts.
HARD_NAMES = (
    "张喆",
    "郄建军",
    "𠮷野",
    "欧阳俊杰",
    "阿依古丽·买买提",
    "阿卜杜热依木·买买提艾力",
    "马堃",
    "刘焱",
)


def names(count: int) -> list[str]:
    """Up to 960 different names, the hard ones from the fifth place on."""
    plain = [
        "".join(parts)
        for parts in product("王李张赵陈杨刘黄周吴徐孙朱胡郭何高林罗郑", "建秀志桂永国丽玉", "国英强兰福梅")
    ]
    mixed = [plain[index * 7919 % len(plain)] for index in range(count)]
    mixed[4 : 4 + len(HARD_NAMES)] = HARD_NAMES[: max(0, count - 4)]
    return mixed[:count]


def ranked(points: list[int], called: list[str] | None = None) -> tuple[Item, ...]:
    """Items of these points, highest first; equal points share a place."""
    called = called or names(len(points))
    return tuple(
        Item(place=points.index(own) + 1, name=name, group_no=index % 6 + 1, points=own)
        for index, (name, own) in enumerate(zip(called, points, strict=True))
    )


def items(count: int) -> tuple[Item, ...]:
    return ranked([1286 - 3 * index for index in range(count)])


def roll(**changes: Any) -> HonorRoll:
    fields: dict[str, Any] = {
        "year": 2026,
        "serial": 3,
        "village": Village(code="421123100201", name="垸头塆村", township="石门镇"),
        "title": "光荣榜",
        "period": "2026-Q3",
        "period_label": "2026年第三季度",
        "scope": "按本季度新得积分，不含结转",
        "subject": "household",
        "board": "民生实事光荣榜",
        "places": 33,
        "rule": "按积分从高到低排列，积分相同者名次并列；只列本季度已公示入账的积分，兑换商品不影响名次。",
        "items": items(33),
        "notice": Notice(from_on=date(2026, 9, 30), until_on=date(2026, 10, 8), days=7),
        "contact": "监督电话 0713-8888 1234",
        "issued_by": "石门镇垸头塆村村民委员会",
        "issued_on": date(2026, 9, 30),
        "public_url": "https://jifen.example/b/Tq3vZ8mW0aKxY2nR",
    }
    return HonorRoll(**fields | changes)


def frozen(**changes: Any) -> tuple[dict[str, Any], str]:
    """A document and its digest."""
    document = to_document(roll(**changes))
    return document, digest(document)
