"""F15, F16, F31: clocks of phones and of the server that are wrong, and where the village's days and months begin."""

from datetime import UTC, datetime, timedelta

import pytest

from pointshop.accounts.service import SESSION_LIFE
from pointshop.core import clock
from tests.api import Api, Caller
from tests.faults.deeds import put
from tests.ground import HOME, PASSWORD
from tests.together import outcome
from tests.world import World

#: Midnight in the village between 31 January and 1 February.
MIDNIGHT = datetime(2026, 1, 31, 16, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def _log(api: Api, day: str, note: str) -> object:
    return outcome(put("worker", "/merits/{id}", rule="A1", household="0001", occurred_on=day, note=note).send(api))


@pytest.fixture
def capped(world: World) -> World:
    """One deed a month counts."""
    with clock.at(MIDNIGHT - timedelta(days=90)):
        world.household()
        world.rule(cap=1, cap_period="month")
    return world


def test_the_day_and_the_month_turn_at_midnight_of_the_village(api: Api, capped: World) -> None:
    with clock.at(MIDNIGHT - _TICK):
        assert _log(api, "2026-01-31", "除夕前") == 201
        assert _log(api, "2026-02-01", "明天") == (422, "in_future")
        assert _log(api, "2026-01-30", "同月") == (422, "cap_exceeded")
    with clock.at(MIDNIGHT):
        assert _log(api, "2026-02-01", "新月") == 201
        assert _log(api, "2026-02-02", "明天") == (422, "in_future")
        assert _log(api, "2026-01-31", "上月") == (422, "cap_exceeded")


def test_where_days_began_at_midnight_of_greenwich_the_village_would_be_a_third_of_a_day_behind(
    api: Api, capped: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anomaly is real: what was done this morning would lie in the future."""
    monkeypatch.setattr(clock, "VILLAGE_TIME", UTC)
    with clock.at(MIDNIGHT + timedelta(hours=7)):
        assert _log(api, "2026-02-01", "早上") == (422, "in_future")


@pytest.mark.parametrize(("instant", "status"), [(MIDNIGHT - _TICK, 201), (MIDNIGHT, (422, "too_old"))])
def test_the_window_for_late_entries_closes_at_midnight_of_the_village(
    api: Api, capped: World, instant: datetime, status: object
) -> None:
    with clock.at(instant):
        assert _log(api, "2025-12-31", "迟到") == status


@pytest.mark.parametrize("skew", [timedelta(days=-3650), timedelta(days=-1), timedelta(days=1), timedelta(days=3650)])
def test_a_phone_with_a_wrong_clock_cannot_move_what_the_server_records(
    api: Api, capped: World, skew: timedelta
) -> None:
    with clock.at(MIDNIGHT):
        deed = put("worker", "/merits/{id}", rule="A1", household="0001", occurred_on="2026-02-01", note="离线")
        batch = {
            "device_now": (MIDNIGHT + skew).isoformat(),
            "operations": [{"put": deed.path.removeprefix("/"), "body": deed.body}],
        }
        told = api.as_("worker").post("/sync", batch).get_json()
        assert told["clock_skew_seconds"] == skew.total_seconds()
        assert told["results"][0]["body"]["logged_at"] == clock.as_text(MIDNIGHT)


def test_where_the_phones_clock_counted_what_came_first_would_stand_years_later(api: Api, capped: World) -> None:
    """The anomaly is real."""
    for skew, day in ((3650, "2036-01-30"), (0, "2026-02-01")):
        with clock.at(MIDNIGHT + timedelta(days=skew)):
            assert _log(api, day, f"{skew}") == 201
    lines = api.as_("manager").get("/households/0001/passbook").get_json()["items"]
    assert [line["recorded_at"][:4] for line in lines] == ["2026", "2036"]


def test_a_session_ends_when_it_should_though_the_clock_was_put_back(api: Api, world: World) -> None:
    login = {"username": "clerk", "password": PASSWORD}
    with clock.at(MIDNIGHT):
        signed_in = api.stranger.post("/api/v1/sessions", login).get_json()
    me = Caller(api.ground.app, signed_in["token"], HOME)
    for later, expected in ((-timedelta(hours=1), 200), (SESSION_LIFE - _TICK, 200)):
        with clock.at(MIDNIGHT + later):
            assert outcome(me.get("/api/v1/me")) == expected
    with clock.at(MIDNIGHT + SESSION_LIFE):
        assert outcome(me.get("/api/v1/me")) == (401, "unauthenticated")
