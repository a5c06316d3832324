"""What has been kept long enough goes, what has not stays; the books stay whatever their age."""

from datetime import timedelta

import pytest

from pointshop.core import clock
from pointshop.core.clock import now
from pointshop.core.ids import new_name
from pointshop.merits.photo_store import PhotoStore
from pointshop.subjects.retention import RULES, let_go, let_go_of_sign_ins
from tests.api import Api
from tests.books import violations
from tests.closing.periods import close, decide, last_quarter
from tests.faults.stored import stored
from tests.merits.deeds import day, deed, logged
from tests.subjects.test_erasures import photo
from tests.together import outcome
from tests.world import World


def after(world: World, days: int) -> dict[str, int]:
    """What the night job lets go of `days` from now."""
    with clock.at(now() + timedelta(days=days)):
        return {name: rows for name, rows in world.do(lambda work: let_go(work, world.village_id)).items() if rows}


def test_every_rule_says_what_and_how_long() -> None:
    assert {rule.name for rule in RULES} == {"photos", "reminders", "vetoes", "answers", "scans", "profiles"}
    assert all(rule.says and rule.keep >= timedelta(days=90) for rule in RULES)


def test_answers_go_after_ninety_days_their_names_never(api: Api, world: World) -> None:
    world.household()
    world.rule()
    name, body = new_name(), deed()
    assert api.as_("worker").put(f"/merits/{name}", body).status_code == 201
    assert after(world, 89) == {}
    assert after(world, 91) == {"answers": 1}
    assert outcome(api.as_("worker").put(f"/merits/{name}", body)) == (410, "gone")
    assert outcome(api.as_("worker").put(f"/merits/{name}", body | {"note": "别的"})) == (422, "name_reused")
    assert world.balance() == 5


def test_photos_go_ninety_days_after_their_period_was_closed(api: Api, world: World) -> None:
    period, last = last_quarter()
    world.settings(backdate_days=200)
    world.household()
    world.rule()
    worker = api.as_("worker")
    old = logged(worker, occurred_on=last.isoformat())
    new = logged(worker)
    for name in (old, new):
        assert (
            worker.put(f"/merits/{name}/photos/{new_name()}", data=photo(), content_type="image/jpeg").status_code
            == 201
        )
    assert "photos" not in after(world, 400)
    decide(api, cycle="quarter")
    assert close(api.as_("manager"), period).status_code == 201
    assert "photos" not in after(world, 80)
    assert after(world, 91)["photos"] == 1
    assert len(worker.get(f"/merits/{new}").get_json()["photos"]) == 1


def test_reminders_vetoes_and_scans_go_in_their_time(api: Api, world: World) -> None:
    world.household()
    worker, manager = api.as_("worker"), api.as_("manager")
    reminder = new_name()
    worker.put(f"/reminders/{reminder}", {"household": "0001", "item": "柴草", "due_on": day(3)})
    worker.put(f"/reminders/{reminder}/photos/{new_name()}", data=photo(), content_type="image/jpeg")
    veto = {"household": "0001", "reason": "甲", "evidence": "乙", "decided_by": "丙", "effects": ["no_award"]}
    manager.put(f"/vetoes/{new_name()}", veto | {"from_on": day(), "until_on": day(5)})
    api.as_("clerk").post("/scans", {"code": world.card()})
    assert after(world, 91).keys() == {"answers", "reminders"}
    assert after(world, 364) == {}
    assert after(world, 373) == {"scans": 1, "vetoes": 1}


def test_profile_of_who_left_goes_after_a_year_and_the_books_stay(api: Api, world: World) -> None:
    world.household("0001", points=30, phone="13912345678")
    world.household("0002")
    merge = {"household": "0001", "into": "0002"}
    assert api.as_("manager").put(f"/household-merges/{new_name()}", merge).status_code == 201
    before = stored(api.ground.app)
    assert "profiles" not in after(world, 364)
    assert after(world, 367)["profiles"] == 1
    assert "profiles" not in after(world, 368)
    left = stored(api.ground.app)
    assert (left["entry"], left["account"]) == (before["entry"], before["account"])
    assert api.as_("manager").get("/households/0001").get_json()["head"] == "已删除"
    assert world.see(violations) == {}


def test_sessions_that_ended_go(api: Api, world: World) -> None:
    api.stranger.post("/api/v1/sessions", {"username": "worker", "password": "门前大桥下 1986"})
    with clock.at(now() + timedelta(days=29)):
        assert world.do(let_go_of_sign_ins) == 0
    with clock.at(now() + timedelta(days=31)):
        assert world.do(let_go_of_sign_ins) == 1


@pytest.mark.parametrize("hours", [23, 25])
def test_pictures_without_a_row_are_found_by_their_age(api: Api, hours: int) -> None:
    store = PhotoStore(api.ground.config().data_dir)
    digest = "ab" * 32
    store.keep(digest, b"x")
    found = list(store.list_older(now() + timedelta(hours=hours - 24)))
    assert (digest in found) == (hours > 24)
    store.remove(digest)
    store.remove(digest)
    assert store.read(digest) is None
