"""Names that follow from others."""

import pytest

from pointshop.core.ids import derived_name, is_name, names_in_series

BATCH = "01a205dc-8baa-7b6b-b0fb-83198cbb96b9"


def test_a_series_is_the_same_each_time_and_longer_ones_begin_alike() -> None:
    assert names_in_series(BATCH, count=3) == names_in_series(BATCH, count=500)[:3]


@pytest.mark.parametrize("source", [BATCH, BATCH[:-1] + "0", ""])
def test_a_series_lies_side_by_side_and_every_name_is_one(source: str) -> None:
    names = names_in_series(source, count=500)
    assert names == sorted(set(names))
    assert {name[:-4] for name in names} == {names[0][:-4]}
    assert all(map(is_name, names))


def test_series_of_names_that_follow_each_other_lie_far_apart() -> None:
    neighbours = [f"{BATCH[:-1]}{digit:x}" for digit in range(16)]
    assert len({names_in_series(name, count=1)[0][:8] for name in neighbours}) == 16


def test_a_derived_name_is_no_name_of_a_series() -> None:
    assert derived_name(BATCH, 0) not in names_in_series(BATCH, count=500)
