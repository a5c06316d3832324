import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.core.text import clean_name, clean_text, mask_name

LEGAL = [
    "张三",
    "欧阳娜娜",
    "𠮷野",
    "㛃",
    "\U0002cd56",
    "\U00031350",  # plane 3, newer than the tables of Python 3.11
    "\U000323b0",  # Unicode 17
    "䶮",
    "〇",
    "葛\U000e0100城",
    "阿卜杜热依木·买买提",
    "O'Neil-李",
    "O’Neil",
    "Mary Ann",
    "བཀྲ་ཤིས་བསྒྲུབ",
    "ئابدۇرېھىم",
    "ꆏꉙ",
    "Nguyễn Thị Ánh",
    "𠮷" * 50,
    "\ue863",
    "⼳",
    "Ａ",
]

ILLEGAL = [
    "",
    " ",
    "\u3000",
    "张" * 51,
    "张" + "\u0301" * 10_000,
    "张" + "\u0301" * 3,
    "\u0301张",
    "\u200b",
    "张三\u200b",
    "张\u200d三",
    "\ufeff张三",
    "\u202e张三",
    "张\u2066三",
    "张\u200f三",
    "\u3164",
    "\u115f\u1160",
    "张\x00三",
    "张三\n",
    "张\t三",
    "\x7f",
    "张\x85三",
    "张\ud800",
    "\ufffe",
    "\U0002ffff",
    "\U0010ffff",
    "\u0378",
    "\u2e9a",
    "\U000e0fff",
    "👨‍👩‍👧‍👦",
    "🇨🇳",
    "1️⃣",
    "张三2",
    "张三２",
    "Ⅲ",
    "张\u00a0三",
    "张  三",
    "张\u3000三",
    "·张三",
    "张三-",
    "张··三",
    "买买提.艾力",
    "a\ufe0f",
    "张\ufe0f",
    "\U000e0100张",
    "=1+1",
    "<b>",
    "张三%",
    "'; DROP TABLE entry;--",
    "张⃝",
]


@pytest.mark.parametrize("name", LEGAL)
def test_keeps_a_legal_name_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("name", ILLEGAL)
def test_refuses_an_illegal_name_with_a_message_that_can_be_sent(name: str) -> None:
    with pytest.raises(ValueError) as caught:
        clean_name(name)
    message = str(caught.value)
    assert "姓名" in message
    assert message.isprintable()
    json.dumps(message, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 张三\u3000", "张三"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("买买提⋅艾力", "买买提·艾力"),
        ("买买提･艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("Jose\u0301", "José"),
        ("\uf900", "豈"),
    ],
)
def test_brings_a_name_to_the_form_in_which_it_is_stored(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


def test_names_the_place_and_the_character_that_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"姓名第2个字“\.”（U\+002E）.*间隔号请用“·”"):
        clean_name("买.提")


@given(st.text(max_size=60))
def test_either_refuses_a_name_or_gives_a_form_that_stays(raw: str) -> None:
    try:
        name = clean_name(raw)
    except ValueError:
        return
    assert clean_name(name) == name
    assert 1 <= len(name) <= 50
    assert unicodedata.is_normalized("NFC", name)
    name.encode()


FREE = [
    "",
    "扫街\n两小时",
    "👨‍👩‍👧‍👦 🇨🇳 1️⃣",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "=1+1",
    "\t=1",
    "\n=1",
    "'; DROP TABLE entry;--",
    "a\u2028b",
]


@pytest.mark.parametrize("text", FREE)
def test_keeps_free_text_literally(text: str) -> None:
    assert clean_text(text, limit=500) == text


def test_makes_every_line_end_a_newline() -> None:
    assert clean_text("一\r\n二\r三", limit=9) == "一\n二\n三"


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "\x1b[2J",
        "\x7f",
        "\x9b",
        "a\u202eb",
        "a\u2066",
        "\u200e",
        "\ud800",
        "\ufffe",
        "\ufdd0",
        "\U0001ffff",
    ],
)
def test_refuses_free_text_that_breaks_what_it_passes_through(text: str) -> None:
    with pytest.raises(ValueError, match=r"第[12]个字") as caught:
        clean_text(text, limit=500)
    assert str(caught.value).isprintable()


def test_counts_free_text_in_code_points_after_composing() -> None:
    assert clean_text("𠮷" * 5, limit=5)
    assert clean_text("e\u0301" * 5, limit=5) == "é" * 5
    with pytest.raises(ValueError, match="最多5个字，现在有6个字"):
        clean_text("𠮷" * 6, limit=5)
    with pytest.raises(ValueError, match="最多5个字"):
        clean_text("e\u0301" * 50_000, limit=5)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张", "*"),
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳", "欧*"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("司马相如一", "司马**"),
        ("爱新觉罗溥仪", "爱新觉罗**"),
        ("范冰冰冰", "范**冰"),
        ("阿卜杜热依木·买买提", "阿**木·买*提"),
        ("O'Neil-李", "O**李"),
        ("葛\U000e0100城", "葛\U000e0100*"),
        ("𠮷野", "𠮷*"),
    ],
)
def test_masks_a_name_for_the_public(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.lists(st.sampled_from("张三欧阳司马买提𠮷"), min_size=1, max_size=50).map("".join))
def test_a_mask_always_hides_something(name: str) -> None:
    masked = mask_name(name)
    assert "*" in masked
    assert masked != name
