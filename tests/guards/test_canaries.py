"""What belongs to one village never shows in another, nor before the public, nor in the counts (threats.md C03, C05).

Canaries are planted in a village and looked for, as raw bytes, in every answer that anybody else can get.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from pointshop.core.policy import PERMISSIONS, ROLES
from tests.api import Api, Caller
from tests.ground import HOME, OTHER
from tests.guards.routes import ROUTES, Route, sample_of
from tests.world import World

HEAD, MEMBER, PHONE, LANE, NOTE = "金丝雀", "黄莺儿", "13912345678", "画眉巷", "金丝雀家的事"
PRODUCT, CATEGORY, STAFF = "百灵牌肥皂", "喜鹊类", "鹧鸪店员"
READS = [route for route in ROUTES if route.spec.method == "GET" and not route.is_public]


class Planted(NamedTuple):
    """names: of the things in the village, to ask for elsewhere; words: what nobody else may see."""

    names: dict[str, list[str]]
    words: list[str]

    def found_in(self, data: bytes) -> list[str]:
        return [word for word in self.words if word.encode() in data]


@pytest.fixture
def planted(api: Api, world: World) -> Planted:
    """A whole household's life in the other village."""
    manager, clerk = api.as_("manager", of=OTHER), api.as_("clerk", of=OTHER)
    other = world.of(OTHER)
    member = [{"name": MEMBER, "birth_year": 1980, "party_member": False, "volunteer": False}]
    household = {"head": HEAD, "group_no": 1, "lane": LANE, "address": LANE, "phone": PHONE, "members": member}
    assert manager.put("/households/C001", household).status_code == 201
    other.rule("BIRD", category=CATEGORY, points=50)
    card = other.card("C001")
    merit, redemption, move, roll = (new_name() for _ in range(4))
    day = village_day(now()).isoformat()
    assert _done(manager, f"/merits/{merit}", rule="BIRD", household="C001", occurred_on=day, note=NOTE)
    assert _done(manager, "/products/BIRD", name=PRODUCT, unit="块", points=1)
    assert _done(clerk, f"/stock-moves/{move}", product="BIRD", kind="receive", quantity=9, donor=STAFF)
    lines = [{"product": "BIRD", "quantity": 1}]
    assert _done(clerk, f"/redemptions/{redemption}", card=card, lines=lines, expected_points=1)
    form = {"title": "光荣榜", "period": day[:4], "subject": "household", "places": 9, "board": "公开栏"}
    assert _done(manager, f"/honor-rolls/{roll}", **form, notice_days=7, contact="村委会")
    names = {"number": ["C001"], "id": [merit, redemption, move, roll], "code": [OTHER, "BIRD"]}
    return Planted(names, [HEAD, MEMBER, PHONE, LANE, NOTE, PRODUCT, CATEGORY, STAFF, card])


def _done(caller: Caller, path: str, **body: object) -> bool:
    return caller.put(path, body).status_code == 201


def _paths(route: Route, planted: Planted) -> Iterator[str]:
    """The rule in the home village, asked for each thing of the other one."""
    yield route.path()
    for part, names in planted.names.items():
        if f"{part}>" in route.rule:
            yield from (route.path(**{part: name}) for name in names)


def test_a_canary_sings_where_it_lives(api: Api, planted: Planted) -> None:
    """The twin: in its own village each of the words is to be had."""
    manager = api.as_("manager", of=OTHER)
    seen = b"".join(
        manager.get(path).data
        for path in ("/households/C001", "/merits", "/products", "/stock-moves", "/redemptions", "/rules")
    )
    card = api.as_("clerk", of=OTHER).post("/scans", {"code": planted.words[-1]})
    assert planted.found_in(seen + planted.words[-1].encode()) == planted.words
    assert card.get_json()["household"]["head"] == HEAD


@pytest.mark.parametrize("route", READS, ids=str)
def test_nobody_of_another_village_sees_it_whatever_they_ask(api: Api, planted: Planted, route: Route) -> None:
    for role in ROLES:
        for path in _paths(route, planted):
            assert planted.found_in(api.as_(role).get(path).data) == [], (role, path)
            if route.is_of_village:
                there = path.replace(HOME, OTHER)
                assert planted.found_in(api.as_(role).get(there).data) == [], (role, there)


def test_searching_and_scanning_for_it_tells_nothing(api: Api, planted: Planted) -> None:
    for word in planted.words:
        found = api.as_("manager").get("/households", query={"q": word})
        assert found.get_json()["items"] == []
        unknown = api.as_("clerk").post("/scans", {"code": word})
        assert (unknown.status_code, unknown.get_json()["code"]) == (422, "card_unknown")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.spec.body is not None], ids=str)
def test_writing_about_it_tells_nothing(api: Api, world: World, planted: Planted, route: Route) -> None:
    assert route.spec.body is not None
    body = sample_of(route.spec.body)
    body |= {name: "C001" for name in ("household", "number") if name in body}
    for path in _paths(route, planted):
        answer = api.as_("manager").call(route.spec.method, path, body, headers={"If-Match": '"1"'})
        assert planted.found_in(answer.data) == [], path


def test_the_public_and_the_counts_see_nothing_private(api: Api, planted: Planted) -> None:
    (roll,) = api.as_("manager", of=OTHER).get("/honor-rolls").get_json()["items"]
    token = roll["public_url"].rsplit("/", 1)[1]
    client = api.ground.app.test_client()
    for path in (f"/b/{token}", "/", "/healthz", "/readyz", "/metrics", "/docs", "/api/v1/openapi.json"):
        answer = client.get(path)
        assert answer.status_code in (200, 303, 302), path
        assert planted.found_in(answer.data) == [], path


@pytest.mark.parametrize("role", sorted(set(ROLES) - PERMISSIONS["people.phone"]))
def test_a_phone_shows_to_nobody_in_the_village_who_may_not_call(api: Api, planted: Planted, role: str) -> None:
    for route in READS:
        for part, names in planted.names.items():
            for name in names:
                path = route.path(village=OTHER, **{part: name})
                assert PHONE.encode() not in api.as_(role, of=OTHER).get(path).data, path
