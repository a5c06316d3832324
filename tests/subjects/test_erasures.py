"""D16, D17: a household that asks to be forgotten is, everywhere but in the books; and sees what is held."""

import io
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from pointshop.config import Config
from pointshop.core.ids import new_name
from pointshop.subjects.erasing import reapply
from pointshop.subjects.journal import Journal
from tests.api import Api, Caller
from tests.books import violations
from tests.faults.killed import killed_at_point
from tests.faults.stored import stored
from tests.merits.deeds import day, logged
from tests.shop.counter import Counter
from tests.together import outcome
from tests.treasury.money import booked
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")

#: Words that stand nowhere else.
HEAD, CHILD, PHONE, ADDRESS, NOTE = "司马相如", "司马小明", "13912345678", "西山脚下柿子树旁", "替邻居收麦子"


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (9, 99, 199)).save(out, "JPEG")
    return out.getvalue()


def roll(caller: Caller) -> dict[str, Any]:
    wanted = {"title": "光荣榜", "period": day()[:4], "subject": "household", "places": 10, "board": "榜"}
    answer = caller.put(f"/honor-rolls/{new_name()}", wanted | {"notice_days": 7, "contact": "村部"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.fixture
def manager(api: Api, shop: Counter, world: World) -> Caller:
    """Household 0500, about which something is held everywhere; its 20 points are spent."""
    manager, worker = api.as_("manager"), api.as_("worker")
    household = {"head": HEAD, "group_no": 1, "phone": PHONE, "address": ADDRESS, "name_consent": True}
    members = [{"name": HEAD, "birth_year": 1950}, {"name": CHILD, "birth_year": 2001}]
    assert manager.put("/households/0500", household | {"members": members}).status_code == 201
    world.rule()
    name = logged(worker, "0500", quantity=4, note=NOTE)
    picture = worker.put(f"/merits/{name}/photos/{new_name()}", data=photo(), content_type="image/jpeg")
    assert picture.status_code == 201
    shop.stock("P001", points=20)
    card = manager.put(f"/households/0500/cards/{new_name()}", {}).get_json()["code"]
    order = {"card": card, "lines": [{"product": "P001", "quantity": 1}], "expected_points": 20}
    assert shop.redeem(order).status_code == 201
    veto = {"household": "0500", "reason": NOTE, "evidence": HEAD, "decided_by": "两委会", "effects": ["no_award"]}
    assert manager.put(f"/vetoes/{new_name()}", veto | {"from_on": day(), "until_on": day(9)}).status_code == 201
    reminder = {"household": "0500", "item": ADDRESS, "due_on": day(3)}
    assert worker.put(f"/reminders/{new_name()}", reminder).status_code == 201
    return manager


def erase(caller: Caller, *, name: str | None = None, **more: Any) -> TestResponse:
    body = {"household": "0500", "basis": "request"} | more
    return caller.put(f"/erasures/{name or new_name()}", body)


def found_in(api: Api, *words: str) -> list[str]:
    contents = api.ground.contents()
    return [word for word in words if word.encode() in contents]


def pictures(config: Config) -> int:
    return len(list((config.data_dir / "photos").glob("??/*.jpg")))


def test_nothing_of_them_is_left_but_the_books_are_as_they_were(api: Api, manager: Caller, world: World) -> None:
    config = api.ground.config()
    kept = pictures(config)
    assert found_in(api, HEAD, CHILD, PHONE, ADDRESS, NOTE) == [HEAD, CHILD, PHONE, ADDRESS, NOTE]
    before = stored(api.ground.app)
    answer = erase(manager)
    assert answer.status_code == 201, answer.text
    after = stored(api.ground.app)
    for table in ("entry", "tally", "seal", "stock_move", "redemption_line"):
        assert after[table] == before[table], table
    assert found_in(api, HEAD, CHILD, PHONE, ADDRESS, NOTE) == []
    assert pictures(config) == kept - 1
    assert world.see(violations) == {}
    household = manager.get("/households/0500").get_json()
    assert (household["head"], household["status"], household["members"]) == ("已删除", "moved", [])
    assert manager.get("/households", query={"q": "simaxiangru"}).get_json()["items"] == []
    assert manager.get("/vetoes").get_json()["items"] == manager.get("/reminders").get_json()["items"] == []


def test_what_they_wished_for_is_gone(api: Api, manager: Caller) -> None:
    wish = {"household": "0500", "item": "司马家的轮椅"}
    assert api.as_("clerk").put(f"/wishes/{new_name()}", wish).status_code == 201
    assert erase(manager).status_code == 201
    assert manager.get("/wishes").get_json()["items"] == []
    assert found_in(api, "司马家的轮椅") == []


def test_what_they_gave_stands_in_the_books_of_money_and_goods(api: Api, manager: Caller, world: World) -> None:
    """Vouchers are kept by law (docs/decisions/0016-village-life.md); nothing else is."""
    goods = {"product": "P001", "kind": "receive", "quantity": 3, "donor": HEAD}
    assert api.as_("clerk").put(f"/stock-moves/{new_name()}", goods).status_code == 201
    booked(manager, "donation", party=HEAD)
    assert erase(manager).status_code == 201
    moves = manager.get("/stock-moves", query={"product": "P001"}).get_json()["items"]
    (line,) = manager.get("/fund-entries").get_json()["items"]
    assert (moves[0]["donor"], line["party"]) == (HEAD, HEAD)
    assert found_in(api, CHILD, PHONE, ADDRESS, NOTE) == []
    assert world.see(violations) == {}


def test_public_page_that_names_them_is_taken_down(api: Api, manager: Caller) -> None:
    published = roll(manager)
    assert HEAD in [item["name"] for item in published["items"]]
    answer = erase(manager)
    assert answer.get_json()["withdrawn"] == [published["number"]]
    token = published["public_url"].rpartition("/")[2]
    assert api.stranger.app.test_client().get(f"/b/{token}").status_code == 410


def test_asked_twice_it_is_done_once(manager: Caller) -> None:
    name = new_name()
    first, again = erase(manager, name=name), erase(manager, name=name)
    assert (first.status_code, again.status_code, again.data) == (201, 200, first.data)


def test_killed_anywhere_and_asked_again_it_is_done(api: Api, manager: Caller, world: World) -> None:
    name = new_name()
    assert killed_at_point(api.ground.app, lambda: erase(manager, name=name), "before_commit")
    assert found_in(api, HEAD) == [HEAD]
    assert killed_at_point(api.ground.app, lambda: erase(manager, name=name), "after_commit")
    assert erase(manager, name=name).headers["Idempotency-Replayed"] == "true"
    assert world.see(violations) == {}


def test_answer_that_named_them_is_gone_but_its_name_stays_taken(api: Api, shop: Counter, manager: Caller) -> None:
    shop.stock("P002", points=1)
    logged(api.as_("worker"), "0500", note="又一次")
    slip = shop.slip(("P002", 5), household="0500", occurred_on=day(), points=5)
    name = new_name()
    assert shop.redeem(slip, name=name, by="manager").status_code == 201
    assert erase(manager).status_code == 201
    again = shop.redeem(slip, name=name, by="manager")
    assert outcome(again) == (410, "gone")


def test_points_are_spent_before_the_household_goes(api: Api, manager: Caller, world: World) -> None:
    logged(api.as_("worker"), "0500", note="还有")
    assert erase(manager).get_json()["errors"].keys() == {"household"}
    world.settings(notice_days=7)
    waiting = logged(api.as_("worker"), "0001", note="公示中")
    assert waiting
    assert erase(manager, household="0001").get_json()["errors"].keys() == {"household"}
    assert erase(manager, household="9999").get_json()["errors"].keys() == {"household"}


def test_one_member_is_forgotten_and_the_household_goes_on(api: Api, manager: Caller, world: World) -> None:
    child = manager.get("/households/0500").get_json()["members"][1]["id"]
    logged(api.as_("worker"), "0500", member_id=child, note="小明的事")
    assert erase(manager, member_id=child).status_code == 201
    assert found_in(api, CHILD, "小明的事") == []
    household = manager.get("/households/0500").get_json()
    assert (household["head"], len(household["members"]), household["balance"]) == (HEAD, 1, 5)
    head = household["members"][0]["id"]
    assert erase(manager, member_id=head).get_json()["errors"].keys() == {"member_id"}
    assert erase(manager, member_id=999_999).get_json()["errors"].keys() == {"member_id"}
    assert world.see(violations) == {}


def test_who_belonged_to_a_household_once_is_forgotten(api: Api, manager: Caller, world: World) -> None:
    child = manager.get("/households/0500").get_json()["members"][1]["id"]
    present = {"head": HEAD, "group_no": 1, "members": [{"name": HEAD, "birth_year": 1950}]}
    assert manager.put("/households/0500", present).status_code == 200
    assert found_in(api, CHILD) == [CHILD]
    assert erase(manager, member_id=child).status_code == 201
    assert found_in(api, HEAD, CHILD) == [HEAD]
    assert world.see(violations) == {}


def test_who_came_by_a_merge_is_forgotten_with_the_household(api: Api, manager: Caller, world: World) -> None:
    world.household("0501", head="赵六")
    merged = manager.put(f"/household-merges/{new_name()}", {"household": "0500", "into": "0501"})
    assert merged.status_code == 201
    assert erase(manager, household="0501").status_code == 201
    assert found_in(api, HEAD, CHILD, PHONE, ADDRESS, NOTE) == []
    assert world.see(violations) == {}


def test_objections_forget_who_made_them_and_whom_they_name(api: Api, manager: Caller, world: World) -> None:
    world.settings(notice_days=7)
    world.household("0600", head="刘二")
    logged(api.as_("worker"), "0600", note="扫街")
    sheet = manager.put(f"/publications/{new_name()}", {"kind": "merit_notice", "contact": "电话", "office": "村委会"})
    assert sheet.status_code == 201, sheet.text
    path = f"/publications/{sheet.get_json()['id']}/objections"
    own = {"line": 1, "words": f"我是{HEAD}，他没去", "name": HEAD, "contact": PHONE}
    other = {"line": 1, "words": "没有扫完", "name": "孙小红", "contact": "村东头"}
    for said in (own, other):
        assert manager.put(f"{path}/{new_name()}", said).status_code == 201
    assert erase(manager).status_code == 201
    assert found_in(api, HEAD, PHONE, "他没去", "没有扫完", "孙小红") == ["没有扫完", "孙小红"]
    assert world.see(violations) == {}


def test_objection_to_a_line_of_theirs_says_nothing_any_more(api: Api, manager: Caller, world: World) -> None:
    world.settings(notice_days=7)
    logged(api.as_("worker"), "0500", note="扫街")
    sheet = manager.put(f"/publications/{new_name()}", {"kind": "merit_notice", "contact": "电话", "office": "村委会"})
    name = new_name()
    said = {"line": 1, "words": "他家根本没有扫", "name": "孙小红", "contact": "村东头"}
    path = f"/publications/{sheet.get_json()['id']}/objections/{name}"
    assert manager.put(path, said).status_code == 201
    decision = {"decision": "uphold", "reason": "邻居都没有看见"}
    decided = api.as_("supervisor").put(f"/objections/{name}/decision", decision)
    assert decided.status_code == 201, decided.text
    assert erase(manager).status_code == 201
    assert found_in(api, "他家根本没有扫", "邻居都没有看见", "孙小红") == ["孙小红"]
    assert world.see(violations) == {}


def test_restored_backup_is_made_to_forget_again(api: Api, manager: Caller, world: World) -> None:
    erase(manager)
    api.ground.tamper(f"UPDATE household SET head = '{HEAD}', phone = '{PHONE}' WHERE number = '0500'")
    api.ground.tamper(f"UPDATE member SET name = '{CHILD}' WHERE name = '已删除'")
    api.ground.tamper("DELETE FROM erasure")
    journal = Journal(api.ground.config().data_dir)
    with api.ground.app.app_context():
        assert reapply(journal) == 1
        assert reapply(journal) == 0
    assert found_in(api, HEAD, CHILD, PHONE) == []
    assert world.see(violations) == {}


def test_restored_public_page_that_names_them_is_taken_down_again(api: Api, manager: Caller) -> None:
    token = roll(manager)["public_url"].rpartition("/")[2]
    erase(manager)
    api.ground.tamper(f"UPDATE household SET head = '{HEAD}' WHERE number = '0500'")
    api.ground.tamper("DELETE FROM erasure")
    api.ground.tamper("DELETE FROM withdrawal")
    page = api.stranger.app.test_client()
    assert page.get(f"/b/{token}").status_code == 200
    with api.ground.app.app_context():
        assert reapply(Journal(api.ground.config().data_dir)) == 1
    assert page.get(f"/b/{token}").status_code == 410


def test_file_that_was_lost_is_written_anew(api: Api, manager: Caller) -> None:
    erase(manager)
    data_dir = api.ground.config().data_dir
    (data_dir / "erasures.jsonl").unlink()
    with api.ground.app.app_context():
        assert reapply(Journal(data_dir)) == 0
    (entry,) = Journal(data_dir).read()
    assert (entry.member_id, entry.basis) == (0, "request")


def test_household_sees_all_that_is_held_of_it_and_nothing_of_others(manager: Caller) -> None:
    found = manager.get("/households/0500/dossier").get_json()
    assert (found["household"]["head"], found["household"]["phone"], found["balance"]) == (HEAD, PHONE, 0)
    assert [member["name"] for member in found["household"]["members"]] == [HEAD, CHILD]
    assert (found["merits"][0]["note"], len(found["merits"][0]["photos"])) == (NOTE, 1)
    assert [line["points"] for line in found["passbook"]] == [20, -20]
    assert found["redemptions"][0]["lines"][0]["quantity"] == 1
    assert (found["vetoes"][0]["reason"], found["reminders"][0]["item"]) == (NOTE, ADDRESS)
    page = manager.get("/households/0500/dossier.html").get_data(as_text=True)
    for word in (HEAD, CHILD, PHONE, ADDRESS, NOTE, "不得张贴"):
        assert word in page
    other = manager.get("/households/0001/dossier").get_data(as_text=True)
    assert HEAD not in other and "code" not in other


@pytest.mark.breaks_the_books
def test_verify_finds_what_was_not_forgotten(api: Api, manager: Caller, world: World) -> None:
    erase(manager)
    api.ground.tamper(f"UPDATE household SET phone = '{PHONE}' WHERE number = '0500'")
    api.ground.tamper(f"UPDATE member SET name = '{CHILD}' WHERE name = '已删除'")
    assert {"erased_household_is_nobody", "erased_member_is_nobody"} <= world.see(violations).keys()
