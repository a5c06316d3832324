"""Taking over a household list: whole or not at all, and the same list again changes nothing."""

import io
from functools import partial
from typing import Any

import pytest
import xlwt
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pointshop.ledger.models import Entry
from pointshop.people.importing import import_households, plan_import, read_household_sheet
from pointshop.people.models import Member
from pointshop.people.sheet_out import to_csv, to_xlsx
from tests.api import Api, Caller
from tests.ground import OTHER, Ground
from tests.statements import cost
from tests.together import at_once, outcome, outcomes
from tests.world import World

_HEADER = ("户编号", "户主", "小组", "街巷", "地址", "电话", "成员", "党员", "期初积分")
_ROWS: tuple[tuple[str | int, ...], ...] = (
    ("0301", "张三", 3, "东街", "东街12号", "13800000000", "李秀英(1962)、张小三(2012)", "是", 120),
    ("0302", "欧阳春", 3, "", "", "0393-1234567", "欧阳秋、王芳", "王芳", 0),
    ("0303", "𠮷野", 4, "", "", "", "", "否", ""),
)


def _text(header: tuple[str, ...] = _HEADER, rows: Any = _ROWS) -> str:
    return "".join(",".join(map(str, row)) + "\r\n" for row in (header, *rows))


def _xls(rows: Any = _ROWS) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for line, row in enumerate((_HEADER, *rows)):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _send(caller: Caller, data: bytes, *, dry_run: bool = False, filename: str = "户名册.csv") -> TestResponse:
    query = {"dry_run": "true"} if dry_run else None
    return caller.post("/imports/households", query=query, data={"file": (io.BytesIO(data), filename)})


def _counts(answer: TestResponse) -> tuple[int, int, int]:
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    return found["created"], found["updated"], found["unchanged"]


def _register(caller: Caller) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = caller.get("/households", query={"limit": 200}).get_json()["items"]
    return items


def _opened(world: World) -> int:
    return world.see(lambda work: work.read(select(func.count()).select_from(Entry)).scalar_one())


_FILES = {
    "xlsx": to_xlsx(_HEADER, _ROWS),
    "xls": _xls(),
    "csv in UTF-8": _text().encode(),
    "csv in UTF-8 with mark": to_csv(_HEADER, _ROWS),
    "csv in GB18030": _text().encode("gb18030"),
}


@pytest.mark.parametrize("kind", _FILES)
def test_a_list_is_taken_over_from_every_kind_of_file_and_only_once(api: Api, world: World, kind: str) -> None:
    manager = api.as_("manager")
    # what a file is, its name does not say
    assert _counts(_send(manager, _FILES[kind], filename="../../etc/passwd.txt")) == (3, 0, 0)
    found = _register(manager)
    assert [(item["number"], item["head"], item["group_no"], item["balance"]) for item in found] == [
        ("0301", "张三", 3, 120),
        ("0302", "欧阳春", 3, 0),
        ("0303", "𠮷野", 4, 0),
    ]
    people = {
        member["name"]: (member["birth_year"], member["party_member"]) for item in found for member in item["members"]
    }
    assert people == {
        "张三": (None, True),
        "李秀英": (1962, False),
        "张小三": (2012, False),
        "欧阳秋": (None, False),
        "王芳": (None, True),
    }
    assert _counts(_send(manager, _FILES[kind])) == (0, 0, 3)
    assert _register(manager) == found
    assert _opened(world) == 1


def test_a_dry_run_tells_and_changes_nothing(api: Api, world: World) -> None:
    manager = api.as_("manager")
    answer = _send(manager, _FILES["xlsx"], dry_run=True)
    assert answer.get_json() == {"dry_run": True, "rows": 3, "created": 3, "updated": 0, "unchanged": 0, "notices": []}
    assert (_register(manager), _opened(world)) == ([], 0)
    _send(manager, _FILES["xlsx"])
    changed = to_csv(_HEADER, [(*_ROWS[0][:3], "西街", *_ROWS[0][4:]), *_ROWS[1:]])
    assert _counts(_send(manager, changed, dry_run=True)) == (0, 1, 2)
    assert _register(manager)[0]["lane"] == "东街"
    assert _counts(_send(manager, changed)) == (0, 1, 2)
    assert _register(manager)[0]["lane"] == "西街"


