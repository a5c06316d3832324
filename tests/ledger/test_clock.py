"""Clocks that go wrong (threats.md F15, F16): what is sealed stays sealed, and a fast phone loses no entry."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pointshop.app import SEALED
from pointshop.core import clock
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.ledger.models import Entry
from pointshop.ledger.seal import seal_village
from tests.api import Api
from tests.books import violations
from tests.merits.deeds import day, deed, log, reverse
from tests.together import outcome
from tests.world import World

_STEP = timedelta(hours=1)


def test_rows_booked_after_a_seal_bear_later_instants_though_the_clock_was_set_back(api: Api, world: World) -> None:
    world.household()
    world.rule()
    log(api.as_("worker"))
    with clock.at(clock.now() + timedelta(minutes=2)):
        sealed = world.do(lambda work: seal_village(work, world.village_id, SEALED))
    assert sealed is not None
    with clock.at(sealed.until_at - _STEP):
        names = [new_name(), new_name()]
        for name in names:
            assert log(api.as_("worker"), name=name, note=name).status_code == 201
        reverse(api.as_("manager"), names[0])
        # nothing new is sealed before the clock has caught up
        assert world.do(lambda work: seal_village(work, world.village_id, SEALED)) is None
    first = select(func.min(Entry.recorded_at)).where(Entry.seq > 1)
    assert world.see(lambda work: work.read(first).scalar_one()) > sealed.until_at
    with clock.at(sealed.until_at + _STEP):
        again = world.do(lambda work: seal_village(work, world.village_id, SEALED))
    assert again is not None and again.entry_count == 3
    assert world.see(violations) == {}


@pytest.mark.breaks_the_books
def test_a_row_that_bears_the_instant_of_a_clock_that_was_set_back_breaks_the_seal(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anomaly is real: what is booked honestly looks slipped in."""
    world.household()
    world.rule()
    log(api.as_("worker"))
    with clock.at(clock.now() + timedelta(minutes=2)):
        sealed = world.do(lambda work: seal_village(work, world.village_id, SEALED))
    assert sealed is not None
    monkeypatch.setattr(Work, "come_after", lambda work, instant: None)
    with clock.at(sealed.until_at - _STEP):
        assert log(api.as_("worker"), note="钟慢了").status_code == 201
    assert "seals" in world.see(violations)


def test_the_day_stays_the_clocks(api: Api, world: World) -> None:
    """A seal made while the clock was a year ahead must not open next year for deeds."""
    world.household()
    world.rule()
    log(api.as_("worker"))
    with clock.at(clock.now() + timedelta(days=300)):
        assert world.do(lambda work: seal_village(work, world.village_id, SEALED))
    assert outcome(log(api.as_("worker"), occurred_on=day(1), note="x")) == (422, "in_future")
    assert log(api.as_("worker"), note="y").status_code == 201


def test_an_entry_from_a_fast_phone_is_taken_when_its_day_has_come(api: Api, world: World) -> None:
    world.household()
    world.rule()
    name = new_name()
    entry = {"put": f"merits/{name}", "body": deed(occurred_on=day(1))}
    batch = {"device_now": (clock.now() + timedelta(days=1)).isoformat(), "operations": [entry]}
    early = api.as_("worker").post("/sync", batch).get_json()
    assert early["results"][0]["body"]["code"] == "in_future"
    assert early["clock_skew_seconds"] >= 86_000
    with clock.at(clock.now() + timedelta(days=1)):
        late = api.as_("worker").post("/sync", batch).get_json()["results"][0]
        again = api.as_("worker").post("/sync", batch).get_json()["results"][0]
    assert (late["status"], again["status"]) == (201, 200)


def test_a_wrong_day_may_be_put_right_under_the_same_name(api: Api, world: World) -> None:
    world.household()
    world.rule()
    name = new_name()
    assert outcome(log(api.as_("worker"), name=name, occurred_on=day(1))) == (422, "in_future")
    assert log(api.as_("worker"), name=name).status_code == 201
