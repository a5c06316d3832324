"""A reminder from the doorstep to the photo that clears it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from pointshop.core import clock
from pointshop.core.clock import now
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.merits.deeds import day
from tests.staff import hire
from tests.together import outcome
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def worker(api: Api, world: World) -> Caller:
    world.household("0001", group_no=1)
    return api.as_("worker")


def give(caller: Caller, **more: Any) -> TestResponse:
    body = {"household": "0001", "item": "柴草堆放占道", "due_on": day(3)} | more
    return caller.put(f"/reminders/{new_name()}", body)


def given(caller: Caller, **more: Any) -> str:
    answer = give(caller, **more)
    assert answer.status_code == 201, answer.text
    found: str = answer.get_json()["id"]
    return found


def picture(shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


def clear(caller: Caller, reminder: str, photo: str, data: bytes | None = None, **more: Any) -> TestResponse:
    options = {"data": picture() if data is None else data, "content_type": "image/jpeg"} | more
    return caller.put(f"/reminders/{reminder}/photos/{photo}", **options)


def states(caller: Caller, **query: str) -> list[str]:
    return [line["state"] for line in caller.get("/reminders", query=query).get_json()["items"]]


def test_photo_clears_it_once(worker: Caller, api: Api) -> None:
    reminder, photo = given(worker), new_name()
    assert states(worker) == ["open"]
    answer = clear(worker, reminder, photo)
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["photo"]) == (201, "cleared", photo)
    assert clear(worker, reminder, photo).headers["Idempotency-Replayed"] == "true"
    assert outcome(clear(worker, reminder, new_name())) == (422, "name_reused")
    shown = api.as_("supervisor").get(f"/reminders/{reminder}/photos/{photo}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert api.as_("supervisor").get(f"/reminders/{reminder}/photos/{new_name()}").status_code == 404


def test_due_day_that_passed_shows_by_itself(worker: Caller) -> None:
    given(worker)
    given(worker, due_on=day(9))
    with clock.at(now() + timedelta(days=4)):
        assert states(worker) == ["overdue", "open"]
        assert states(worker, state="overdue") == ["overdue"]
        assert states(worker, state="open") == ["open"]
        assert states(worker, state="cleared") == []


def test_it_costs_no_points(worker: Caller, world: World) -> None:
    given(worker)
    assert world.balance() == 0
    assert give(worker, points=-5).get_json()["errors"].keys() == {"points"}


def test_worker_reminds_within_the_own_grid(worker: Caller, api: Api) -> None:
    reminder = given(worker)
    elsewhere = hire(api, "elsewhere", "worker", grid=[{"group_no": 2}])
    assert outcome(give(elsewhere)) == (403, "forbidden")
    assert outcome(clear(elsewhere, reminder, new_name())) == (403, "forbidden")


@pytest.mark.parametrize(
    ("change", "field"), [({"household": "9"}, "household"), ({"due_on": day(-1)}, "due_on"), ({"item": ""}, "item")]
)
def test_it_says_who_what_and_until_when(worker: Caller, change: dict[str, Any], field: str) -> None:
    assert give(worker, **change).get_json()["errors"].keys() == {field}


def test_what_is_no_picture_clears_nothing(worker: Caller) -> None:
    reminder = given(worker)
    assert clear(worker, reminder, new_name(), b"x", content_type="text/plain").status_code == 415
    assert clear(worker, reminder, new_name(), b"x").status_code == 415
    assert clear(worker, new_name(), new_name()).status_code == 404
    assert states(worker) == ["open"]


def test_slip_says_what_and_until_when_and_names_nobody(worker: Caller, world: World) -> None:
    world.household("0007", head="欧阳娜娜")
    page = worker.get(f"/reminders/{given(worker, household='0007')}/notice.html").get_data(as_text=True)
    assert "柴草堆放占道" in page and "整改提醒" in page
    assert "欧阳" not in page and "0007" not in page
