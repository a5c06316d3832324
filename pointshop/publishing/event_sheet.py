"""The list that people sign at an event (签到表), where nobody scans cards: empty lines on A4. It names nobody yet."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pointshop.core.clock import VILLAGE_TIME
from pointshop.publishing.dates import civil_date
from pointshop.publishing.pages import environment
from pointshop.publishing.qr import qr_path

_ROUNDING = {"down": "不足的舍去", "nearest": "过半的进、不足半的舍", "up": "不足的按一个计"}
COLUMNS = ("序号", "户编号", "姓名", "到场时间", "签名", "离场时间", "签名", "备注")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSheet:
    """rule: name. per: what it counts. rounding: of events.rules. rows: empty lines. url: the page about the event."""

    village: str
    title: str
    place: str
    from_at: datetime
    until_at: datetime
    organiser: str
    is_of_persons: bool
    rule: str
    per: str
    unit_minutes: int | None
    rounding: str
    rows: int
    url: str


def sheet_data(sheet: EventSheet) -> dict[str, Any]:
    """What is printed, in words."""
    return {
        "heading": f"{sheet.village}{sheet.title}签到表",
        "when": _when(sheet.from_at, sheet.until_at),
        "place": sheet.place,
        "organiser": sheet.organiser,
        "counts": _counts(sheet),
        "columns": list(COLUMNS),
        "rows": sheet.rows,
        "url": sheet.url,
    }


def event_sheet_page(sheet: EventSheet, *, stylesheet_url: str) -> str:
    """The page to print."""
    code = asdict(qr_path(sheet.url))
    return environment.get_template("publishing/event_sheet.html").render(
        **sheet_data(sheet), code=code, stylesheet_url=stylesheet_url
    )


def _when(first: datetime, last: datetime) -> str:
    """2026年11月22日 14:00至17:00; the day again where it is another."""
    begin, end = (instant.astimezone(VILLAGE_TIME) for instant in (first, last))
    day = "" if begin.date() == end.date() else civil_date(end.date()) + " "
    return f"{civil_date(begin.date())} {begin:%H:%M}至{day}{end:%H:%M}"


def _counts(sheet: EventSheet) -> str:
    whose = "按人" if sheet.is_of_persons else "按户"
    if sheet.unit_minutes is None:
        return f"{whose}记“{sheet.rule}”一次"
    rounding: Mapping[str, str] = _ROUNDING
    return f"{whose}记“{sheet.rule}”，每 {sheet.unit_minutes} 分钟记 1 {sheet.per}，{rounding[sheet.rounding]}"
