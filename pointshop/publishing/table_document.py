"""A sheet that is a table to its frozen document and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from pointshop.publishing.bounds import InvalidDocument, require
from pointshop.publishing.document_fields import paths_of, read_day, seal_to_document
from pointshop.publishing.kinds import KINDS, DayCell, Kind
from pointshop.publishing.parts import Seal, Village
from pointshop.publishing.table_sheet import Answer, Holder, TableSheet, Total, Value

VERSION = 1

_PATHS = """
    v kind number.year number.serial edition replaces title period_label basis contact office public_url
    village.code village.name village.township period.from period.until issued_by[] issued_on
    holder holder.number holder.head holder.group_no notice notice.days seal seal.number seal.digest
    items totals totals[].label totals[].value totals[].unit
    remarks remarks[]
    answers answers[].number answers[].line answers[].matter answers[].decision answers[].reason
"""
#: Paths that every kind has, all fit for whom the sheet is for. What may be null or empty stands whole and in parts.
_COMMON = frozenset(_PATHS.split())
#: Fields that read the same in the sheet and in its document.
_SAME = ("edition", "replaces", "title", "period_label", "basis", "contact", "office", "public_url")


def public_fields(kind: Kind) -> frozenset[str]:
    """Every path a document of a kind may have. What isn't named here can't be frozen, printed or shown."""
    return _COMMON | {f"items[].{field}" for field in kind.cells}


def to_document(sheet: TableSheet) -> dict[str, Any]:
    """The document to freeze: JSON values only, paths of public_fields and no others."""
    return {
        "v": VERSION,
        "kind": sheet.kind.name,
        "number": {"year": sheet.year, "serial": sheet.serial},
        "village": _parts(sheet.village, "code", "name", "township"),
        "period": {"from": sheet.first_on.isoformat(), "until": sheet.last_on.isoformat()},
        "holder": _parts(sheet.holder, "number", "head", "group_no") if sheet.holder else None,
        "items": [{field: _plain(value) for field, value in item.items()} for item in sheet.items],
        "totals": [_parts(total, "label", "value", "unit") for total in sheet.totals],
        "answers": [_parts(each, "number", "line", "matter", "decision", "reason") for each in sheet.answers],
        "remarks": list(sheet.remarks),
        "notice": None if sheet.days is None else {"days": sheet.days},
        "issued_by": list(sheet.issued_by),
        "issued_on": sheet.issued_on.isoformat(),
        "seal": seal_to_document(sheet.seal),
        **{field: getattr(sheet, field) for field in _SAME},
    }


def read_table_sheet(document: Mapping[str, object]) -> TableSheet:
    """The sheet of a frozen document. Any missing, further or ill-typed field raises InvalidDocument."""
    kind = KINDS.get(str(document.get("kind")))
    if kind is None:
        raise InvalidDocument("kind")
    require(type(document.get("v")) is int and document["v"] == VERSION, "v")
    if unknown := set(paths_of(document)) - public_fields(kind):
        raise InvalidDocument(", ".join(sorted(unknown)))
    try:
        sheet = _sheet(kind, cast(dict[str, Any], document))
    except (TypeError, KeyError, AttributeError) as error:
        raise InvalidDocument("ill-typed field") from error
    # one spelling only: whatever was missing or doubled shows here
    require(to_document(sheet) == document, "document")
    return sheet


def _sheet(kind: Kind, document: dict[str, Any]) -> TableSheet:
    number, period, notice = document["number"], document["period"], document["notice"]
    return TableSheet(
        kind=kind,
        year=number["year"],
        serial=number["serial"],
        village=Village(**document["village"]),
        first_on=read_day("period.from", period["from"]),
        last_on=read_day("period.until", period["until"]),
        holder=Holder(**document["holder"]) if document["holder"] else None,
        items=tuple(_item(kind, item) for item in document["items"]),
        totals=tuple(Total(**total) for total in document["totals"]),
        answers=tuple(Answer(**answer) for answer in document["answers"]),
        remarks=tuple(document["remarks"]),
        days=None if notice is None else notice["days"],
        issued_by=tuple(document["issued_by"]),
        issued_on=read_day("issued_on", document["issued_on"]),
        seal=Seal(**document["seal"]) if document["seal"] else None,
        **{field: document[field] for field in _SAME},
    )


def _item(kind: Kind, item: dict[str, Any]) -> dict[str, Value]:
    days = {field for field, cell in kind.cells.items() if isinstance(cell, DayCell)}
    return {field: read_day(f"items[].{field}", value) if field in days else value for field, value in item.items()}


def _plain(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _parts(whole: object, *names: str) -> dict[str, Any]:
    return {name: getattr(whole, name) for name in names}
