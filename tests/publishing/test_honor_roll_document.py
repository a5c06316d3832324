from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from pointshop.publishing.bounds import InvalidDocument
from pointshop.publishing.document import canonical_json, digest
from pointshop.publishing.honor_roll import Item, Notice
from pointshop.publishing.honor_roll_document import read_honor_roll, to_document
from pointshop.publishing.parts import Seal, Village
from tests.publishing.rolls import frozen, items, ranked, roll


@pytest.mark.parametrize("count", [0, 1, 33])
def test_a_roll_comes_back_from_its_document(count: int) -> None:
    document, _ = frozen(items=items(count))
    assert read_honor_roll(document) == roll(items=items(count))


def test_the_document_has_a_canonical_form_that_stays() -> None:
    document, frozen_digest = frozen(items=items(3))
    assert canonical_json(document).startswith(b'{"board":')
    assert frozen_digest == digest(to_document(read_honor_roll(document)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", 2019),
        ("serial", 0),
        ("serial", True),
        ("edition", 0),
        ("edition", 2),
        ("replaces", "0" * 64),
        ("period", "2026-Q5"),
        ("period", "2026-13"),
        ("period", "２０２６"),
        ("subject", "cadre"),
        ("places", 501),
        ("group_no", 0),
        ("title", ""),
        ("title", " 光荣榜"),
        ("title", "光\n荣榜"),
        ("title", "光\u202e荣榜"),
        ("title", "榜" * 41),
        ("scope", "范" * 21),
        ("contact", "电" * 61),
        ("rule", "则" * 81),
        ("category", "类" * 21),
        ("public_url", "javascript:alert(1)"),
        ("public_url", "https://a.example/b/x?y"),
        ("issued_on", date(2019, 12, 31)),
    ],
)
def test_fields_out_of_bounds_are_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InvalidDocument):
        roll(**{field: value})


def test_a_correction_names_what_it_replaces() -> None:
    assert roll(edition=2, replaces="ab" * 32).edition == 2


def test_equal_points_share_a_place_and_others_may_not() -> None:
    assert [item.place for item in ranked([9, 9, 7])] == [1, 1, 3]
    wrong = [(1, 9), (2, 9)], [(1, 9), (1, 8)], [(1, 9), (3, 8)], [(1, 8), (2, 9)], [(2, 9)]
    for lines in wrong:
        with pytest.raises(InvalidDocument, match=r"items\[\]"):
            roll(items=tuple(Item(place=place, name="王建国", group_no=1, points=points) for place, points in lines))


@pytest.mark.parametrize("points", [0, -1, 10**9 + 1])
def test_only_positive_points_are_honored(points: int) -> None:
    with pytest.raises(InvalidDocument, match="points"):
        Item(place=1, name="王建国", group_no=1, points=points)


def test_a_village_has_twelve_digits() -> None:
    with pytest.raises(InvalidDocument, match="code"):
        Village(code="42112310020", name="垸头塆村", township="石门镇")


def test_the_notice_lasts_at_least_the_days_it_promises() -> None:
    Notice(from_on=date(2026, 9, 30), until_on=date(2026, 10, 6), days=7)
    with pytest.raises(InvalidDocument, match=r"notice\.until"):
        Notice(from_on=date(2026, 9, 30), until_on=date(2026, 10, 5), days=7)


def without(document: dict[str, Any], field: str) -> dict[str, Any]:
    del document[field]
    return document


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document | {"phone": "x"},
        lambda document: document | {"extra": []},
        lambda document: document | {"v": 3},
        lambda document: document | {"v": True},
        lambda document: document | {"kind": "notice"},
        lambda document: document | {"issued_on": "20260930"},
        lambda document: document | {"issued_on": "2026-02-30"},
        lambda document: document | {"places": "33"},
        lambda document: document | {"items": None},
        lambda document: document | {"items": ["王建国"]},
        lambda document: document | {"items": {"place": 1}},
        lambda document: document | {"number": [2026, 3]},
        lambda document: document | {"items": [item | {"phone": "1"} for item in document["items"]]},
        lambda document: document | {"items": [{"place": 1}, *document["items"][1:]]},
        lambda document: without(document, "rule"),
        lambda document: without(document, "items"),
    ],
)
def test_documents_of_another_shape_are_refused(spoil: Any) -> None:
    document, _ = frozen(items=items(3))
    with pytest.raises(InvalidDocument):
        read_honor_roll(spoil(deepcopy(document)))


def test_a_roll_of_the_first_version_stays_readable() -> None:
    """Those frozen before sheets bore the seal of the books."""
    document, _ = frozen(items=items(3))
    old = without(document | {"v": 1}, "seal")
    assert read_honor_roll(old).seal is None
    with pytest.raises(InvalidDocument):
        read_honor_roll(old | {"seal": None})


def test_a_roll_bears_the_seal_of_the_books() -> None:
    document, _ = frozen(items=items(3), seal=Seal(number=12, digest="6f1e90ab1234cdef"))
    assert document["seal"] == {"number": 12, "digest": "6f1e90ab1234cdef"}
    assert read_honor_roll(document).seal == Seal(number=12, digest="6f1e90ab1234cdef")
