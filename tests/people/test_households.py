"""The register of households, as the service shows it."""

from functools import partial
from typing import Any

import pytest

from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.ground import OTHER
from tests.staff import hire
from tests.statements import cost
from tests.together import at_once, outcome, outcomes
from tests.world import World


def _household(head: str = "张建国", *members: dict[str, Any] | str, **more: Any) -> dict[str, Any]:
    spelled = [{"name": member} if isinstance(member, str) else member for member in members]
    return {"head": head, "group_no": 1, "members": spelled} | more


def _put(caller: Caller, number: str = "0001", **body: Any) -> Any:
    return caller.put(f"/households/{number}", body)


def _members(caller: Caller, number: str = "0001") -> dict[str, int]:
    return {member["name"]: member["id"] for member in caller.get(f"/households/{number}").get_json()["members"]}


def _found(caller: Caller, **query: Any) -> list[str]:
    return [item["number"] for item in caller.get("/households", query=query).get_json()["items"]]


def test_a_household_is_registered_and_brought_up_to_date(api: Api) -> None:
    manager = api.as_("manager")
    body = _household(
        "阿卜杜热依木·买买提", {"name": "𠮷野", "birth_year": 2012, "volunteer": True}, lane="东巷", phone="13800000000"
    )
    answer = _put(manager, **body)
    assert answer.status_code == 201
    found = answer.get_json()
    assert found["members"][0] | {"id": 0} == {
        "id": 0,
        "name": "𠮷野",
        "birth_year": 2012,
        "party_member": False,
        "volunteer": True,
        "name_consent": None,
    }
    assert (found["balance"], found["honor_points"], found["status"], found["phone"]) == (0, 0, "active", "13800000000")
    again = _put(manager, **body)
    assert (again.status_code, again.get_json()) == (200, found)
    changed = _put(manager, **(body | {"lane": None, "group_no": 2}))
    assert (changed.status_code, changed.get_json()) == (200, found | {"lane": None, "group_no": 2})


def test_members_keep_their_ids_while_they_stay(api: Api) -> None:
    manager = api.as_("manager")
    _put(manager, **_household("张建国", "甲", "乙", "丙"))
    before = _members(manager)
    _put(manager, **_household("张建国", "丙", "丁", {"name": "甲", "birth_year": 1990}))
    after = _members(manager)
    assert after == {"甲": before["甲"], "丙": before["丙"], "丁": after["丁"]}
    assert after["丁"] not in before.values()
    body = _household()
    del body["members"]
    _put(manager, **body)
    assert _members(manager) == after


def test_two_of_one_name_are_told_apart_by_their_years(api: Api) -> None:
    manager = api.as_("manager")
    father, son = {"name": "张三", "birth_year": 1960}, {"name": "张三", "birth_year": 1990}

    def years() -> dict[int, int]:
        return {member["birth_year"]: member["id"] for member in manager.get("/households/0001").get_json()["members"]}

    _put(manager, **_household("张建国", father, son))
    before = years()
    _put(manager, **_household("张建国", son, father))
    assert years() == before
    # the one without a year is the one whose year nobody else has
    _put(manager, **_household("张建国", {"name": "张三"}, father))
    after = years()
    assert (after[1960], set(after.values())) == (before[1960], set(before.values()))


def test_members_are_shown_in_the_order_they_were_entered(api: Api) -> None:
    _put(api.as_("manager"), **_household("张建国", "丙", {"name": "甲", "birth_year": 1990}, "乙"))
    assert list(_members(api.as_("manager"))) == ["丙", "甲", "乙"]


@pytest.mark.parametrize(
    ("role", "sees"),
    [("manager", True), ("worker", True), ("admin", True)]
    + [(role, False) for role in ("clerk", "reviewer", "supervisor")],
)
def test_a_phone_is_shown_only_to_those_who_may_call(api: Api, role: str, sees: bool) -> None:
    _put(api.as_("manager"), **_household(phone="13812345678"))
    for path in ("/households/0001", "/households"):
        assert ("13812345678" in api.as_(role).get(path).text) is sees
    assert _found(api.as_("manager"), q="13812345678") == []


@pytest.mark.parametrize("role", ["worker", "clerk", "reviewer", "supervisor", "viewer"])
def test_only_the_office_writes_the_register(api: Api, role: str) -> None:
    assert outcome(_put(api.as_(role), **_household())) == (403, "forbidden")
    assert outcome(api.as_(role).put(f"/households/0001/cards/{new_name()}", {})) == (403, "forbidden")
    assert outcome(api.as_(role).get("/exports/households")) == (403, "forbidden")
    assert outcome(api.as_(role).get("/households/0001/card.svg")) == (403, "forbidden")


def test_a_viewer_reads_no_names(api: Api, world: World) -> None:
    world.household()
    assert outcome(api.as_("viewer").get("/households")) == (403, "forbidden")
    assert outcome(api.as_("viewer").get("/households/0001")) == (403, "forbidden")


