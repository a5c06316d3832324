"""The whole corpus through every field of every body, found by reflection. A schema says no, or gives clean values."""

import datetime
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from marshmallow import ValidationError, fields

from pointshop.core.fields import Anything, Cleaned, Day, Flag, Instant, Label, PersonName, Shape, Whole, WholeText
from tests.guards.corpus import DAYS, FORBIDDEN_TEXT, KINDS, NUMBERS, ODD_TEXT, UNSEEN_TEXT
from tests.guards.routes import WITH_BODY, WITH_QUERY, named_fields, shape_in


class Place(NamedTuple):
    """A field somewhere in a body, by its dotted path."""

    path: str
    field: fields.Field[Any]


def places(schema: Shape, prefix: str) -> Iterator[Place]:
    """Every field of a schema and of what it holds."""
    for name, field in named_fields(schema).items():
        yield from _places(f"{prefix}.{name}", field)


def _places(path: str, field: fields.Field[Any]) -> Iterator[Place]:
    yield Place(path, field)
    if isinstance(field, fields.List):
        yield from _places(f"{path}[]", field.inner)
    if isinstance(field, fields.Nested):
        yield from places(shape_in(field), path)


def shape_of(route_schema: Shape | None) -> Shape:
    assert route_schema is not None
    return route_schema


BODIES = {type(shape_of(route.spec.body)): shape_of(route.spec.body) for route in WITH_BODY}
QUERIES = {type(shape_of(route.spec.query)): shape_of(route.spec.query) for route in WITH_QUERY}
PLACES = [place for kind, schema in BODIES.items() for place in places(schema, kind.__name__)]
SCHEMAS = {
    type(schema): schema
    for top in BODIES.values()
    for schema in [top, *(shape_in(place.field) for place in places(top, "") if isinstance(place.field, fields.Nested))]
}


def outcome(field: fields.Field[Any], value: Any) -> Any:
    """What the field makes of a value, or the ValidationError."""
    try:
        return field.deserialize(value)
    except ValidationError as error:
        return error


def of_kind(kind: type[fields.Field[Any]]) -> list[Place]:
    return [place for place in PLACES if isinstance(place.field, kind)]


def test_there_is_something_to_look_at() -> None:
    assert len(BODIES) > 10 < len(PLACES)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_field_is_one_of_ours(place: Place) -> None:
    """Of marshmallow's own fields a body may use those that hold others; the rest take too much (threats.md §5)."""
    assert isinstance(place.field, (Whole, Flag, Day, Instant, Cleaned, Anything, fields.List, fields.Nested))


@pytest.mark.parametrize("place", of_kind(Cleaned), ids=lambda place: place.path)
def test_text_holds_nothing_that_cannot_be_read(place: Place) -> None:
    assert place.field.metadata["maxLength"] <= 2000
    for value in [*FORBIDDEN_TEXT, *UNSEEN_TEXT, *ODD_TEXT]:
        found = outcome(place.field, value)
        if isinstance(found, ValidationError):
            continue
        assert isinstance(found, str)
        assert len(found) <= place.field.metadata["maxLength"], repr(value)
        found.encode("utf-8")
        assert value not in FORBIDDEN_TEXT or found == "", repr(value)


@pytest.mark.parametrize("place", [*of_kind(Label), *of_kind(PersonName)], ids=lambda place: place.path)
def test_name_or_title_can_be_seen_on_one_line(place: Place) -> None:
    for value in [*UNSEEN_TEXT, "扫\n地", "扫\u2028地"]:
        assert isinstance(outcome(place.field, value), ValidationError), repr(value)


@pytest.mark.parametrize("place", of_kind(Cleaned), ids=lambda place: place.path)
def test_text_is_a_string_and_nothing_that_resembles_one(place: Place) -> None:
    for value in [*NUMBERS, *KINDS]:
        if not isinstance(value, str) and value is not None:
            assert isinstance(outcome(place.field, value), ValidationError), repr(value)


