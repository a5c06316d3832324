import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
import zxingcpp
from PIL import Image
from werkzeug.test import TestResponse

from pointshop.core.ids import new_name
from pointshop.publishing.document import digest
from pointshop.publishing.honor_roll_document import read_honor_roll
from tests.ground import OTHER
from tests.honors.places import Place
from tests.publishing.pdf.printed import Printed

ROLLS = "/honor-rolls"
NAME = "018f6f2e-0000-7000-8000-000000000001"


@pytest.fixture
def three(place: Place) -> Place:
    """单雄信 said yes, 解晓东 was not asked, 仇英 said no; 20, 30 and 10 points."""
    place.household("0001", "单雄信", name_consent=True)
    place.household("0002", "解晓东", group_no=2)
    place.household("0003", "仇英", group_no=3, name_consent=False)
    for number, points in (("0001", 20), ("0002", 30), ("0003", 10)):
        place.honour(number, points)
    return place


def set_names(place: Place, policy: str) -> None:
    settings = place.manager.get("/settings")
    answer = place.manager.patch("/settings", {"public_names": policy}, headers={"If-Match": settings.headers["ETag"]})
    assert answer.status_code == 200


def published(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def names(roll: dict[str, Any]) -> list[str]:
    return [item["name"] for item in roll["items"]]


def refusal(answer: TestResponse) -> tuple[int, str, list[str]]:
    found = answer.get_json()
    return answer.status_code, found["code"], sorted(found.get("errors", {}))


def picture_of_code(sheet: str) -> Image.Image:
    """The sheet's QR code as pixels."""
    drawn = re.search(r'viewBox="0 0 (\d+) \1"[^>]*><path d="([^"]*)"', sheet)
    assert drawn is not None
    side = int(drawn[1])
    picture = Image.new("L", (side, side), 255)
    for left, top, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn[2]):
        picture.paste(0, (int(left), int(top), int(left) + int(width), int(top) + 1))
    return picture.resize((side * 4, side * 4), Image.Resampling.NEAREST)


def test_publishes_a_numbered_roll_with_digest_and_address(three: Place) -> None:
    roll = published(three.publish(name=NAME, places=2))
    token = roll["public_url"].removeprefix("http://127.0.0.1:8000/b/")
    assert len(token) == 22
    assert {key: value for key, value in roll.items() if key not in ("digest", "public_url")} == {
        "id": NAME,
        "number": "2026-001",
        "edition": 1,
        "title": "2026年光荣榜",
        "period": "2026",
        "subject": "household",
        "places": 2,
        "category": None,
        "group_no": None,
        "board": "民生实事光荣榜",
        "items": [
            {"place": 1, "name": "解*东", "group_no": 2, "points": 30},
            {"place": 2, "name": "单雄信", "group_no": 1, "points": 20},
        ],
        "contact": "监督电话 0393-5261234",
        "issued_by": "城关镇王庄村村民委员会",
        "issued_on": "2026-11-22",
        "notice_days": 7,
        "from_on": "2026-11-22",
        "until_on": "2026-11-29",
        "published_at": "2026-11-22T08:00:00.000000Z",
        "withdrawn_at": None,
    }


def test_the_digest_is_over_the_stored_document(three: Place) -> None:
    roll = published(three.publish())
    ((document,),) = three.read("SELECT document FROM publication")
    content = json.loads(document)
    assert digest(content) == roll["digest"]
    assert read_honor_roll(content).serial == 1


def test_the_roll_can_be_read_again_as_it_was_answered(three: Place) -> None:
    roll = published(three.publish(name=NAME))
    assert three.manager.get(f"{ROLLS}/{NAME}").get_json() == roll
    assert three.api.as_("viewer").get(f"{ROLLS}/{NAME}").get_json() == roll


def test_numbers_count_up_within_the_year(three: Place, now: time_machine.Traveller) -> None:
    assert [published(three.publish())["number"] for _ in range(2)] == ["2026-001", "2026-002"]
    now.move_to("2027-01-01T00:00:00+08:00")
    assert published(three.publish())["number"] == "2027-001"


def test_a_refused_roll_uses_up_no_number(three: Place) -> None:
    three.publish(title="找我 13812345678")
    three.publish(title="光荣榜", places=0)
    assert published(three.publish())["number"] == "2026-001"


def test_the_same_put_again_gives_the_same_roll(three: Place) -> None:
    first = three.publish(name=NAME)
    three.honour("0003", 100)
    again = three.publish(name=NAME)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert again.data == first.data
    assert three.read("SELECT count(*) FROM publication") == [(1,)]


def test_another_roll_under_the_same_name_is_refused(three: Place) -> None:
    published(three.publish(name=NAME))
    assert refusal(three.publish(name=NAME, places=3))[:2] == (422, "name_reused")


