"""The style sheets know every class the pages use, and the numbers of sheets.py."""

import re
from importlib.resources import files
from typing import Any

import pytest

from pointshop.publishing.print import honor_roll_page, public_page
from pointshop.publishing.sheets import BODY, COLUMN_HEAD, PODIUM, Paper
from tests.publishing.pages import Page
from tests.publishing.rolls import frozen, items, ranked

STATIC = files("pointshop.publishing") / "static" / "publishing"
#: Say what a part is, without a look of their own.
PLAIN = {
    *(
        "board-1",
        "no-podium",
        "lines-1",
        "groups",
        "no-groups",
        "rows-0",
        "cols-0",
        "people-3",
        "people-5",
        "people-6",
        "day",
    ),
}

ROLLS: list[dict[str, Any]] = [
    *({"items": items(count)} for count in (0, 1, 2, 3, 4, 8, 10, 33, 100, 300)),
    {"items": ranked([9, 9, 8, 8, 8][:2] + [7] * 3), "edition": 2, "replaces": "ab" * 32},
    {"items": ranked([9] * 7), "title": "二〇二六年第三季度人居环境整治先进户名单"},
    {"items": ranked([10**9 - index for index in range(20)], ["𠮷" * 50] * 20), "category": "环境卫生"},
    {
        **{"title": "榜" * 40, "rule": "则" * 80, "contact": "电" * 60, "issued_by": "委" * 30},
        **{"scope": "范" * 20, "group_no": 999, "category": "类" * 20, "board": "栏" * 40},
    },
]


def css(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def classes_known(name: str) -> set[str]:
    return set(re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", css(name), flags=re.DOTALL)))


@pytest.mark.parametrize("changes", ROLLS)
@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_every_class_of_a_printed_page_has_its_rule(changes: dict[str, Any], paper: str) -> None:
    document, digest = frozen(**changes)
    page = Page(honor_roll_page(document, digest=digest, paper=paper, stylesheet_url="/x.css"))
    assert page.classes - PLAIN <= classes_known("honor_roll.css")


@pytest.mark.parametrize("changes", ROLLS)
def test_every_class_of_a_public_page_has_its_rule(changes: dict[str, Any]) -> None:
    document, digest = frozen(**changes)
    page = Page(public_page(document, digest=digest, stylesheet_url="/x.css"))
    assert page.classes - PLAIN <= classes_known("public.css")


def test_sizes_are_those_the_layout_reckons_with() -> None:
    sheet = css("honor_roll.css")
    assert BODY[Paper.A3] == BODY[Paper.A4]
    assert f"--body: {BODY[Paper.A3]:.0f};" in sheet
    assert f".poster .sheet {{ --height: 437.6; --body: {BODY[Paper.POSTER]:.0f}; }}" in sheet
    assert f"--column-head: {COLUMN_HEAD};" in sheet
    for size, height in PODIUM.items():
        assert f".podium-{size} {{ --podium: {height}; }}" in sheet


@pytest.mark.parametrize("name", ["honor_roll.css", "public.css", "receipt.css"])
def test_style_sheets_load_nothing_from_elsewhere(name: str) -> None:
    wanted = re.findall(r"url\(\"([^\"]*)\"\)", css(name))
    assert css(name).count("url(") == len(wanted)
    assert "@import" not in css(name)
    assert all((STATIC / picture).is_file() for picture in wanted)


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


#: The lightest place behind words in the head: a ray over the lower end of the sky in roll-head.svg.
LIGHTEST_SKY = "#c92420"
#: Ink and ground of the public page, the grounds as light or dark as they get.
PAIRS = [
    *((ink, ground) for ink in ("#2a1a12", "#66513f", "#b5121b", "#8f0d16") for ground in ("#fffaf0", "#fdf3de")),
    *((ink, ground) for ink in ("#2a1a12", "#66513f", "#b5121b") for ground in ("#fdeebb", "#eff1f4", "#f9e4d2")),
    *((ink, ground) for ink in ("#fff3d6", "#ffe9ad") for ground in (LIGHTEST_SKY, "#8f0d16")),
]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_colours_of_the_public_page_are_told_apart_by_old_eyes(ink: str, ground: str) -> None:
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert ink in css("public.css")
    assert (light + 0.05) / (dark + 0.05) >= 4.5