def test_opening_points_come_once_whatever_later_lists_say(api: Api, world: World) -> None:
    manager = api.as_("manager")
    _send(manager, _FILES["xlsx"])
    assert _counts(_send(manager, to_csv(_HEADER, [(*row[:8], 999) for row in _ROWS]))) == (0, 0, 3)
    assert (world.balance("0301"), _opened(world)) == (120, 1)


def test_one_bad_row_keeps_all_out_and_every_fault_is_named(api: Api, world: World) -> None:
    rows = [
        *_ROWS,
        ("0301", "李四", 3, "", "", "", "", "", ""),
        ("a b", "", "九十九组组", "", "", "abc", "王", "赵六", -1),
        ("0305", "王五", 5, "", "", "", "", "", "1.5"),
    ]
    answer = _send(api.as_("manager"), to_csv(_HEADER, rows))
    assert outcome(answer) == (422, "validation")
    assert sorted(answer.get_json()["errors"]) == [
        "rows.5.户编号",
        "rows.6.小组",
        "rows.6.户主",
        "rows.6.户编号",
        "rows.6.期初积分",
        "rows.6.电话",
        "rows.7.期初积分",
    ]
    assert (_register(api.as_("manager")), _opened(world)) == ([], 0)


def test_a_list_in_another_order_changes_nothing(api: Api) -> None:
    manager = api.as_("manager")
    _send(manager, _FILES["xlsx"])
    turned = [(*row[:6], "、".join(reversed(str(row[6]).split("、"))), *row[7:]) for row in reversed(_ROWS)]
    assert _counts(_send(manager, to_csv(_HEADER, turned))) == (0, 0, 3)


def test_what_the_list_has_no_column_for_stays(api: Api, world: World) -> None:
    manager = api.as_("manager")
    head = {"name": "欧阳春", "volunteer": True, "name_consent": True}
    body = {
        "head": "欧阳春",
        "group_no": 3,
        "name_consent": True,
        "members": [{"name": "王芳", "volunteer": True}, head],
    }
    before = manager.put("/households/0302", body).get_json()
    for _ in range(2):
        _send(manager, _FILES["xlsx"])
        after = manager.get("/households/0302").get_json()
        assert after["name_consent"] is True
        people = {member["name"]: member for member in after["members"]}
        assert people["欧阳春"] == before["members"][1]
        assert people["王芳"] == before["members"][0] | {"party_member": True}
    assert _counts(_send(manager, _FILES["xlsx"])) == (0, 0, 3)


def test_who_left_the_list_left_the_household_and_the_others_kept_their_ids(api: Api, world: World) -> None:
    manager = api.as_("manager")
    _send(manager, _FILES["xlsx"])
    before = {member["name"]: member["id"] for member in _register(manager)[0]["members"]}
    _send(manager, to_csv(_HEADER, [(*_ROWS[0][:6], "张小三(2012)", "是", 120)]))
    after = {member["name"]: member["id"] for member in _register(manager)[0]["members"]}
    assert after == {name: number for name, number in before.items() if name != "李秀英"}
    former = select(func.count()).where(Member.is_former)
    assert world.see(lambda work: work.read(former).scalar_one()) == 1
    # households that the list doesn't name stay
    assert len(_register(manager)) == 3


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_can_be_imported_and_changes_nothing(api: Api, form: str) -> None:
    manager = api.as_("manager")
    _send(manager, _FILES["xlsx"])
    body = {
        "head": "O'Neil-李",
        "group_no": 9,
        "lane": "=1+1",
        "address": "@SUM(A1)",
        "members": [{"name": "O'Neil-李"}, {"name": "钱七"}],
    }
    assert manager.put("/households/A_1", body).status_code == 201
    before = _register(manager)
    answer = manager.get("/exports/households", query={"format": form})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="households.{form}"'
    if form == "csv":
        assert b"'=1+1" in answer.data and b"'@SUM" in answer.data
    assert _counts(_send(manager, answer.data)) == (0, 0, 4)
    assert _register(manager) == before
    other = api.as_("manager", of=OTHER)
    assert _counts(_send(other, answer.data)) == (4, 0, 0)
    assert [(item["lane"], item["balance"]) for item in _register(other)] == [
        (item["lane"], item["balance"]) for item in before
    ]


