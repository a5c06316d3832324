"""An honor roll to its frozen document and back."""

from collections.abc import Mapping
from typing import Any, cast

from pointshop.publishing.bounds import InvalidDocument, require
from pointshop.publishing.document_fields import paths_of, read_day, seal_to_document
from pointshop.publishing.honor_roll import HonorRoll, Item, Notice
from pointshop.publishing.parts import Seal, Village

KIND = "honor_roll"
#: 1 had no seal; such rolls stay readable for ever.
VERSION = 2

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
        "seal",
        "seal.number",
        "seal.digest",
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
        "seal": seal_to_document(roll.seal),
        **{field: getattr(roll, field) for field in _SAME},
    }


def read_honor_roll(document: Mapping[str, object]) -> HonorRoll:
    """The roll of a frozen document. Any missing, further or ill-typed field raises InvalidDocument."""
    version = document.get("v")
    require(type(version) is int and 1 <= version <= VERSION, "v")
    found = set(paths_of(document))
    allowed = PUBLIC_FIELDS if document.get("items") else _FIELDS_OF_EMPTY_ROLL
    allowed -= {"seal"} if document.get("seal") else {"seal.number", "seal.digest"}
    allowed -= {"seal"} if version == 1 else set()
    if found != allowed:
        raise InvalidDocument(", ".join(sorted(found ^ allowed)))
    require(document["kind"] == KIND, "kind")
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
            from_on=read_day("notice.from", notice["from"]),
            until_on=read_day("notice.until", notice["until"]),
            days=notice["days"],
        ),
        issued_on=read_day("issued_on", document["issued_on"]),
        seal=Seal(**document["seal"]) if document.get("seal") else None,
        **{field: document[field] for field in _SAME},
    )


def _item_to_document(item: Item) -> dict[str, object]:
    return {"place": item.place, "name": item.name, "group_no": item.group_no, "points": item.points}
