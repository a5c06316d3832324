"""Sheets of an invented village, and the pictures of them in docs: python -m benchmarks.sheets docs/sheets"""

import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image

from pointshop.publishing.document import digest
from pointshop.publishing.honor_roll import HonorRoll, Item, Notice
from pointshop.publishing.honor_roll_document import to_document as roll_document
from pointshop.publishing.kinds import KINDS
from pointshop.publishing.parts import Seal, Village
from pointshop.publishing.pdf.cards import PrintedCard, card_sheets_data, card_sheets_pdf
from pointshop.publishing.pdf.honor_roll import honor_roll_pdf, honor_roll_picture
from pointshop.publishing.pdf.labels import ShelfLabel, shelf_labels_data
from pointshop.publishing.pdf.table import table_pdf, table_picture
from pointshop.publishing.pdf.typesetter import set_png
from pointshop.publishing.sheets import Paper
from pointshop.publishing.table_document import to_document as table_document
from pointshop.publishing.table_sheet import Answer, Holder, TableSheet, Total, Value

_VILLAGE = Village(code="419926102207", name="槐树湾村", township="柳溪镇")
_ISSUED = date(2026, 6, 2)
#: Pixels across.
_WIDTH = 760
_URL = "https://jifen.example/b/Tq3vZ8mW0aKxY2nR"
_SEAL = Seal(number=152, digest="6f1e90ab1234cdef")
_CONTACT = "监督电话 0399-5550110"
#: Names as registers have them, the hard ones among the first.
_HARD = ("郄建军", "𠮷野", "阿依古丽·买买提", "张喆", "欧阳俊杰", "马堃")


def names(count: int, turn: int = 0) -> list[str]:
    """Invented names, different up to 960."""
    plain = [
        "".join(parts)
        for parts in product("王李张赵陈杨刘黄周吴徐孙朱胡郭何高林罗郑", "建秀志桂永国丽玉", "国英强兰福梅")
    ]
    mixed = [plain[(index + turn) * 7919 % len(plain)] for index in range(count)]
    mixed[4 : 4 + len(_HARD)] = _HARD[: max(count - 4, 0)]
    return mixed[:count]


def honor_roll(count: int, paper: Paper, *, made_at: datetime, turn: int = 0) -> bytes:
    """An honor roll of so many households as PDF. turn: another roll each time, so that nothing is remembered."""
    document = roll_document(_roll(count, turn))
    return honor_roll_pdf(document, digest=digest(document), paper=paper, made_at=made_at)


def cards(count: int, *, made_at: datetime, turn: int = 0) -> bytes:
    """Sheets of so many cards as PDF, others for each turn."""
    return card_sheets_pdf(_cards(count, turn), **_PLACES, made_at=made_at)


def table(kind: str, count: int, paper: Paper, *, made_at: datetime, turn: int = 0) -> bytes:
    """A table of so many lines as PDF, another for each turn."""
    document = table_document(_table(kind, count, turn))
    return table_pdf(document, digest=digest(document), paper=paper, made_at=made_at)


def pictures() -> dict[str, Callable[[], bytes | None]]:
    """File name → how it is drawn."""
    drawn: dict[str, Callable[[], bytes | None]] = {
        "honor-roll-a3.png": lambda: _roll_picture(33, Paper.A3),
        "honor-roll-10-a4.png": lambda: _roll_picture(10, Paper.A4),
        "honor-roll-300-poster.png": lambda: _roll_picture(300, Paper.POSTER),
        "cards-a4.png": lambda: set_png("cards", card_sheets_data(_cards(10), **_PLACES), page=1),
        "shelf-labels-a4.png": lambda: set_png("labels", shelf_labels_data(_labels(), village=_VILLAGE.name), page=1),
        "merit-notice-a3.png": lambda: _table_picture("merit_notice", 33, Paper.A3),
    }
    for kind, count in (("merit_notice", 12), ("redemptions", 14), ("goods", 12), ("ledger", 20), ("passbook", 14)):
        drawn[f"{kind.replace('_', '-')}-a4.png"] = partial(_table_picture, kind, count, Paper.A4)
    return drawn


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in pictures().items():
        picture = draw()
        assert picture is not None, name
        small = _small(picture)
        (folder / name).write_bytes(small)
        print(f"{folder / name}  {len(small) // 1024} kB")


