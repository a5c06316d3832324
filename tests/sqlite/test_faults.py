"""F06, F07: a full disk and another process that holds the file, for everything that changes the books."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from pointshop.core.db import db
from tests.api import Api
from tests.faults.conftest import card as card
from tests.faults.deeds import DEEDS, Deed
from tests.faults.stored import changed, stored
from tests.on_sqlite import SqliteGround
from tests.together import outcome


@contextmanager
def _each_connection(app: Flask, words: str) -> Iterator[None]:
    """Inside the block every connection is a new one that was told `words`."""

    def tell(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(words)

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", tell)
    try:
        yield
    finally:
        event.remove(engine, "connect", tell)
        engine.dispose()


@pytest.mark.parametrize("name", DEEDS)
def test_while_somebody_else_holds_the_file_it_is_503_and_then_it_works(
    api: Api, ground: SqliteGround, card: str, name: str
) -> None:
    app, deed = ground.app, DEEDS[name](api, card)
    before = stored(app)
    other = sqlite3.connect(ground.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with _each_connection(app, "PRAGMA busy_timeout = 20"):
        answer = deed.send(api)
        assert outcome(answer) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert api.as_("clerk").get("/products").status_code == 200
    other.close()
    assert changed(before, stored(app)) == {}
    assert deed.send(api).status_code in (200, 201)


def test_on_a_full_disk_what_does_not_fit_is_503_whole_and_then_it_works(
    api: Api, ground: SqliteGround, card: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = ground.app
    before = stored(app)
    with app.app_context(), db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with _each_connection(app, f"PRAGMA max_page_count = {pages + 24}"):
        answers = [_long_batch(api, card).send(api) for _ in range(16)]
        assert api.as_("clerk").get("/products").status_code == 200
    # whoever looks after the machine is told why
    assert "database unavailable: OperationalError SQLITE_FULL" in caplog.messages
    done = sum(answer.status_code == 201 for answer in answers)
    assert {outcome(answer) for answer in answers} == {201, (503, "unavailable")}
    assert changed(before, stored(app))["merit"] == 3 * done
    assert _long_batch(api, card).send(api).status_code == 201


def _long_batch(api: Api, card: str) -> Deed:
    """Three merits that take some room."""
    deed = DEEDS["batch"](api, card)
    return deed._replace(body=deed.body | {"note": deed.body["note"] + "长" * 450})
