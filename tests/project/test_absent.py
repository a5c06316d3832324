"""What docs/threats.md calls absent is absent; built, it has to be withstood."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from pointshop.cli.main import pointshop
from pointshop.config import Config
from pointshop.core.db import Base
from pointshop.core.policy import PERMISSIONS, ROLES
from tests.guards.routes import ROUTES, WITH_BODY, named_fields
from tests.project.test_threats import ABSENT

_TEXT = (Path(__file__).parents[2] / "docs" / "threats.md").read_text(encoding="utf-8").partition(ABSENT)[2]
_ROW = re.compile(r"^\| ((?:[A-F]\d\d ?)+)\|[^|]+\|([^|]*)\|$", re.MULTILINE)
ROWS = [(row[1].strip(), row[2].split()) for row in _ROW.finditer(_TEXT)]


def _names() -> Iterator[str]:
    """What everything that somebody can use or fill is called."""
    for route in ROUTES:
        yield route.rule
        yield route.endpoint
    for route in WITH_BODY:
        assert route.spec.body is not None
        yield from named_fields(route.spec.body)
    for table in Base.metadata.sorted_tables:
        yield table.name
        yield from table.columns.keys()
    yield from PERMISSIONS
    yield from ROLES
    yield from (field.name for field in fields(Config))
    yield from pointshop.commands


def _words(names: Iterator[str]) -> set[str]:
    """Whole names, and the words they consist of."""
    return {
        word for name in names for part in re.split(r"[^a-z0-9_]+", name.lower()) for word in (part, *part.split("_"))
    }


WORDS = _words(_names())


@pytest.mark.parametrize(("case", "words"), ROWS, ids=[case for case, _ in ROWS])
def test_nothing_is_called_as_what_is_not_there(case: str, words: list[str]) -> None:
    assert words
    assert WORDS & set(words) == set()


def test_the_words_of_what_is_there_are_found() -> None:
    assert {"redemptions", "household", "merit", "photo", "clerk", "backup", "public_url", "reversal"} <= WORDS
