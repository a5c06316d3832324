"""docs/village-life.md tells who may do what by which call: no row may say otherwise than the service does."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from pointshop.core.policy import PERMISSIONS
from tests.guards.routes import ROUTES

_PAGE = Path(__file__).parents[2] / "docs" / "village-life.md"
_ROLES = {
    "村管理员": "manager",
    "审核员": "reviewer",
    "网格员": "worker",
    "店员": "clerk",
    "村务监督员": "supervisor",
    "上级管理员": "admin",
}
_CALL = re.compile(r"`(GET|PUT|POST) (/[^`]+)`")
_PRINTED = re.compile(r"`(/[^` ]+\.html)`")


class Row(NamedTuple):
    """One deed of the tables."""

    what: str
    who: frozenset[str]
    calls: list[tuple[str, str]]


def _plain(path: str) -> str:
    """A path without the names of its parts."""
    return re.sub(r"<[^>]+>|\{[^}]+\}", "{}", path)


def _rows() -> list[Row]:
    lines = [line.strip("| \n").split(" | ") for line in _PAGE.read_text("utf-8").splitlines() if "| `" in line]
    return [
        Row(
            what, frozenset(_ROLES[name] for name in who.split("、")), [(m, _plain(p)) for m, p in _CALL.findall(calls)]
        )
        for what, who, calls, *_ in lines
    ]


#: (method, path in a village) → who may
_DECLARED = {
    (route.spec.method, _plain(route.rule).removeprefix("/api/v1").removeprefix("/villages/{}")): PERMISSIONS[
        route.spec.permission
    ]
    for route in ROUTES
    if route.is_of_village and not route.is_public
}


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row.calls[0][1])
def test_a_row_names_calls_that_there_are_and_just_those_who_may(row: Row) -> None:
    assert row.calls
    for call in row.calls:
        assert _DECLARED[call] == row.who, call


def test_pages_to_print_are_there() -> None:
    printed = {_plain(path) for path in _PRINTED.findall(_PAGE.read_text("utf-8"))}
    assert printed and {("GET", path) for path in printed} <= _DECLARED.keys()
