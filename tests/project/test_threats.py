"""docs/threats.md names every case, and tests that exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
#: How many cases each chapter of the threat model has.
CASES = {"A": 26, "B": 20, "C": 23, "D": 19, "E": 6, "F": 32}
#: The chapter of what needs no withstanding.
ABSENT = "## Not in this product"
_ROW = re.compile(r"^\| ((?:[A-F]\d\d ?)+)\|(.*)\|$", re.MULTILINE)
_TEST = re.compile(r"`(test_\w+\.py)::(test_\w+)`")
ROWS = [(row[1].split(), row[2]) for row in _ROW.finditer(TEXT)]
WITHSTOOD = [(names[0], _TEST.findall(rest)) for names, rest in ROWS if _TEST.search(rest)]


def _existing() -> set[tuple[str, str]]:
    return {
        (path.name, name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_case_is_there_once() -> None:
    named = Counter(name for names, _ in ROWS for name in names)
    assert named == Counter(f"{chapter}{n:02d}" for chapter, most in CASES.items() for n in range(1, most + 1))


def test_what_is_not_withstood_by_a_test_says_why() -> None:
    before, _, absent = TEXT.partition(ABSENT)
    assert all(_TEST.search(row[2]) for row in _ROW.finditer(before))
    assert not _TEST.search(absent)


@pytest.mark.parametrize(("case", "tests"), WITHSTOOD, ids=[case for case, _ in WITHSTOOD])
def test_each_test_named_is_one_that_runs(case: str, tests: list[tuple[str, str]]) -> None:
    assert set(tests) <= _existing()