def test_another_village_is_not_there(api: Api, world: World) -> None:
    world.of(OTHER).household("0001", head="金丝雀")
    world.household("0002")
    manager = api.as_("manager")
    for answer in (
        manager.into(OTHER).get("/households"),
        manager.into(OTHER).get("/households/0001"),
        manager.into(OTHER).put("/households/0001", _household()),
        manager.get("/households/0001"),
    ):
        assert outcome(answer) == (404, "not_found")
        assert "金丝雀" not in answer.text
    for path in ("/households", "/merits", "/exports/households"):
        assert "金丝雀".encode() not in manager.get(path).data
    assert _found(manager, q="金丝雀") == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"head": ""}, "head"),
        ({"head": "　"}, "head"),
        ({"head": "x" * 51}, "head"),
        ({"head": "张三\u200b"}, "head"),
        ({"head": "\u202e张三"}, "head"),
        ({"head": "👨‍👩‍👧‍👦"}, "head"),
        ({"head": "张3"}, "head"),
        ({"head": "<b>"}, "head"),
        ({"head": "=1+1"}, "head"),
        ({"head": None}, "head"),
        ({"group_no": 0}, "group_no"),
        ({"group_no": 1000}, "group_no"),
        ({"group_no": "1"}, "group_no"),
        ({"group_no": 1.0}, "group_no"),
        ({"group_no": True}, "group_no"),
        ({"lane": "x" * 51}, "lane"),
        ({"lane": "a\nb"}, "lane"),
        ({"lane": "a\r\nSet-Cookie: x"}, "lane"),
        ({"address": "\x1b[2J"}, "address"),
        ({"phone": "javascript:1"}, "phone"),
        ({"members": [{"name": "甲"}] * 31}, "members"),
        ({"members": [{"name": "甲", "birth_year": 1899}]}, "members.0.birth_year"),
        ({"members": [{"name": "甲", "party_member": "yes"}]}, "members.0.party_member"),
        ({"members": [{"name": "甲", "id": 1}]}, "members.0.id"),
        ({"name_consent": 1}, "name_consent"),
        *[({name: 1}, name) for name in ("balance", "status", "village_id", "id", "honor_points")],
    ],
)
def test_nonsense_is_named(api: Api, change: dict[str, Any], field: str) -> None:
    answer = _put(api.as_("manager"), **(_household() | change))
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == [field]
    assert _found(api.as_("manager")) == []


@pytest.mark.parametrize("head", ["张三", "欧阳娜娜", "𠮷野", "㛃", "𬱖", "䶮", "O'Neil-李", "𠮷" * 50, "ཀརྨ"])
def test_every_name_that_a_register_has_is_kept_as_it_is(api: Api, head: str) -> None:
    assert _put(api.as_("manager"), **_household(head)).get_json()["head"] == head
    assert _found(api.as_("worker"), q=head) == ["0001"]


@pytest.mark.parametrize("number", ["a b", "-1", "0" * 21, "%", "张", "1'--", "a%2fb", "%E2%80%8B1"])
def test_a_strange_number_is_refused(api: Api, number: str) -> None:
    assert outcome(_put(api.as_("manager"), number, **_household())) in [(422, "validation"), (404, "not_found")]
    assert _found(api.as_("manager")) == []


@pytest.fixture
def street(api: Api) -> Caller:
    manager = api.as_("manager")
    _put(manager, "0301", **_household("单雄信", "吕秀才", lane="东巷"))
    _put(manager, "0302", **_household("欧阳娜娜", "王小明", lane="西巷"))
    _put(manager, "A_1", **_household("张百", group_no=2, lane="东巷"))
    return manager


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("雄信", ["0301"]),
        ("shanxiongxin", ["0301"]),
        ("SXX", ["0301"]),
        ("xiongx", ["0301"]),
        ("lvxiucai", ["0301"]),
        ("luxiucai", ["0301"]),
        ("吕 秀才", ["0301"]),
        ("欧阳", ["0302"]),
        ("oynn", ["0302"]),
        ("王小明", ["0302"]),
        ("030", ["0301", "0302"]),
        ("a_1", ["A_1"]),
        ("Ａ_１", ["A_1"]),
        ("_", ["A_1"]),
        ("%", []),
        ("\\", []),
        ("0%1", []),
        ("0_01", []),
        ("' OR 1=1 --", []),
        ("无此人", []),
    ],
)
def test_people_are_found_by_what_is_typed(street: Caller, q: str, numbers: list[str]) -> None:
    assert _found(street, q=q) == numbers


