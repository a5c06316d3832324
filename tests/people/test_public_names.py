import pytest

from pointshop.people.public_names import household_code, may_be_child


@pytest.mark.parametrize(("birth_year", "expected"), [(2011, False), (2012, True), (2026, True), (None, False)])
def test_the_year_of_turning_14_still_counts_as_childhood(birth_year: int | None, expected: bool) -> None:
    assert may_be_child(birth_year, year=2026) is expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("0012", "某户(0012)"), ("13812345678", "某户(…345678)"), ("4109261002010012", "某户(…010012)")],
)
def test_a_household_code_never_looks_like_a_telephone(number: str, expected: str) -> None:
    assert household_code(number) == expected