def test_later_merits_renames_and_reversals_leave_the_roll_as_it_was(three: Place) -> None:
    roll = published(three.publish(name=NAME))
    sheet = three.manager.get(f"{ROLLS}/{NAME}.html").data
    page = three.public(roll["public_url"]).data
    three.honour("0003", 100)
    three.honour("0002", -30)
    three.household("0001", "单道", group_no=5, name_consent=False)
    set_names(three, "masked")
    assert three.manager.get(f"{ROLLS}/{NAME}").get_json() == roll
    assert three.manager.get(f"{ROLLS}/{NAME}.html").data == sheet
    assert three.public(roll["public_url"]).data == page


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("consent", ["解*东", "单雄信", "仇*"]),
        ("full", ["解晓东", "单雄信", "仇*"]),
        ("masked", ["解*东", "单*信", "仇*"]),
    ],
)
def test_names_follow_the_policy_of_the_village_and_the_will_of_the_person(
    three: Place, policy: str, expected: list[str]
) -> None:
    set_names(three, policy)
    assert names(published(three.publish())) == expected


def test_children_are_never_named_as_members_or_as_heads(place: Place) -> None:
    child = {"name": "单小信", "birth_year": 2013, "name_consent": True}
    grown = {"name": "单雄信", "birth_year": 2011, "name_consent": True}
    first, second = place.household("0012", "单雄信", name_consent=True, members=[child, grown])
    place.household("0013", "解小东", name_consent=True, members=[child | {"name": "解小东"}])
    place.honour("0012", 5, member_id=first)
    place.honour("0012", 4, member_id=second)
    place.honour("0013", 3)
    set_names(place, "full")
    assert names(published(place.publish(subject="member"))) == ["某户(0012)", "单雄信"]
    assert names(published(place.publish())) == ["单雄信", "某户(0013)"]


def test_a_head_that_was_asked_as_head_is_named_as_member(place: Place) -> None:
    head, wife = place.household("0001", "单雄信", name_consent=True, members=[{"name": "单雄信"}, {"name": "解晓东"}])
    place.honour("0001", 5, member_id=head)
    place.honour("0001", 4, member_id=wife)
    assert names(published(place.publish(subject="member"))) == ["单雄信", "解*东"]


def test_ties_at_the_last_place_are_all_listed(three: Place) -> None:
    three.honour("0003", 10)
    roll = published(three.publish(places=2))
    assert [(item["place"], item["points"]) for item in roll["items"]] == [(1, 30), (2, 20), (2, 20)]


def test_a_roll_of_one_group_and_category_lists_only_these(three: Place) -> None:
    three.honour("0002", 4, category="志愿服务")
    three.honour("0001", 9, category="志愿服务")
    roll = published(three.publish(group_no=2, category="志愿服务"))
    assert roll["items"] == [{"place": 1, "name": "解*东", "group_no": 2, "points": 4}]


def test_a_roll_may_be_empty(place: Place) -> None:
    assert published(place.publish(period="2026-10"))["items"] == []


def test_an_ideograph_newer_than_this_python_stands_on_the_roll(place: Place) -> None:
    place.household("0001", "王\U00031350", name_consent=True)
    place.honour("0001", 5)
    assert names(published(place.publish())) == ["王\U00031350"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "光荣榜 13812345678"),
        ("board", "410926199001011234"),
        ("board", "广场 0393-5261234"),
        ("contact", "卡号 6222021234567890123"),
        ("category", "一三八1234五六七八"),
    ],
)
def test_refuses_private_numbers_naming_the_field_and_remembers_it(three: Place, field: str, text: str) -> None:
    changes: dict[str, Any] = {field: text}
    assert refusal(three.publish(name=NAME, **changes)) == (422, "private_data", [field])
    again = three.publish(name=NAME, **changes)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert refusal(again) == (422, "private_data", [field])
    assert text not in again.text
    assert three.read("SELECT count(*) FROM publication") == [(0,)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "光" * 41),
        ("title", "光\t荣"),
        ("period", "2026-13"),
        ("period", None),
        ("subject", "village"),
        ("places", 0),
        ("places", 301),
        ("places", "10"),
        ("group_no", 0),
        ("board", "榜" * 41),
        ("notice_days", -1),
        ("notice_days", 366),
        ("contact", "　"),
        ("items", []),
    ],
)
def test_refuses_a_body_of_the_wrong_shape(place: Place, field: str, value: Any) -> None:
    assert refusal(place.publish(**{field: value})) == (422, "validation", [field])


def test_the_longest_words_fit(three: Place) -> None:
    published(three.publish(title="光" * 40, board="榜" * 40, contact="村" * 60, category="类" * 20, notice_days=365))


