import time

from pointshop.people.household_cells import MemberRow
from pointshop.people.household_sheet import (
    COLUMNS,
    KNOWN_HEADERS,
    CellError,
    HouseholdRow,
    ignored_columns,
    parse_household_rows,
    sample_sheet,
)
from pointshop.people.sheet_out import to_csv
from pointshop.people.spreadsheet import Row, read_rows


def _rows(*rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS) -> list[Row]:
    return [Row(line, dict(zip(columns, cells, strict=True))) for line, cells in enumerate(rows, start=2)]


def test_reads_a_whole_household() -> None:
    rows = _rows(
        (
            "0301",
            "张三",
            "第三组",
            "东街",
            "12号",
            "13800000000",
            "李四(1962)、王五(2012)",
            "张三、王五",
            "120",
        )
    )
    expected = HouseholdRow(
        line=2,
        number="0301",
        head=MemberRow("张三", None, True),
        group_no=3,
        lane="东街",
        address="12号",
        phone="13800000000",
        members=(MemberRow("李四", 1962), MemberRow("王五", 2012, True)),
        opening_points=120,
    )
    assert parse_household_rows(rows) == ([expected], [])


def test_reads_a_sheet_with_the_needed_columns_only() -> None:
    rows = _rows(("1", "张三", "3"), columns=("户编号", "户主", "小组"))
    expected = HouseholdRow(2, "1", MemberRow("张三"), 3, None, None, None, (), 0)
    assert parse_household_rows(rows) == ([expected], [])


def test_a_head_among_the_members_is_one_person_and_gets_the_birth_year() -> None:
    rows = _rows(("1", "张三", "3", "张三(1960)、李四"), columns=("户编号", "户主", "小组", "成员"))
    ((household,), faults) = parse_household_rows(rows)
    assert faults == []
    assert (household.head, household.members) == (MemberRow("张三", 1960), (MemberRow("李四"),))


def test_lists_every_bad_cell_of_every_row() -> None:
    rows = _rows(
        ("0301", "张三", "3", "", "", "", "", "", ""),
        ("03 02", "", "河西", "", "", "12", "李四、李四", "", "-1"),
        ("0303", "张三", "3", "东" * 51, "\x1b[2J", "", "", "王五", "1.5"),
        ("0301", "赵六", "3", "", "", "", "", "", ""),
    )
    households, faults = parse_household_rows(rows)
    assert [household.number for household in households] == ["0301"]
    assert [(fault.line, fault.column) for fault in faults] == [
        *[(3, column) for column in ("户编号", "户主", "小组", "电话", "成员", "期初积分")],
        *[(4, column) for column in ("街巷", "地址", "党员", "期初积分")],
        (5, "户编号"),
    ]
    assert faults[-1].message == "和第2行的户编号重复"
    assert all(fault.message.isprintable() for fault in faults)


def test_names_columns_as_the_file_does() -> None:
    columns = ("编 号", "*户主姓名（必填）", "组别", "联系电话", "备注", "序号")
    rows = _rows(("1", "张三", "3", "x", "好人", "1"), columns=columns)
    assert parse_household_rows(rows)[1] == [
        CellError(2, "联系电话", "不像电话号码；只填一个，如“13800001234”或“0393-1234567”")
    ]
    assert ignored_columns(rows) == ["备注", "序号"]


def test_says_which_columns_are_missing_or_there_twice() -> None:
    rows = _rows(("1", "2", "3"), columns=("户号", "户编号", "小组"))
    assert parse_household_rows(rows) == (
        [],
        [CellError(0, "户编号", "和“户号”都是户编号，只能留一列"), CellError(0, "户主", "缺少这一列")],
    )


def test_a_sheet_without_households_is_a_fault() -> None:
    households, (fault,) = parse_household_rows([])
    assert households == []
    assert (fault.line, "没有一户" in fault.message) == (0, True)
    assert ignored_columns([]) == []


def test_the_sample_reads_without_a_fault() -> None:
    rows = read_rows(sample_sheet(), "样表.xlsx", known=KNOWN_HEADERS)
    households, faults = parse_household_rows(rows)
    assert faults == []
    assert [household.head.name for household in households] == ["张三", "欧阳春", "阿卜杜热依木·买买提"]
    assert list(rows[0].cells) == list(COLUMNS)


def test_finds_the_form_under_a_title_in_gb18030() -> None:
    table = [
        ["河西村户名册"],
        ["制表人：村委会", "", "2026年"],
        ["户编号", "户主姓名", "组别"],
        ["1", "\U00020bb7野", "三组"],
    ]
    data = to_csv([], table).decode("utf-8-sig").encode("gb18030")
    ((household,), faults) = parse_household_rows(read_rows(data, "x.csv", known=KNOWN_HEADERS))
    assert faults == []
    assert (household.line, household.head.name, household.group_no) == (5, "\U00020bb7野", 3)


def test_two_thousand_households_take_less_than_a_second() -> None:
    cells = ("张三", "第三组", "东街", "12号", "13800000000", "李四(1962)、王五(2012)", "是", "120")
    rows = _rows(*[(str(number), *cells) for number in range(2000)])
    tries = []
    for _ in range(3):
        start = time.process_time()
        households, _errors = parse_household_rows(rows)
        tries.append(time.process_time() - start)
    # what else runs on the machine only adds to it
    assert min(tries) < 1
    assert len(households) == 2000
