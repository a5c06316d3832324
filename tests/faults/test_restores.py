"""F23, F24: a backup made under load is whole, and after it was restored the phones bring what is missing."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from pointshop.app import create_app, open_books
from pointshop.cli.place import opened
from pointshop.config import Config
from pointshop.core.clock import as_text, now
from pointshop.core.db import db, reading, snapshot
from pointshop.core.ids import new_name
from pointshop.merits.models import Merit
from tests.books import violations
from tests.ground import HOME, Ground
from tests.installation import Installation
from tests.on_sqlite import file_of
from tests.world import World


@contextmanager
def restored(installed: Installation, backup: Path, folder: Path) -> Iterator[Config]:
    """The steps of docs/backup.md, on another machine so to speak."""
    folder.mkdir()
    with installed.ground.empty(folder) as config, pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("POINTSHOP_DATA_DIR", str(config.data_dir))
        elsewhere.setenv("POINTSHOP_DATABASE_URL", config.database_url)
        ran = installed.run("restore", str(backup))
        assert ran.status == 0, ran.err
        yield config


def _merits_of(config: Config) -> set[str]:
    with opened(config):
        return set(reading().read(select(Merit.id).where(Merit.village_id == int(HOME))).scalars())


def _is_in_order(config: Config) -> bool:
    with opened(config):
        return snapshot(violations) == {}


class Writer(threading.Thread):
    """Logs merits until it is told to stop; done: those that are booked."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.world = World(open_books(config))
        self.done: list[str] = []
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            self.done.append(self.world.merit("0001", note=new_name()))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Meanwhile it writes, and has begun to."""
        self.start()
        while len(self.done) < 20:
            self.stop.wait(0.01)
        try:
            yield
        finally:
            self.stop.set()
            self.join()
            self.world.close()


@pytest.fixture
def writer(installed: Installation, village: World) -> Writer:
    village.rule()
    return Writer(installed.config)


def test_a_backup_made_under_load_holds_all_that_was_acknowledged_before(
    installed: Installation, writer: Writer, tmp_path: Path
) -> None:
    backup = tmp_path / "monday.backup"
    with writer.at_work():
        before = set(writer.done)
        assert installed.run("backup", str(backup)).status == 0
    after = set(writer.done)
    with restored(installed, backup, tmp_path / "other") as config:
        found = _merits_of(config)
        assert _is_in_order(config)
    assert before <= found <= after


class Phone:
    """Keeps what it did until it is answered, and for ninety days after."""

    def __init__(self, config: Config, token: str) -> None:
        self.app = create_app(config)
        self._token = token

    def sync(self, operations: list[dict[str, Any]]) -> list[int]:
        """The status of each."""
        answer: TestResponse = self.app.test_client().post(
            f"/api/v1/villages/{HOME}/sync",
            json={"device_now": as_text(now()), "operations": operations},
            headers={"Authorization": f"Bearer {self._token}"},
        )
        with self.app.app_context():
            db.engine.dispose()
        return [result["status"] for result in answer.get_json()["results"]]


def _operations(world: World, count: int) -> list[dict[str, Any]]:
    today = world.see(lambda work: work.today).isoformat()
    body = {"rule": "A1", "household": "0001", "occurred_on": today}
    return [{"put": f"merits/{new_name()}", "body": body | {"note": new_name()}} for _ in range(count)]


def test_after_a_restore_phones_bring_what_is_missing_and_nothing_twice(
    installed: Installation, village: World, tmp_path: Path
) -> None:
    village.rule()
    early, late = _operations(village, 3), _operations(village, 4)
    token = installed.ground.tokens["worker", HOME]
    phone, backup = Phone(installed.config, token), tmp_path / "monday.backup"
    assert phone.sync(early) == [201] * 3
    assert installed.run("backup", str(backup)).status == 0
    assert phone.sync(late) == [201] * 4
    whole = _merits_of(installed.config)
    with restored(installed, backup, tmp_path / "other") as config:
        phone = Phone(config, token)
        assert phone.sync(late + early) == [201] * 4 + [200] * 3
        assert phone.sync(early + late) == [200] * 7
        assert _merits_of(config) == whole
        assert _is_in_order(config)
        world = World(open_books(config))
        assert world.balance() == village.balance()
        world.close()


def test_phones_that_forget_what_was_acknowledged_have_nothing_to_bring(
    installed: Installation, village: World, tmp_path: Path
) -> None:
    """The anomaly is real: that is why they keep it for ninety days."""
    village.rule()
    operations = _operations(village, 3)
    token = installed.ground.tokens["worker", HOME]
    backup = tmp_path / "monday.backup"
    assert installed.run("backup", str(backup)).status == 0
    acknowledged = Phone(installed.config, token).sync(operations)
    kept = [operation for operation, status in zip(operations, acknowledged, strict=True) if status != 201]
    with restored(installed, backup, tmp_path / "other") as config:
        assert Phone(config, token).sync(kept) == []
        assert _merits_of(config) == set()
    assert len(_merits_of(installed.config)) == 3


def test_a_copy_of_the_file_alone_loses_what_was_acknowledged(sqlite_ground: Ground, tmp_path: Path) -> None:
    """The anomaly is real: what was committed last stands in the log beside the file."""
    with sqlite_ground.copied(tmp_path) as config:
        world = World(open_books(config))
        world.household()
        world.rule()
        writer = Writer(config)
        with writer.at_work():
            before = set(writer.done)
            copy = tmp_path / "copy.sqlite3"
            shutil.copyfile(file_of(config), copy)
        world.close()
        with sqlite3.connect(copy) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            found = {name for (name,) in connection.execute("SELECT id FROM merit")}
        connection.close()
        assert before - found
