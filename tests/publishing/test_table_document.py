"""A table to its frozen document and back: one spelling, and nothing that isn't declared."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pointshop.publishing.bounds import InvalidDocument
from pointshop.publishing.document import canonical_json, digest
from pointshop.publishing.document_fields import paths_of
from pointshop.publishing.kinds import KINDS, WholeCell
from pointshop.publishing.parts import Seal
from pointshop.publishing.privacy import check_document
from pointshop.publishing.table_document import public_fields, read_table_sheet, to_document
from tests.publishing.tables import answered, frozen_table, lines, table

Change = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize("count", [0, 1, 33])
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_frozen_is_read_back(kind: str, count: int) -> None:
    sheet = table(kind, count, answers=(answered(),))
    document = to_document(sheet)
    assert read_table_sheet(document) == sheet
    assert set(paths_of(document)) <= public_fields(KINDS[kind])
    canonical_json(document)


@pytest.mark.parametrize("kind", KINDS)
def test_invented_sheets_hold_nothing_private(kind: str) -> None:
    document, _ = frozen_table(kind, 33)
    assert check_document(document) == []


def test_the_digest_is_over_everything() -> None:
    document, first = frozen_table()
    seen = {first}
    changes: list[dict[str, Any]] = [
        *({field: "另"} for field in ("title", "basis", "contact", "office", "period_label")),
        {"items": document["items"][1:]},
        {"notice": {"days": 8}},
        {"seal": None},
    ]
    for change in changes:
        changed = digest(document | change)
        assert changed not in seen
        seen.add(changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document | {"v": 2},
        lambda document: document | {"v": True},
        lambda document: document | {"kind": "honor_roll"},
        lambda document: document | {"phone": "x"},
        lambda document: document | {"items": [item | {"phone": "x"} for item in document["items"]]},
        lambda document: document | {"items": [{}]},
        lambda document: document | {"items": None},
        lambda document: document | {"notice": None},
        lambda document: document | {"notice": {"days": 31}},
        lambda document: document | {"public_url": None},
        lambda document: document | {"public_url": "javascript:alert(1)"},
        lambda document: document | {"holder": {"number": "1", "head": "张三", "group_no": 1}},
        lambda document: document | {"issued_on": "20260602"},
        lambda document: document | {"period": {"from": "2026-06-01", "until": "2026-05-01"}},
        lambda document: document | {"edition": 2},
        lambda document: document | {"issued_by": []},
        lambda document: document | {"issued_by": "村委会"},
        lambda document: document | {"seal": {"number": 1, "digest": "x"}},
        lambda document: document | {"totals": [{"label": "合计", "value": 1.5, "unit": "分"}]},
        lambda document: {key: value for key, value in document.items() if key != "answers"},
    ],
)
def test_any_other_document_is_refused(change: Change) -> None:
    document, _ = frozen_table()
    with pytest.raises(InvalidDocument):
        read_table_sheet(change(document))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("group_no", 0),
        ("group_no", None),
        ("name", ""),
        ("name", "张\n三"),
        ("name", 5),
        ("points", -5),
        ("points", True),
        ("done_on", "2026-05-01"),
        ("matter", "长" * 81),
    ],
)
def test_a_line_out_of_bounds_is_named(field: str, value: Any) -> None:
    items = (lines("merit_notice", 1)[0], dict(lines("merit_notice", 2)[1]) | {field: value})
    with pytest.raises(InvalidDocument, match=rf"items\[1\]\.{field}"):
        table(items=items)


def test_no_column_shows_a_field_that_is_not_declared() -> None:
    for kind in KINDS.values():
        assert {column.field for column in kind.columns} - {"no"} == kind.cells.keys(), kind.name


def test_nothing_negative_stands_on_a_public_sheet_but_what_was_found_or_entered_late() -> None:
    by_stocktake = {("goods", "lost"), ("goods", "given")}
    # a paper slip of last year may have been paid with points of this one
    by_slip = {("closing", "before"), ("closing", "carried")}
    for kind in KINDS.values():
        for field, cell in kind.cells.items():
            if isinstance(cell, WholeCell) and (kind.name, field) not in by_stocktake | by_slip:
                assert cell.least >= 0


def test_a_seal_is_sixteen_digits() -> None:
    assert Seal(number=1, digest="0" * 16).number == 1
    for wrong in ("0" * 64, "G" * 16, ""):
        with pytest.raises(InvalidDocument):
            Seal(number=1, digest=wrong)


def test_days_are_days() -> None:
    assert table().first_on == date(2026, 5, 1)
