from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.people import household_cells as cells
from pointshop.people.household_cells import MemberRow


@pytest.mark.parametrize(
    ("text", "number"), [("0301", "0301"), (" ０３０１ ", "0301"), ("A-01_b", "A-01_b"), ("0" * 20, "0" * 20)]
)
def test_reads_household_numbers(text: str, number: str) -> None:
    assert cells.household_number(text) == number


@pytest.mark.parametrize("text", ["", " ", "-1", "_1", "3 1", "三户", "0" * 21, "1/2", "'; --"])
def test_refuses_other_household_numbers(text: str) -> None:
    with pytest.raises(ValueError, match=r"户编号只能用|不能为空"):
        cells.household_number(text)


@pytest.mark.parametrize(
    ("text", "group_no"),
    [
        *[
            ("3", 3),
            ("３", 3),
            ("03", 3),
            ("3组", 3),
            ("第3组", 3),
            ("第三组", 3),
            ("三组", 3),
            (" 三组 ", 3),
            ("三", 3),
        ],
        *[
            ("第3村民小组", 3),
            ("3小组", 3),
            ("三队", 3),
            ("十组", 10),
            ("十二组", 12),
            ("二十", 20),
            ("第九十九组", 99),
        ],
    ],
)
def test_reads_groups_as_they_are_written(text: str, group_no: int) -> None:
    assert cells.group_number(text) == group_no


@pytest.mark.parametrize("text", ["", "0", "1000", "-3", "3.5", "三五", "十十", "百", "组", "河西", "3组4组", "1e1"])
def test_refuses_other_groups(text: str) -> None:
    with pytest.raises(ValueError, match=r"看不懂小组|不能为空"):
        cells.group_number(text)


def test_reads_every_group_in_chinese_numbers() -> None:
    digits = "〇一二三四五六七八九"
    for number in range(1, 100):
        tens, ones = divmod(number, 10)
        written = ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
        assert cells.group_number(f"第{written}组") == number


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("张三", MemberRow("张三")),
        (" 张　三 ", MemberRow("张三")),
        ("张 三", MemberRow("张三")),
        ("Mary Ann", MemberRow("Mary Ann")),
        ("张三(2012)", MemberRow("张三", 2012)),
        ("张三 （２０１２年生）", MemberRow("张三", 2012)),
        ("买买提・艾力", MemberRow("买买提·艾力")),
    ],
)
def test_reads_a_person(text: str, person: MemberRow) -> None:
    assert cells.person(text) == person


@pytest.mark.parametrize("text", ["", "张三(长子)", "张三(1850)", "张三（）", "(2012)", "张三2", "👍"])
def test_refuses_what_is_no_person(text: str) -> None:
    with pytest.raises(ValueError, match=r"姓名|年份"):
        cells.person(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *[("", []), ("无", []), (" / ", []), ("李四", ["李四"])],
        *[(f"李四{mark}王五", ["李四", "王五"]) for mark in "、,，;；/／ \u3000\n"],
        ("李四、王 五、\n赵六；", ["李四", "王五", "赵六"]),
        ("李四 (2012) 王五", ["李四", "王五"]),
        ("欧阳娜娜 阿依古丽·买买提", ["欧阳娜娜", "阿依古丽·买买提"]),
    ],
)
def test_reads_several_people(text: str, names: list[str]) -> None:
    assert [member.name for member in cells.people(text)] == names


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("李四、李四", "不止一次"),
        ("李 四", "只有一个字"),
        ("王小明 李 四", "只有一个字"),
        ("李四、5", "数字"),
        ("、".join(chr(0x4E00 + i) for i in range(31)), "最多30人"),
    ],
)
def test_refuses_several_people_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cells.people(text)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        *[("", None), ("无", None), ("-", None)],
        *[("13800001234", "13800001234"), ("138 0000 1234", "13800001234"), ("138-0000-1234", "13800001234")],
        *[("+86 138 0000 1234", "13800001234"), ("１３８００００１２３４", "13800001234")],
        *[("0393-1234567", "0393-1234567"), ("0393—1234567", "0393-1234567"), ("03931234567", "03931234567")],
        *[("010-12345678-123", "010-12345678-123"), ("1234567", "1234567")],
    ],
)
def test_reads_phone_numbers(text: str, phone: str | None) -> None:
    assert cells.phone_number(text) == phone


@pytest.mark.parametrize("text", ["1380000123", "138000012345", "12345", "张三", "13800001234/13800001235", "1" * 2000])
def test_refuses_other_phone_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="电话"):
        cells.phone_number(text)


@pytest.mark.parametrize(("text", "points"), [("", 0), ("0", 0), ("120", 120), ("１２０", 120), ("1000000", 1_000_000)])
def test_reads_opening_points(text: str, points: int) -> None:
    assert cells.opening_points(text) == points


@pytest.mark.parametrize("text", ["-1", "1.5", "1000000001", "1e3", "一百", "1_000", "٥", "9" * 1000])
def test_refuses_other_opening_points(text: str) -> None:
    with pytest.raises(ValueError, match="整数"):
        cells.opening_points(text)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        *[("", []), ("否", []), ("×", []), ("FALSE", []), ("非党员", [])],
        *[("是", ["张三"]), ("√", ["张三"]), ("TRUE", ["张三"]), (" 党员 ", ["张三"])],
        *[("李四", ["李四"]), ("李四、张三", ["张三", "李四"])],
    ],
)
def test_marks_party_members(text: str, marked: list[str]) -> None:
    household = (MemberRow("张三"), MemberRow("李四", 1990))
    result = cells.mark_party_members(text, household)
    assert [member.name for member in result if member.party_member] == marked
    assert [(member.name, member.birth_year) for member in result] == [("张三", None), ("李四", 1990)]


def test_refuses_a_party_member_from_elsewhere() -> None:
    with pytest.raises(ValueError, match="“王五”不在户主和成员里"):
        cells.mark_party_members("李四、王五", (MemberRow("张三"), MemberRow("李四")))


def test_reads_a_line_of_text() -> None:
    assert cells.line_of_text(" 东街\n 12号 ", limit=50) == "东街 12号"
    assert cells.line_of_text("无", limit=50) is None
    with pytest.raises(ValueError, match="最多5个字"):
        cells.line_of_text("东" * 6, limit=5)


@given(st.text(max_size=80))
def test_no_text_breaks_a_cell(text: str) -> None:
    household = (MemberRow("张三"),)
    readers: list[Callable[[str], object]] = [
        *(cells.household_number, cells.person, cells.group_number, cells.phone_number, cells.people),
        *(cells.opening_points, lambda t: cells.mark_party_members(t, household)),
        lambda t: cells.line_of_text(t, limit=50),
    ]
    for reader in readers:
        try:
            reader(text)
        except ValueError as error:
            str(error).encode()
