"""Photos of deeds over HTTP: who may add them, how many, and what is left on the disk."""

import io
import signal
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from pointshop.config import Config
from pointshop.core.ids import new_name
from pointshop.merits.photo_store import PhotoStore
from tests.api import Api, Caller
from tests.ground import HOME
from tests.merits.deeds import logged
from tests.together import outcome
from tests.world import World


@pytest.fixture
def worker(api: Api, world: World) -> Caller:
    world.household()
    world.rule()
    return api.as_("worker")


def add(caller: Caller, merit: str, *, colour: int = 0, name: str | None = None) -> TestResponse:
    """A small grey picture; each colour is another file."""
    return caller.put(f"/merits/{merit}/photos/{name or new_name()}", data=_picture(colour), content_type="image/png")


def _picture(colour: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (colour, colour, colour)).save(out, "PNG")
    return out.getvalue()


def _large_picture() -> bytes:
    """Of more than 100 kB however it is packed."""
    out = io.BytesIO()
    Image.effect_noise((800, 600), 90).save(out, "PNG")
    return out.getvalue()


def files(app: Flask) -> list[Path]:
    """Those in the store."""
    config: Config = app.extensions["pointshop.config"]
    return [path for path in Path(config.data_dir, "photos").rglob("*") if path.is_file()]


def kept(app: Flask) -> int:
    return len(files(app))


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


def test_a_photo_for_which_there_is_no_room_on_the_disk_is_503_and_then_it_fits(app: Flask, worker: Caller) -> None:
    """A full disk, as far as one process can have it for itself: no file may grow beyond 64 kB."""
    resource = import_module("resource")
    merit, limits = logged(worker), resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, limits[1]))
    try:
        full = app.test_client().put(
            f"/api/v1/villages/{HOME}/merits/{merit}/photos/{new_name()}",
            data=_large_picture(),
            content_type="image/png",
            headers={"Authorization": f"Bearer {worker.token}"},
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert outcome(full) == (503, "unavailable")
    assert files(app) == []
    assert add(worker, merit).status_code == 201


def test_a_store_that_takes_its_files_for_granted_fails_when_one_is_gone(
    app: Flask, worker: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anomaly is real."""
    monkeypatch.setattr(PhotoStore, "read", lambda store, sha256: store._path(sha256).read_bytes())
    merit, name = logged(worker), new_name()
    assert add(worker, merit, name=name).status_code == 201
    (file,) = files(app)
    file.unlink()
    path = f"/api/v1/villages/{HOME}/merits/{merit}/photos/{name}"
    answer = app.test_client().get(path, headers={"Authorization": f"Bearer {worker.token}"})
    assert answer.status_code == 500


def test_a_photo_whose_file_is_gone_is_not_found_and_its_merit_is_as_it_was(app: Flask, worker: Caller) -> None:
    merit, name = logged(worker), new_name()
    assert add(worker, merit, name=name).status_code == 201
    (file,) = files(app)
    file.unlink()
    assert outcome(worker.get(f"/merits/{merit}/photos/{name}")) == (404, "not_found")
    assert worker.get(f"/merits/{merit}").get_json()["photos"]
    # sent again, it lies there again
    assert add(worker, merit, name=name).status_code == 200
    assert worker.get(f"/merits/{merit}/photos/{name}").status_code == 200