def test_refuses_more_ties_than_a_sheet_can_hold(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pointshop.honors.service.MAX_ITEMS", 2)
    for number in ("1", "2", "3"):
        place.household(number, "王大")
        place.honour(number, 5)
    assert refusal(place.publish(places=1)) == (422, "validation", ["places"])


@pytest.mark.parametrize("role", ["admin", "reviewer", "worker", "clerk", "supervisor", "viewer"])
def test_only_a_manager_publishes(three: Place, role: str) -> None:
    assert three.publish(caller=three.api.as_(role)).status_code == 403


def test_another_village_sees_nothing_of_it(three: Place) -> None:
    published(three.publish(name=NAME))
    stranger = three.api.as_("manager", of=OTHER)
    for path in (ROLLS, f"{ROLLS}/{NAME}", f"{ROLLS}/{NAME}.html", f"{ROLLS}/{NAME}.pdf"):
        assert stranger.into(three.manager.village).get(path).status_code == 404
        assert path == ROLLS or stranger.get(path).status_code == 404
    assert stranger.get(ROLLS).get_json() == {"items": [], "next": None}
    assert three.publish(caller=stranger.into(three.manager.village)).status_code == 404


def test_lists_the_newest_first_in_pages(three: Place, now: time_machine.Traveller) -> None:
    for _ in range(2):
        published(three.publish())
    now.move_to("2027-01-05T00:00:00+08:00")
    published(three.publish())
    first = three.manager.get(f"{ROLLS}?limit=2").get_json()
    second = three.manager.get(f"{ROLLS}?limit=2&after={first['next']}").get_json()
    assert [roll["number"] for roll in first["items"] + second["items"]] == ["2027-001", "2026-002", "2026-001"]
    assert second["next"] is None
    assert "items" not in first["items"][0]


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_the_code_on_the_printed_sheet_opens_the_public_page(three: Place, paper: str) -> None:
    roll = published(three.publish(name=NAME))
    sheet = three.manager.get(f"{ROLLS}/{NAME}.html?paper={paper}")
    assert (sheet.status_code, sheet.mimetype) == (200, "text/html")
    (found,) = zxingcpp.read_barcodes(picture_of_code(sheet.text))
    assert found.text == roll["public_url"]
    assert three.public(found.text).status_code == 200


def test_other_paper_is_refused(three: Place) -> None:
    published(three.publish(name=NAME))
    assert refusal(three.manager.get(f"{ROLLS}/{NAME}.html?paper=A5")) == (422, "validation", ["paper"])


@pytest.mark.parametrize(("paper", "size"), [("A3", (297, 420)), ("A4", (210, 297)), ("poster", (570, 840))])
def test_a_roll_is_printed_on_the_paper_asked_for(three: Place, paper: str, size: tuple[int, int]) -> None:
    found = published(three.publish(name=NAME))
    answer = three.manager.get(f"{ROLLS}/{NAME}.pdf?paper={paper}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    sheet = Printed(answer.data)
    assert sheet.sizes == [size]
    assert all(item["name"] in sheet.text for item in found["items"])
    assert sheet.codes(dpi=60 if paper == "poster" else 120) == [found["public_url"]]


def test_a_roll_that_is_not_there_is_not_printed(three: Place) -> None:
    assert three.manager.get(f"{ROLLS}/{new_name()}.pdf").status_code == 404


def test_a_roll_printed_after_all_has_changed_is_the_same_to_the_byte(
    three: Place, now: time_machine.Traveller
) -> None:
    published(three.publish(name=NAME))
    first = three.manager.get(f"{ROLLS}/{NAME}.pdf").data
    three.honour("0001", 500)
    three.household("0001", "改了名")
    now.move_to(datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert three.manager.get(f"{ROLLS}/{NAME}.pdf").data == first


def test_a_name_that_the_fonts_lack_is_named(three: Place) -> None:
    three.household("0001", "张𱍐", name_consent=True)
    published(three.publish(name=NAME))
    answer = three.manager.get(f"{ROLLS}/{NAME}.pdf")
    assert refusal(answer)[:2] == (406, "not_acceptable")
    assert "𱍐" in answer.text


def test_a_withdrawn_roll_is_not_printed_again(three: Place) -> None:
    published(three.publish(name=NAME))
    three.manager.put(f"/publications/{NAME}/withdrawal", {"reason": "本人要求撤下"})
    assert three.manager.get(f"{ROLLS}/{NAME}.html").status_code == 410
    assert three.manager.get(f"{ROLLS}/{NAME}.pdf").status_code == 410
    assert three.manager.get(f"{ROLLS}/{NAME}").get_json()["withdrawn_at"] == "2026-11-22T08:00:00.000000Z"


def test_a_roll_of_a_month_counts_only_that_month(three: Place) -> None:
    three.honour("0003", 50, on=date(2026, 10, 31))
    assert published(three.publish(period="2026-11"))["items"][0]["points"] == 30
    assert published(three.publish(period="2026-10"))["items"][0]["points"] == 50
