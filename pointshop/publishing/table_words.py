"""What a sheet that is a table says in words, whatever it is set with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pointshop.publishing import document as frozen
from pointshop.publishing.dates import civil_date, date_range
from pointshop.publishing.lunar import lunar_label
from pointshop.publishing.privacy import PrivateData, check_document
from pointshop.publishing.roll_words import DigestMismatch, seal_words
from pointshop.publishing.table_document import read_table_sheet
from pointshop.publishing.table_sheet import Answer, TableSheet, Total, Value

_DECISIONS = {"upheld": "异议成立，该项不予入账", "dismissed": "异议不成立，维持原公示"}


def read_frozen_table(document: Mapping[str, object], *, digest: str) -> TableSheet:
    """The sheet, if it may be shown. Raises DigestMismatch, InvalidDocument, PrivateData."""
    if frozen.digest(document) != digest:
        raise DigestMismatch(digest)
    if findings := check_document(document):
        raise PrivateData(findings)
    return read_table_sheet(document)


def words_of(sheet: TableSheet, *, digest: str) -> dict[str, Any]:
    """Everything a sheet says, by name: strings, and rows of strings."""
    return {
        "title": sheet.title,
        "kind_title": sheet.kind.title,
        "number_label": f"{sheet.year}年第{sheet.serial}期",
        "correction": _correction(sheet),
        "edition": sheet.edition,
        "village": sheet.village.township + sheet.village.name,
        "village_name": sheet.village.name,
        "holder": _holder(sheet),
        "span": date_range(sheet.first_on, sheet.last_on),
        "basis": sheet.basis,
        "notice": _notice(sheet),
        "columns": [
            {"field": column.field, "label": column.label, "width": column.width, "align": column.align}
            for column in sheet.kind.columns
        ],
        "rows": [_row(sheet, number, item) for number, item in enumerate(sheet.items, start=1)],
        "nothing": sheet.kind.nothing,
        "counted": f"共{len(sheet.items)}{sheet.kind.counted}",
        "totals": [_total(total) for total in sheet.totals],
        "sections": _sections(sheet),
        "contact": sheet.contact,
        "office": sheet.office,
        "issued_by": list(sheet.issued_by),
        "issued_on": civil_date(sheet.issued_on),
        "lunar": lunar_label(sheet.issued_on),
        "digest": frozen.short_digest(digest),
        "seal": seal_words(sheet.seal),
    }


def cell_text(field: str, value: Value, *, year: int) -> str:
    """A value as it stands in its column. year: of the sheet, left out of its own days."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.month}月{value.day}日" if value.year == year else civil_date(value)
    return yuan(value) if field.endswith("_fen") and isinstance(value, int) else str(value)


def yuan(fen: int) -> str:
    """12.50; whole amounts without the fraction."""
    sign, (whole, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    return f"{sign}{whole}.{rest:02d}" if rest else f"{sign}{whole}"


def _row(sheet: TableSheet, number: int, item: Mapping[str, Value]) -> list[str]:
    return [
        str(number) if column.field == "no" else cell_text(column.field, item[column.field], year=sheet.last_on.year)
        for column in sheet.kind.columns
    ]


def _total(total: Total) -> str:
    return f"{total.label} {yuan(total.value) if total.unit == '元' else total.value} {total.unit}"


def _sections(sheet: TableSheet) -> list[dict[str, Any]]:
    """What follows the table: a heading and its lines each, those without lines left out."""
    found = {"对以往异议的答复": [_answer(each) for each in sheet.answers], "同时公开的变动": list(sheet.remarks)}
    return [{"title": title, "lines": lines} for title, lines in found.items() if lines]


def _answer(answer: Answer) -> str:
    line = f"第{answer.line}号" if answer.line is not None else ""
    return f"{answer.number}{line}（{answer.matter}）：{_DECISIONS[answer.decision]}。理由：{answer.reason}"


def _notice(sheet: TableSheet) -> str:
    """The period runs from the day the sheet is hung, which whoever hangs it writes on it by hand."""
    if sheet.days is None:
        return ""
    return f"自张贴之日起 {sheet.days} 天"


def _correction(sheet: TableSheet) -> str:
    if sheet.replaces is None:
        return ""
    return f"本件为第{sheet.edition}版，代替校验码 {frozen.short_digest(sheet.replaces)} 的一版"


def _holder(sheet: TableSheet) -> str:
    holder = sheet.holder
    return f"户号 {holder.number}　户主 {holder.head}　{holder.group_no}组" if holder else ""