def _small(picture: bytes) -> bytes:
    """As wide as a page of documentation shows it, in few colours."""
    drawn = Image.open(BytesIO(picture)).convert("RGB")
    scaled = drawn.resize((_WIDTH, drawn.height * _WIDTH // drawn.width), Image.Resampling.LANCZOS)
    out = BytesIO()
    scaled.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


_PLACES = {"village": _VILLAGE.township + _VILLAGE.name, "committee": "槐树湾村村民委员会"}


def _roll(count: int, turn: int = 0) -> HonorRoll:
    items = [
        Item(place=index + 1, name=name, group_no=index % 6 + 1, points=1286 + turn - 3 * index)
        for index, name in enumerate(names(count, turn))
    ]
    return HonorRoll(
        year=2026,
        serial=3,
        village=_VILLAGE,
        title="光荣榜",
        period="2026-Q1",
        period_label="2026年第一季度",
        scope="按本季度新得积分，不含结转",
        subject="household",
        board="民生实事光荣榜",
        places=max(count, 1),
        rule="按积分从高到低排列，积分相同者名次并列；只列已入账的积分，兑换商品不影响名次。",
        items=tuple(items),
        notice=Notice(from_on=_ISSUED, until_on=_ISSUED + timedelta(days=7), days=7),
        contact=_CONTACT,
        issued_by="柳溪镇槐树湾村村民委员会",
        issued_on=_ISSUED,
        public_url=_URL,
        seal=_SEAL,
    )


def _roll_picture(count: int, paper: Paper) -> bytes | None:
    document = roll_document(_roll(count))
    return honor_roll_picture(document, digest=digest(document), paper=paper, page=1)


def _table_picture(kind: str, count: int, paper: Paper) -> bytes | None:
    document = table_document(_table(kind, count))
    return table_picture(document, digest=digest(document), paper=paper, page=1)


def _table(kind: str, count: int, turn: int = 0) -> TableSheet:
    own = KINDS[kind]
    lines = [
        line | ({"name": name} if "name" in line else {})
        for line, name in zip(_LINES[kind](count), names(count, turn), strict=True)
    ]
    return TableSheet(
        kind=own,
        year=2026,
        serial=5,
        village=_VILLAGE,
        title=f"柳溪镇槐树湾村2026年5月{own.title}",
        period_label="2026年5月",
        first_on=date(2026, 5, 1),
        last_on=date(2026, 5, 31),
        holder=Holder(number="0012", head="郄建军", group_no=3) if kind == "passbook" else None,
        basis=own.basis,
        items=tuple(lines),
        totals=_totals(kind, lines),
        answers=_ANSWERS if own.has_period else (),
        days=7 if own.has_period else None,
        contact="0399-5550110",
        office="村委会一楼村务监督委员会",
        issued_by=("中共槐树湾村支部委员会", "槐树湾村村民委员会"),
        issued_on=_ISSUED,
        public_url=_URL if own.is_public else None,
        seal=_SEAL,
    )


_ANSWERS = (
    Answer(
        number="2026年第4期",
        line=7,
        matter="集中清扫",
        decision="upheld",
        reason="经走访，当天外出未参加，登记有误",
    ),
)
_DEEDS = (
    ("集中清扫", "HJ06", 5),
    ("垃圾分类入户检查合格", "HJ02", 3),
    ("志愿服务 4小时", "DJ04", 8),
    ("孝老爱亲经评议", "WM11", 10),
)
_GOODS = (
    ("香皂 100g", "块", 250),
    ("洗衣粉 1kg", "袋", 680),
    ("食用油 5L", "桶", 5800),
    ("牙膏 120g", "支", 420),
    ("毛巾", "条", 550),
    ("大米 5kg", "袋", 2950),
)


def _merits(count: int) -> list[dict[str, Value]]:
    deeds = [_DEEDS[index * 5 % len(_DEEDS) if index % 3 else 0] for index in range(count)]
    return [
        {
            "group_no": index * 6 // count + 1,
            "name": name,
            "matter": matter,
            "done_on": date(2026, 5, index * 7 % 28 + 1),
            "points": points,
            "basis": rule,
            "remark": None,
        }
        for index, (name, (matter, rule, points)) in enumerate(zip(names(count), deeds, strict=True))
    ]


def _redemptions(count: int) -> list[dict[str, Value]]:
    return [
        {
            "done_on": date(2026, 5, 1 if index < count // 2 else 15),
            "group_no": index % 6 + 1,
            "name": name,
            "goods": f"{_GOODS[index % 6][0].split()[0]}×{index % 3 + 1}{_GOODS[index % 6][1]}",
            "points": 5 + index * 7 % 40,
        }
        for index, name in enumerate(names(count))
    ]


def _goods(count: int) -> list[dict[str, Value]]:
    lines: list[dict[str, Value]] = []
    for index in range(count):
        name, unit, cost = _GOODS[index % len(_GOODS)]
        received, given, lost = 20 + index % 4 * 10, 12 + index * 5 % 17, index % 5 == 4
        donors = "乡贤陈先生捐赠20" if index % 4 == 0 else f"购入{received}"
        lines.append(
            {
                "goods": name,
                "unit": unit,
                "before": 8 + index,
                "received": received,
                "donors": donors,
                "cost_fen": 0 if index % 4 == 0 else received * cost,
                "given": given,
                "lost": int(lost),
                "left": 8 + index + received - given - int(lost),
            }
        )
    return lines


def _ledger(count: int) -> list[dict[str, Value]]:
    lines: list[dict[str, Value]] = []
    for index in range(count):
        before, earned, spent = index * 37 % 160, index * 13 % 70, index * 11 % 40
        own = min(spent, before + earned)
        lines.append(
            {
                "group_no": index * 6 // count + 1,
                "name": names(count)[index] if count < 100 else f"张{'一二三四五六七八九十'[index % 10]}*",
                "before": before,
                "earned": earned,
                "spent": own,
                "left": before + earned - own,
            }
        )
    return lines


def _passbook(count: int) -> list[dict[str, Value]]:
    lines: list[dict[str, Value]] = []
    left = 60
    for index in range(count):
        came = index % 4 != 3
        points = _DEEDS[index % 4][2] if came else 15
        left += points if came else -points
        lines.append(
            {
                "seq": 41 + index,
                "done_on": date(2026, 5, index * 2 + 1),
                "summary": _DEEDS[index % 4][0] if came else "兑换 洗衣粉×1、毛巾×1",
                "earned": points if came else None,
                "spent": None if came else points,
                "left": left,
            }
        )
    return lines


_LINES: dict[str, Callable[[int], list[dict[str, Value]]]] = {
    "merit_notice": _merits,
    "redemptions": _redemptions,
    "goods": _goods,
    "ledger": _ledger,
    "passbook": _passbook,
}
_SUMS = {
    "merit_notice": (("分值合计", "points", "分"),),
    "redemptions": (("兑换积分合计", "points", "分"),),
    "goods": (("购入金额合计", "cost_fen", "元"),),
    "ledger": (("本期增加", "earned", "分"), ("本期减少", "spent", "分"), ("本期结余", "left", "分")),
    "passbook": (("存入", "earned", "分"), ("支出", "spent", "分")),
}


def _totals(kind: str, lines: Sequence[dict[str, Value]]) -> tuple[Total, ...]:
    return tuple(
        Total(label=label, value=sum(value for line in lines if isinstance(value := line[field], int)), unit=unit)
        for label, field, unit in _SUMS[kind]
    )


def _cards(count: int, turn: int = 0) -> list[PrintedCard]:
    return [
        PrintedCard(
            number=f"{index + 1:04d}",
            head=name,
            group_no=index % 6 + 1,
            serial=2 if index == 3 else 1,
            url=f"https://jifen.example/c/{turn:08X}{index:08X}",
            code=f"{turn:08X}{index:08X}",
        )
        for index, name in enumerate(names(count, turn))
    ]


def _labels() -> list[ShelfLabel]:
    return [
        ShelfLabel(
            name=name.split()[0],
            spec=name.partition(" ")[2],
            unit=unit,
            points=max(cost // 100, 1) + index,
            limit="每户每月限2" + unit if index % 3 == 0 else "",
            scanned=f"P{index + 1:03d}",
        )
        for index, (name, unit, cost) in enumerate(_GOODS * 4)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
