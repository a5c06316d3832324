from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pointshop.publishing.privacy import Finding, Kind, PrivateData, check_document, find_private
from tests.publishing.rolls import frozen, items

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
NO_DIGITS = st.characters(
    categories=["Lo", "Ll", "Lu", "Po", "Zs", "So"],
    exclude_characters="〇零幺一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸",
)
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
WORDS = st.text("王李张建国，。：户主小组积分 ", max_size=12)
BREAKS = st.sampled_from(["", " ", "·", "-", "\u3000", "\u200b", " - ", "—"])


def kinds(text: str) -> list[Kind]:
    return [finding.kind for finding in find_private(text)]


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110105", "421123", "650102", "810000"]))
    day = draw(st.dates(date(1900, 1, 1), date(2026, 12, 31)))
    return f"{region}{day:%Y%m%d}{draw(st.integers(0, 999)):03d}{draw(st.sampled_from('0123456789Xx'))}"


@st.composite
def written_out(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> str:
    """A number as people write it: perhaps full width, perhaps with breaks between any two digits."""
    number = draw(numbers)
    if draw(st.booleans()):
        number = number.translate(FULL_WIDTH)
    return "".join(digit + draw(BREAKS) for digit in number[:-1]) + number[-1]


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
CARDS = st.from_regex(r"62[0-9]{14,17}", fullmatch=True)


@given(written_out(identity_numbers()), WORDS, WORDS)
def test_identity_numbers_are_found_however_written(number: str, before: str, after: str) -> None:
    assert kinds(before + number + after) == [Kind.IDENTITY]


@given(written_out(MOBILES), st.sampled_from(["", "+86 ", "86-", "0086"]), WORDS, WORDS)
@example("1900 1 10 0000", "", "", "")
@example("138 2026 10 10", "", "", "")
def test_mobile_numbers_are_found_however_written(number: str, code: str, before: str, after: str) -> None:
    assert Kind.MOBILE in kinds(f"{before}{code}{number}{after}")


@given(CARDS, WORDS)
def test_bank_cards_are_found_in_one_piece_and_in_fours(number: str, words: str) -> None:
    in_fours = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    for written in (number, in_fours, number.translate(FULL_WIDTH)):
        assert set(kinds(words + written + words)) <= {Kind.BANK_CARD, Kind.IDENTITY}
        assert kinds(words + written + words)


@given(MOBILES)
def test_chinese_numerals_hide_nothing(number: str) -> None:
    assert kinds("电话" + number.translate(CHINESE)) == [Kind.MOBILE]


@given(st.text(NO_DIGITS))
def test_text_without_digits_holds_nothing_private(text: str) -> None:
    assert find_private(text) == []


@given(st.text())
def test_any_text_can_be_searched_and_findings_lie_inside_it(text: str) -> None:
    end = 0
    for finding in find_private(text):
        assert end <= finding.start < finding.end <= len(text)
        end = finding.end


DAYS = st.dates(date(2020, 1, 1), date(2080, 12, 31))


@given(DAYS, DAYS, st.sampled_from(["{:%Y-%m-%d}", "{:%Y年%m月%d日}", "{:%Y.%m.%d}", "{:%Y/%m/%d}", "{:%Y%m%d}"]))
@example(date(2026, 1, 30), date(2026, 2, 3), "{:%Y-%m-%d}")
def test_dates_and_spans_of_dates_are_no_numbers_of_persons(first: date, last: date, form: str) -> None:
    for joined_by in ("至", " ", "—", " - "):
        assert find_private(form.format(first) + joined_by + form.format(last)) == []


@given(st.from_regex(r"[1-6][1-5][0-9]{10}", fullmatch=True))
def test_village_codes_are_no_numbers_of_persons(code: str) -> None:
    assert find_private(f"村代码{code}") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证11010519490307002X", Kind.IDENTITY),
        ("110105194903070021", Kind.IDENTITY),
        ("110105 19490307 002 x", Kind.IDENTITY),
        ("110105490307002", Kind.IDENTITY),
        ("１３８００１３８０００", Kind.MOBILE),
        ("138-0013-8000", Kind.MOBILE),
        ("138·0013·8000", Kind.MOBILE),
        ("+86 138 0013 8000", Kind.MOBILE),
        ("138 20260930", Kind.MOBILE),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", Kind.MOBILE),
        ("١٣٨٠٠١٣٨٠٠٠", Kind.MOBILE),
        ("13800138000x", Kind.MOBILE),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", Kind.MOBILE),
        ("¹³⁸⁰⁰¹³⁸⁰⁰⁰", Kind.MOBILE),
        ("壹叁捌零零壹叁捌零零零", Kind.MOBILE),
        ("〡〣〨〇〇〡〣〨〇〇〇", Kind.MOBILE),
        ("138/0013/8000", Kind.MOBILE),
        ("2026-01-30 2026-02-03 13800138000", Kind.MOBILE),
        ("(0393)555 1234", Kind.LANDLINE),
        ("（0393）5551234", Kind.LANDLINE),
        ("0713-8888 1234", Kind.LANDLINE),
        ("010 6552 1234", Kind.LANDLINE),
        ("6222021234567890", Kind.BANK_CARD),
        ("6222 0212 3456 7890 123", Kind.BANK_CARD),
        ("1" * 40, Kind.BANK_CARD),
    ],
)
def test_numbers_as_seen_on_real_notices(text: str, kind: Kind) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "138****1234",
        "35*************123",
        "1286分",
        "2026/9/1-2026/9/30",
        "①清扫②植树③垃圾分类",
        "12/13/14组",
        "壹佰贰拾叁元",
        "第3期 2026-03",
        "王建国 1286 1269 1252 1235",
        "二〇二六年九月三十日",
    ],
)
def test_masked_numbers_and_points_stay(text: str) -> None:
    assert find_private(text) == []


def test_findings_say_where_and_hold_no_number() -> None:
    document, _ = frozen(items=items(3))
    document["items"][1]["name"] = "陈玉梅13800138000"
    assert check_document(document) == [Finding(Kind.MOBILE, 3, 14, "items[1].name")]
    refusal = PrivateData(check_document(document))
    assert refusal.errors == {"items[1].name": ["像是手机号，请删去"]}
    assert "138" not in repr(refusal.errors)


@pytest.mark.parametrize(("contact", "found"), [("0713-8888 1234", 0), ("13800138000", 0), ("11010519490307002X", 1)])
def test_only_telephones_may_stand_in_the_contact(contact: str, found: int) -> None:
    document, _ = frozen()
    assert len(check_document(document | {"contact": contact})) == found
    assert len(check_document(document | {"rule": contact})) == 1


@pytest.mark.parametrize("change", [{"public_url": "https://a.example/b/13800138000"}, {"replaces": "1380013800" * 6}])
def test_machine_made_fields_are_not_searched(change: dict[str, Any]) -> None:
    document, _ = frozen()
    assert check_document(document | change) == []


def test_whole_numbers_are_searched_too() -> None:
    assert [finding.path for finding in check_document({"list": [{"n": 13800138000}]})] == ["list[0].n"]


@pytest.mark.parametrize("name", ["张三", "李四", "赵一", "王五七", "陈〇"])
@pytest.mark.parametrize("number", ["13800001234", "11010519491231002X", "6222021234567890123"])
def test_a_number_beside_a_name_that_is_a_numeral_is_found(name: str, number: str) -> None:
    assert len(kinds(f"{name}{number}")) == len(kinds(f"{number}{name}")) == 1