@pytest.mark.parametrize("place", of_kind(Instant), ids=lambda place: place.path)
def test_instant_is_one_with_its_offset_and_in_our_time(place: Place) -> None:
    for value in [*NUMBERS, *KINDS, *DAYS, *ODD_TEXT, "2026-11-20T08:00:00", "2100-01-01T00:00:00Z"]:
        if value is not None or not place.field.allow_none:
            assert isinstance(outcome(place.field, value), ValidationError), repr(value)
    assert outcome(place.field, "2026-11-20T08:00:00+08:00") == datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


@pytest.mark.parametrize("place", of_kind(Whole), ids=lambda place: place.path)
def test_number_is_a_whole_one_in_its_range(place: Place) -> None:
    assert isinstance(place.field, Whole)
    assert -(2**53) <= place.field.least <= place.field.most <= 2**53
    for value in [*NUMBERS, *KINDS, *ODD_TEXT, place.field.least - 1, place.field.most + 1]:
        found = outcome(place.field, value)
        if type(value) is int and place.field.least <= value <= place.field.most:
            assert found == value
        elif value is not None or not place.field.allow_none:
            assert isinstance(found, ValidationError), repr(value)


@pytest.mark.parametrize("place", of_kind(Flag), ids=lambda place: place.path)
def test_flag_is_true_or_false(place: Place) -> None:
    for value in [*NUMBERS, *KINDS, "on", "yes", "true", "T"]:
        if not isinstance(value, bool) and not (value is None and place.field.allow_none):
            assert isinstance(outcome(place.field, value), ValidationError), repr(value)


@pytest.mark.parametrize("place", of_kind(Day), ids=lambda place: place.path)
def test_day_is_written_in_one_way(place: Place) -> None:
    for value in [*DAYS, *ODD_TEXT, *NUMBERS]:
        assert isinstance(outcome(place.field, value), ValidationError), repr(value)
    assert outcome(place.field, "2026-11-22") == datetime.date(2026, 11, 22)


@pytest.mark.parametrize("place", of_kind(fields.List), ids=lambda place: place.path)
def test_list_has_an_end(place: Place) -> None:
    # operations of a sync batch are judged one by one, so that a bad one stops no other
    bad_item = [] if isinstance(getattr(place.field, "inner", None), Anything) else [[None]]
    for value in [*NUMBERS, True, "x", {}, *bad_item, [[]] * 100_000]:
        assert isinstance(outcome(place.field, value), ValidationError), repr(value)[:80]


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=lambda schema: type(schema).__name__)
def test_unknown_fields_are_refused_by_name(schema: Shape) -> None:
    """Mass assignment (threats.md C08): whatever a client adds is refused, at every depth."""
    added = ["role", "village_id", "balance", "status", "approved_by", "is_admin", "id", "points_", "__class__", ""]
    unknown = [name for name in added if name not in named_fields(schema)]
    with pytest.raises(ValidationError) as refused:
        schema.load(dict.fromkeys(unknown, 1))
    for name in unknown:
        assert refused.value.messages_dict[name] == ["没有这个字段"]


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=lambda schema: type(schema).__name__)
def test_anything_but_an_object_is_refused(schema: Shape) -> None:
    for value in [*NUMBERS, *KINDS, "x"]:
        if not isinstance(value, dict):
            with pytest.raises(ValidationError):
                schema.load(value)
    with pytest.raises(ValidationError):
        schema.load({str(number): number for number in range(10_000)})


@pytest.mark.parametrize("schema", QUERIES.values(), ids=lambda schema: type(schema).__name__)
def test_query_takes_text_and_gives_bounded_values(schema: Shape) -> None:
    for name, field in named_fields(schema).items():
        for value in [*ODD_TEXT, *FORBIDDEN_TEXT, *(day for day in DAYS if isinstance(day, str))]:
            try:
                found = schema.load({name: value})
            except ValidationError:
                continue
            assert isinstance(field, (WholeText, Day, Cleaned))
            json.dumps(found, default=str).encode()
            assert value not in FORBIDDEN_TEXT or not found[field.attribute or name], (name, value)