def test_lists_are_cut_by_group_and_lane(street: Caller) -> None:
    assert _found(street, group_no=1) == ["0301", "0302"]
    assert _found(street, lane="东巷") == ["0301", "A_1"]
    assert _found(street, lane="东巷", group_no=2) == ["A_1"]
    assert _found(street, lane="%") == []
    assert outcome(street.get("/households", query={"group_no": "一"})) == (422, "validation")


def test_pages_stay_in_order_while_households_come(api: Api, world: World) -> None:
    world.households(7)
    manager = api.as_("manager")
    first = manager.get("/households", query={"limit": 3}).get_json()
    _put(manager, "0000", **_household())
    _put(manager, "0003a", **_household())
    rest = _found(manager, limit=200, after=first["next"])
    assert [item["number"] for item in first["items"]] + rest == [
        "0001",
        "0002",
        "0003",
        "0003a",
        "0004",
        "0005",
        "0006",
        "0007",
    ]
    whole = manager.get("/households", query={"limit": 9}).get_json()
    assert (len(whole["items"]), whole["next"]) == (9, None)


def test_a_list_costs_the_same_however_long(api: Api, world: World) -> None:
    manager = api.as_("manager")
    listing = partial(manager.get, "/households")
    world.household("0001")
    before = cost(world.app, listing)
    for number in range(2, 12):
        world.household(f"{number:04d}", points=1)
    # who asks, the households, their members, their balances
    assert (before, cost(world.app, listing)) == (4, 4)


def test_ten_managers_at_once_register_a_household_once(api: Api) -> None:
    answers = at_once([partial(_put, api.as_("manager"), **_household("张建国", "甲"))] * 10)
    assert outcomes(answers) == {201: 1, 200: 9}
    assert len(_members(api.as_("manager"))) == 1


def test_a_new_card_kills_the_one_before(api: Api, world: World) -> None:
    world.household()
    manager, clerk = api.as_("manager"), api.as_("clerk")
    name = new_name()
    first = manager.put(f"/households/0001/cards/{name}", {})
    assert (first.status_code, first.get_json()["serial"]) == (201, 1)
    assert first.get_json()["url"] == f"http://127.0.0.1:8000/c/{first.get_json()['code']}"
    again = manager.put(f"/households/0001/cards/{name}", {})
    assert (again.status_code, again.data) == (200, first.data)
    assert clerk.post("/scans", {"code": first.get_json()["url"]}).status_code == 200
    second = manager.put(f"/households/0001/cards/{new_name()}").get_json()
    assert second["serial"] == 2
    assert outcome(clerk.post("/scans", {"code": first.get_json()["code"]})) == (422, "card_revoked")
    assert clerk.post("/scans", {"code": second["code"]}).status_code == 200
    # the answer is what it was, the card stays dead
    assert manager.put(f"/households/0001/cards/{name}", {}).data == first.data
    assert outcome(clerk.post("/scans", {"code": first.get_json()["code"]})) == (422, "card_revoked")


def test_a_cards_name_belongs_to_its_household(api: Api, world: World) -> None:
    world.households(2)
    name = new_name()
    manager = api.as_("manager")
    manager.put(f"/households/0001/cards/{name}", {})
    assert outcome(manager.put(f"/households/0002/cards/{name}", {})) == (422, "name_reused")
    assert outcome(hire(api, "second", "manager").put(f"/households/0001/cards/{name}", {})) == (422, "name_reused")
    assert outcome(manager.put(f"/households/none/cards/{new_name()}", {})) == (404, "not_found")
    assert outcome(manager.put(f"/households/0001/cards/{new_name()}", {"code": "x"})) == (422, "validation")
    assert outcome(manager.get("/households/0002/card.svg")) == (404, "not_found")


def test_of_ten_cards_at_once_one_is_in_force(api: Api, world: World) -> None:
    world.household()
    issue = [partial(api.as_("manager").put, f"/households/0001/cards/{new_name()}", {}) for _ in range(10)]
    answers = at_once(issue)
    assert sorted(answer.get_json()["serial"] for answer in answers) == list(range(1, 11))
    scans = [outcome(api.as_("clerk").post("/scans", {"code": answer.get_json()["code"]})) for answer in answers]
    assert scans.count(200) == 1 and scans.count((422, "card_revoked")) == 9


def test_cards_of_another_village_are_unknown_here(api: Api, world: World) -> None:
    other = world.of(OTHER)
    other.household()
    code = other.card()
    assert outcome(api.as_("clerk").post("/scans", {"code": code})) == (422, "card_unknown")


@pytest.mark.parametrize(("kind", "media"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_the_picture_of_a_card_holds_the_code_in_force(api: Api, world: World, kind: str, media: str) -> None:
    world.household()
    world.card()
    before = api.as_("manager").get(f"/households/0001/card.{kind}")
    assert (before.status_code, before.mimetype) == (200, media)
    world.card()
    assert api.as_("manager").get(f"/households/0001/card.{kind}").data != before.data
