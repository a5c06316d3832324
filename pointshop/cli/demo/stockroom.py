"""The storeroom: deliveries and gifts, a loss, and the day everything is counted."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pointshop.cli.demo.baskets import OnShelf
from pointshop.cli.demo.catalogue import Good
from pointshop.cli.demo.desk import Desk, Happening
from pointshop.cli.demo.season import Season, at_clock, first_of_month
from pointshop.cli.demo.staff import CLERKS, MANAGER
from pointshop.core.clock import village_day
from pointshop.core.db import reading
from pointshop.core.work import Work
from pointshop.shop import goods_queries as shelf

#: What the cooperative pays in for the year.
_FUND_FEN = 2_000_000
RESTOCK_DAYS = (12, 27)
#: Gifts, by code: who gave, and how many pieces.
_DONORS = {
    "P023": ("在外乡贤 仉振宇", 40),
    "P026": ("在外乡贤 仉振宇", 15),
    "P043": ("青禾县农资商行", 12),
    "P044": ("乡贤 上官守义", 60),
    "P045": ("乡贤 上官守义", 20),
}
#: What the count found to differ from the book, in pieces.
_MISCOUNTS = {"P017": -1, "P040": 1}
_BROKEN = ("P009", 3, "搬运时瓶盖破裂漏液")


def read_shelf(work: Work, village_id: int) -> list[OnShelf]:
    """The goods on offer, by code."""
    rows = work.read(shelf.products(village_id, active=True, q=None))
    return sorted(OnShelf(row.code, row.points, row.on_hand) for row in rows)


def first_delivery(desk: Desk, goods: Sequence[Good], at: datetime) -> Iterator[Happening]:
    """What the shop opens with: the committee's money, then the goods, one line each, a minute apart."""
    yield Happening(at - timedelta(hours=1), partial(desk.send, MANAGER, "fund_entry", _grant(at)))
    for index, good in enumerate(goods):
        body = _receipt(good, _opening_quantity(good), note="开业进货")
        yield Happening(at + timedelta(minutes=index), partial(desk.send, CLERKS[0], "stock_move", body))


def _grant(at: datetime) -> dict[str, Any]:
    return {
        "kind": "grant",
        "amount_fen": _FUND_FEN,
        "party": "村股份经济合作社",
        "purpose": "积分超市全年经费",
        "occurred_on": village_day(at).isoformat(),
    }


def deliveries(desk: Desk, goods: Sequence[Good], season: Season) -> Iterator[Happening]:
    """Twice a month what runs low comes anew; in autumn and before the feast a gift."""
    for day in season.days():
        at = at_clock(day, 15, 20)
        if day.day in RESTOCK_DAYS and season.has_come(at):
            yield Happening(at, partial(_restock, desk, goods))


def mishaps(desk: Desk, season: Season) -> Iterator[Happening]:
    """Bottles that broke, and a month later the day on which all is counted."""
    broken_on = first_of_month(season.today, back=4) + timedelta(days=18)
    code, quantity, note = _BROKEN
    body = {"product": code, "kind": "write_off", "quantity": quantity, "note": note}
    yield Happening(at_clock(broken_on, 9, 15), partial(desk.send, CLERKS[1], "stock_move", body))
    counted_on = first_of_month(season.today, back=2) - timedelta(days=1)
    yield Happening(at_clock(counted_on, 16), partial(_take_stock, desk))


def _restock(desk: Desk, goods: Sequence[Good]) -> None:
    on_hand = {line.code: line.on_hand for line in read_shelf(reading(), desk.village.id)}
    for good in goods:
        usual = _opening_quantity(good)
        if on_hand[good.code] * 3 <= usual:
            desk.send(CLERKS[0], "stock_move", _receipt(good, usual, note="补货"))


def _take_stock(desk: Desk) -> None:
    for line in read_shelf(reading(), desk.village.id):
        found = max(0, line.on_hand + _MISCOUNTS.get(line.code, 0))
        body = {"product": line.code, "kind": "count", "quantity": found, "note": "月末盘点"}
        desk.send(CLERKS[1], "stock_move", body)


def _receipt(good: Good, quantity: int, *, note: str) -> dict[str, Any]:
    body: dict[str, Any] = {"product": good.code, "kind": "receive", "quantity": quantity, "note": note}
    if good.code in _DONORS and note == "开业进货":
        donor, given = _DONORS[good.code]
        return body | {"quantity": given, "donor": donor, "names_donor": True, "note": "捐赠物资"}
    return body | {"cost_fen": good.cost_fen}


def _opening_quantity(good: Good) -> int:
    """Cheap things by the box, dear ones by the piece."""
    return max(3, min(60, 300 // good.points))
