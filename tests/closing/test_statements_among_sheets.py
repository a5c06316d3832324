"""The statement of a closing is a sheet among the others: listed, and objected to from its page."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from pointshop.publishing.queries import get_publication
from tests.api import Api
from tests.closing.periods import close, decide
from tests.merits.deeds import logged
from tests.world import World

TITLE = "2026年积分结转公示"


@pytest.fixture
def statement(api: Api, world: World) -> Iterator[dict[str, str]]:
    with time_machine.travel(datetime(2026, 12, 20, 4, tzinfo=UTC), tick=False) as clock:
        world.rule()
        world.household()
        logged(api.as_("manager"))
        decide(api)
        clock.move_to(datetime(2027, 1, 5, 4, tzinfo=UTC))
        answer = close(api.as_("manager"))
        assert answer.status_code == 201, answer.text
        found: dict[str, str] = answer.get_json()
        yield found


def test_it_is_listed_and_its_form_opens(api: Api, statement: dict[str, str]) -> None:
    for role in ("manager", "viewer"):
        (item,) = api.as_(role).get("/publications").get_json()["items"]
        assert (item["kind"], item["title"].endswith(TITLE)) == ("closing", True)
    token = statement["public_url"].rpartition("/")[2]
    form = api.ground.app.test_client().get(f"/b/{token}/objection")
    assert (form.status_code, TITLE in form.text) == (200, True)


def test_one_from_before_they_bore_a_title_has_one(api: Api, world: World, statement: dict[str, str]) -> None:
    found = world.see(lambda work: get_publication(work, world.village_id, statement["id"]))
    content = found.content()
    del content["title"]
    assert found._replace(document=json.dumps(content)).title() == found.title()
