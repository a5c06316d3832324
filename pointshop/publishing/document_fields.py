"""Reading the fields of frozen documents: one spelling each, and nothing that isn't known."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from pointshop.publishing.bounds import InvalidDocument, require
from pointshop.publishing.parts import Seal


def read_day(field: str, text: object) -> date:
    """Only YYYY-MM-DD: date.fromisoformat also takes 20260930, and then two texts would mean one day."""
    try:
        day = date.fromisoformat(cast(str, text))
    except (TypeError, ValueError) as error:
        raise InvalidDocument(field) from error
    require(day.isoformat() == text, field)
    return day


def seal_to_document(seal: Seal | None) -> dict[str, object] | None:
    return {"number": seal.number, "digest": seal.digest} if seal else None


def paths_of(value: object, path: str = "") -> Iterator[str]:
    """Paths of the leaves, list positions left out: items[].name. An empty list or dict is a leaf."""
    if isinstance(value, Mapping) and value:
        for key, member in value.items():
            yield from paths_of(member, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for member in value:
            yield from paths_of(member, f"{path}[]")
    else:
        yield path