def test_columns_of_no_meaning_are_named(api: Api) -> None:
    answer = _send(api.as_("manager"), to_csv((*_HEADER[:3], "身份证号"), [(*row[:3], "x") for row in _ROWS]))
    assert answer.get_json()["notices"] == ["没有用到的列：身份证号"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"PK\x03\x04" + b"x" * 100,
        "户编号,户主\n1,张三\n".encode(),
        b"\xff\xd8\xff\xe0",
        b"<html></html>",
        "户编号,户主,小组\n".encode(),
    ],
)
def test_what_is_no_list_is_refused(api: Api, data: bytes) -> None:
    answer = _send(api.as_("manager"), data)
    assert outcome(answer) == (422, "validation")
    assert _register(api.as_("manager")) == []


def test_only_a_form_with_a_file_is_read(api: Api) -> None:
    manager = api.as_("manager")
    assert outcome(manager.post("/imports/households", {"file": "x"})) == (415, "unsupported_media_type")
    text = manager.call("POST", "/imports/households", data=_FILES["xlsx"], content_type="text/csv")
    assert outcome(text) == (415, "unsupported_media_type")
    assert outcome(manager.post("/imports/households", data={"other": (io.BytesIO(b"x"), "x")})) == (422, "validation")
    assert outcome(manager.post("/imports/households", query={"dry_run": "maybe"}, data={})) == (422, "validation")


def test_a_file_over_ten_megabytes_is_refused(api: Api) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head + b"x" * (11 * 1024 * 1024) + b"\r\n--x--\r\n"
    media = "multipart/form-data; boundary=x"
    answer = api.as_("manager").call("POST", "/imports/households", data=body, content_type=media)
    assert outcome(answer) == (413, "too_large")


@pytest.mark.parametrize("role", ["worker", "clerk", "reviewer", "supervisor", "viewer"])
def test_only_the_office_imports(api: Api, role: str) -> None:
    assert outcome(_send(api.as_(role), _FILES["xlsx"])) == (403, "forbidden")
    assert outcome(_send(api.as_("manager", of=OTHER).into(api.as_("manager").village), _FILES["xlsx"])) == (
        404,
        "not_found",
    )


def test_two_that_send_the_same_list_at_once_register_it_once(api: Api, world: World) -> None:
    answers = at_once([partial(_send, api.as_("manager"), _FILES["csv in UTF-8"])] * 5)
    assert outcomes(answers) == {200: 5}
    assert sorted(_counts(answer) for answer in answers) == [(0, 0, 3)] * 4 + [(3, 0, 0)]
    assert (len(_register(api.as_("manager"))), _opened(world)) == (3, 1)


def test_a_list_says_nothing_about_columns_it_does_not_have(api: Api) -> None:
    manager = api.as_("manager")
    _send(manager, _FILES["xlsx"])
    before = _register(manager)
    short = to_csv(_HEADER[:3], [row[:3] for row in _ROWS])
    assert _counts(_send(manager, short)) == (0, 0, 3)
    moved = to_csv((*_HEADER[:3], "电话"), [(*row[:2], 9, "13911112222") for row in _ROWS])
    assert _counts(_send(manager, moved)) == (0, 3, 0)
    expected = [household | {"group_no": 9, "phone": "13911112222"} for household in before]
    assert _register(manager) == expected


@pytest.mark.parametrize("column", ["街巷", "地址", "电话", "成员", "党员"])
def test_a_list_with_an_empty_column_empties_it_and_without_it_does_not(api: Api, column: str) -> None:
    manager = api.as_("manager")
    _send(manager, _FILES["xlsx"])
    before = _register(manager)
    place = _HEADER.index(column)
    header = _HEADER[:place] + _HEADER[place + 1 :]
    without = [row[:place] + row[place + 1 :] for row in _ROWS]
    # whom 党员 names must stand in the list: the head, where there are no other members
    rows = [(*row[:6], "否", row[7]) if column == "成员" else row for row in without]
    if column == "成员":
        rows[0] = (*rows[0][:6], "是", rows[0][7])
    answer = _send(manager, to_csv(header, rows))
    found = {item["number"]: item for item in _register(manager)}
    if column == "成员":
        assert _counts(answer) == (0, 0, 3)
    assert [found[item["number"]] for item in before] == before
    emptied = [(*row[:place], "", *row[place + 1 :]) for row in _ROWS]
    if column == "成员":
        emptied[1] = (*emptied[1][:7], "", 0)
    _send(manager, to_csv(_HEADER, emptied))
    assert _register(manager) != before


