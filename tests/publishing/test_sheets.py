from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pointshop.publishing.sheets import BODY, COLUMN_HEAD, LOWEST_ROW, Paper, Sheet, lay_out, measure, podium_height
from tests.publishing.rolls import items, ranked


def lines_in_order(sheets: tuple[Sheet, ...]) -> list[tuple[int, str]]:
    every = chain.from_iterable(chain(sheet.podium, *sheet.columns) for sheet in sheets)
    return [(line.place, "".join(line.name.lines)) for line in every]


@given(st.lists(st.integers(1, 40), max_size=400), st.sampled_from(Paper))
def test_everyone_stands_on_exactly_one_sheet_in_order(points: list[int], paper: Paper) -> None:
    roll = ranked(sorted(points, reverse=True))
    sheets = lay_out(roll, paper=paper)
    assert lines_in_order(sheets) == [(item.place, item.name) for item in roll]
    assert [sheet.number for sheet in sheets] == list(range(1, len(sheets) + 1))


@settings(deadline=None)  # 2000 lines take a while on a busy machine
@given(st.integers(0, 2000), st.sampled_from(Paper))
def test_rows_stay_high_enough_to_be_read(count: int, paper: Paper) -> None:
    for sheet in lay_out(ranked([5000 - index for index in range(count)], ["王建国"] * count), paper=paper):
        if sheet.rows:
            height = BODY[paper] - COLUMN_HEAD - podium_height(len(sheet.podium), sheet.podium_size)
            assert height / sheet.rows >= LOWEST_ROW[paper]
        assert all(sheet.rows - 1 <= len(column) <= sheet.rows for column in sheet.columns)


@pytest.mark.parametrize(
    ("count", "paper", "sheets", "columns"),
    [
        (0, "A3", 1, 0),
        (1, "A3", 1, 0),
        (10, "A3", 1, 1),
        (33, "A3", 1, 2),
        (33, "A4", 1, 2),
        (90, "A3", 1, 3),
        (100, "A3", 2, 3),
        (100, "A4", 2, 3),
        (300, "A3", 3, 3),
        (300, "A4", 4, 3),
        (33, "poster", 1, 2),
        (300, "poster", 3, 3),
    ],
)
def test_usual_rolls_take_few_sheets(count: int, paper: str, sheets: int, columns: int) -> None:
    laid_out = lay_out(items(count), paper=Paper(paper))
    assert len(laid_out) == sheets
    assert {len(sheet.columns) for sheet in laid_out} == {columns}


@pytest.mark.parametrize(
    ("points", "podium", "size"),
    [
        ([9], 1, "grand"),
        ([9, 9, 9, 9, 9, 9], 6, "grand"),
        ([9, 9, 8, 7], 3, "xl"),
        ([9, 8, 8, 8, 7], 4, "s"),
        ([9] * 7, 0, ""),
        ([9, 8, *[7] * 5, 6], 0, ""),
        ([*range(20, 10, -1)], 3, "l"),
        ([*range(40, 8, -1)], 3, "s"),
    ],
)
def test_all_who_share_the_first_three_places_stand_together(points: list[int], podium: int, size: str) -> None:
    first = lay_out(ranked(points), paper=Paper.A3)[0]
    assert (len(first.podium), first.podium_size) == (podium, size)


def test_very_long_names_get_wider_columns() -> None:
    called = ["王建国"] * 99 + ["阿卜杜热依木·买买提艾力·阿布都克里木江"]
    assert len(lay_out(ranked(list(range(100, 0, -1)), called), paper=Paper.A3)[0].columns) == 2


def test_type_is_measured_by_usual_names_and_highest_points() -> None:
    assert measure(()).usual_name == 3
    short = measure(ranked([12345, 6, 5], ["王", "李建", "张建国"]))
    assert (short.usual_name, short.digits) == (3, 5)
    assert measure(ranked([3, 2, 1], ["欧阳俊杰", "李建", "张建国"])).usual_name == 4
    assert measure(ranked([3, 2, 1], ["阿卜杜热依木·买买提艾力"] * 3)).usual_name == 5
