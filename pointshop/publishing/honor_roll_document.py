"""An honor roll to its frozen document and back."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from pointshop.publishing.bounds import InvalidDocument, require
from pointshop.publishing.honor_roll import HonorRoll, Item, Notice, Village

KIND = "honor_roll"
VERSION = 1

#: Every path a document has, all fit for the public. What isn't named here can't be frozen, printed or shown.
PUBLIC_FIELDS = frozenset(
    [
        "v",
        "kind",
        "number.year",
        "number.serial",
        "edition",
        "replaces",
        "village.code",
        "village.name",
        "village.township",
        "title",
        "period",
        "period_label",
        "scope",
        "subject",
        "board",
        "group_no",
        "category",
        "places",
        "rule",
        "items[].place",
        "items[].name",
        "items[].group_no",
        "items[].points",
        "notice.from",
        "notice.until",
        "notice.days",
        "contact",
        "issued_by",
        "issued_on",
        "public_url",
    ]
)

_FIELDS_OF_EMPTY_ROLL = frozenset(path for path in PUBLIC_FIELDS if "[]" not in path) | {"items"}

#: Fields that read the same in the roll and in its document.
_SAME = [
    "edition",
    "replaces",
    "title",
    "period",
    "period_label",
    "scope",
    "subject",
    "board",
    "group_no",
    "category",
    "places",
    "rule",
    "contact",
    "issued_by",
    "public_url",
]


def to_document(roll: HonorRoll) -> dict[str, Any]:
    """The document to freeze: JSON values only, the paths in PUBLIC_FIELDS and no others."""
    return {
        "v": VERSION,
        "kind": KIND,
        "number": {"year": roll.year, "serial": roll.serial},
        "village": {
            "code": roll.village.code,
            "name": roll.village.name,
            "township": roll.village.township,
        },
        "items": [_item_to_document(item) for item in roll.items],
        "notice": {
            "from": roll.notice.from_on.isoformat(),
            "until": roll.notice.until_on.isoformat(),
            "days": roll.notice.days,
        },
        "issued_on": roll.issued_on.isoformat(),
        **{field: getattr(roll, field) for field in _SAME},
    }


def read_honor_roll(document: Mapping[str, object]) -> HonorRoll:
    """The roll of a frozen document. Any missing, further or ill-typed field raises InvalidDocument."""
    found = set(_paths(document))
    allowed = PUBLIC_FIELDS if document.get("items") else _FIELDS_OF_EMPTY_ROLL
    if found != allowed:
        raise InvalidDocument(", ".join(sorted(found ^ allowed)))
    require(document["kind"] == KIND, "kind")
    require(type(document["v"]) is int and document["v"] == VERSION, "v")
    try:
        return _roll(cast(dict[str, Any], document))
    except (TypeError, KeyError, AttributeError) as error:
        raise InvalidDocument("ill-typed field") from error


def _roll(document: dict[str, Any]) -> HonorRoll:
    notice = document["notice"]
    return HonorRoll(
        year=document["number"]["year"],
        serial=document["number"]["serial"],
        village=Village(**document["village"]),
        items=tuple(Item(**item) for item in document["items"]),
        notice=Notice(
            from_on=_day("notice.from", notice["from"]),
            until_on=_day("notice.until", notice["until"]),
            days=notice["days"],
        ),
        issued_on=_day("issued_on", document["issued_on"]),
        **{field: document[field] for field in _SAME},
    )


def _item_to_document(item: Item) -> dict[str, object]:
    return {"place": item.place, "name": item.name, "group_no": item.group_no, "points": item.points}


def _day(field: str, text: object) -> date:
    """Only YYYY-MM-DD: date.fromisoformat also takes 20260930, and then two texts would mean one day."""
    try:
        day = date.fromisoformat(cast(str, text))
    except (TypeError, ValueError) as error:
        raise InvalidDocument(field) from error
    require(day.isoformat() == text, field)
    return day


def _paths(value: object, path: str = "") -> Iterator[str]:
    """Paths of the leaves, list positions left out: items[].name. An empty list or dict is a leaf."""
    if isinstance(value, Mapping) and value:
        for key, member in value.items():
            yield from _paths(member, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for member in value:
            yield from _paths(member, f"{path}[]")
    else:
        yield path