def test_party_members_the_list_cannot_know_are_asked_for(api: Api) -> None:
    answer = _send(api.as_("manager"), to_csv(("户编号", "户主", "小组", "党员"), [("1", "张三", 3, "李四")]))
    assert list(answer.get_json()["errors"]) == ["rows.2.党员"]


def test_what_was_exported_comes_in_again_whatever_its_size(api: Api, world: World) -> None:
    manager, other = api.as_("manager"), api.as_("manager", of=OTHER)
    members = [{"name": "张三", "birth_year": 1950, "party_member": True}, {"name": "李四", "birth_year": None}]
    manager.put("/households/0001", {"head": "张三", "group_no": 999, "members": members})
    world.household("0002", points=1_000_000)
    world.rule(points=10_000)
    world.merit("0002", quantity=100)
    for kind in ("csv", "xlsx"):
        table = manager.get("/exports/households", query={"format": kind}).data
        assert _counts(_send(manager, table)) == (0, 0, 2)
        assert sum(_counts(_send(other, table))) == 2
    ours, theirs = (
        [{key: value for key, value in item.items() if key != "members"} for item in _register(caller)]
        for caller in (manager, other)
    )
    assert ours == theirs
    assert [item["balance"] for item in theirs] == [0, 2_000_000]
    kept = {person["name"]: (person["birth_year"], person["party_member"]) for person in _register(other)[0]["members"]}
    assert kept == {"张三": (1950, True), "李四": (None, False)}


@pytest.mark.parametrize("control", [{"review_levels": 1}, {"period_budget": 1000}])
def test_no_points_come_in_past_the_signature_or_the_budget_once_a_village_has_begun(
    api: Api, world: World, control: dict[str, int]
) -> None:
    manager = api.as_("manager")
    world.household("0001")
    world.rule()
    world.merit()
    late = to_csv(_HEADER, [("0999", "赵六", 1, "", "", "", "", "", 500), ("0998", "赵七", 1, "", "", "", "", "", 0)])
    world.settings(**control)
    for dry_run in (True, False):
        answer = _send(manager, late, dry_run=dry_run)
        assert outcome(answer) == (422, "validation")
        assert list(answer.get_json()["errors"]) == ["rows.2.期初积分"]
    assert len(_register(manager)) == 1
    # without points they are welcome
    assert _counts(_send(manager, late.replace(b"500", b"0"))) == (2, 0, 0)


def test_a_village_that_has_not_begun_takes_its_opening_points_in_several_lists(api: Api, world: World) -> None:
    world.settings(review_levels=1, period_budget=100)
    for row in _ROWS:
        assert sum(_counts(_send(api.as_("manager"), to_csv(_HEADER, [row])))) == 1
    assert world.balance("0301") == 120


def test_a_long_list_asks_nothing_per_household_and_writes_each_row_once(
    api: Api, world: World, ground: Ground
) -> None:
    """8,000 households once held SQLite's only writer for 17 s; so it is a second or two."""

    def listed(count: int, phone: str) -> bytes:
        rows = [(f"{place:04d}", "张三", 1, "", "", phone, "李四、王五", "是", 10) for place in range(count)]
        return to_csv(_HEADER, rows)

    def costs(phone: str) -> list[int]:
        return [
            cost(world.app, partial(_send, api.root.into(village), listed(count, phone)))
            for village, count in ((world.village, 3), (OTHER, 63))
        ]

    is_sqlite = ground.config().database_url.startswith("sqlite")
    short, long = costs("")
    # account, its opening, household, three members, what the account holds then; accounts together where there is
    # a server
    assert long - short == 60 * (7 if is_sqlite else 5)
    short, long = costs("13800000001")
    assert long - short == 60


def test_what_changed_between_reading_and_writing_is_compared_again(world: World) -> None:
    sheet = read_household_sheet(to_csv(_HEADER, _ROWS), "a.csv")
    planned = world.see(lambda work: plan_import(work, world.village_id, sheet))
    world.household("0301", points=5, phone="13999999999")
    done = world.do(lambda work: import_households(work, world.village_id, sheet, planned, actor_id=0, dry_run=False))
    assert (done.created, done.updated) == (2, 1)
    assert world.balance("0301") == 5
