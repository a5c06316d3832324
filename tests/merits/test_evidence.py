"""Photos of deeds over HTTP: who may add them, how many, and what is left on the disk."""

import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from pointshop.config import Config
from pointshop.core.ids import new_name
from tests.api import Api, Caller
from tests.merits.deeds import logged
from tests.world import World


@pytest.fixture
def worker(api: Api, world: World) -> Caller:
    world.household()
    world.rule()
    return api.as_("worker")


def add(caller: Caller, merit: str, *, colour: int = 0, name: str | None = None) -> TestResponse:
    """A small grey picture; each colour is another file."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (colour, colour, colour)).save(out, "PNG")
    path = f"/merits/{merit}/photos/{name or new_name()}"
    return caller.put(path, data=out.getvalue(), content_type="image/png")


def kept(app: Flask) -> int:
    """Files in the store."""
    config: Config = app.extensions["pointshop.config"]
    return sum(1 for path in Path(config.data_dir, "photos").rglob("*") if path.is_file())


def test_photo_refused_for_want_of_room_leaves_nothing_on_the_disk(app: Flask, worker: Caller) -> None:
    merit, before = logged(worker), kept(app)
    answers = [add(worker, merit, colour=20 * number).status_code for number in range(8)]
    assert answers == [201] * 4 + [422] * 4
    assert kept(app) - before == 4


def test_another_picture_under_a_used_name_leaves_nothing_on_the_disk(app: Flask, worker: Caller) -> None:
    merit, name = logged(worker), new_name()
    assert add(worker, merit, colour=7, name=name).status_code == 201
    before = kept(app)
    again = add(worker, merit, colour=9, name=name)
    assert (again.status_code, again.get_json()["code"]) == (422, "name_reused")
    assert kept(app) == before


def test_photo_sent_twice_is_one_photo_even_when_there_is_no_more_room(worker: Caller) -> None:
    merit, name = logged(worker), new_name()
    assert add(worker, merit, name=name).status_code == 201
    for number in range(3):
        assert add(worker, merit, colour=50 + number).status_code == 201
    again = add(worker, merit, name=name)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
