"""Demonstration villages, made once for all tests that only look at them."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
from flask import Flask
from sqlalchemy import event

from pointshop.app import create_app
from pointshop.cli.demo import DemoLogins, build
from pointshop.cli.demo.season import at_clock
from pointshop.core import clock
from pointshop.core.db import db, snapshot
from pointshop.core.schema import upgrade_schema
from pointshop.core.work import Work
from tests.ground import config_for
from tests.hurry import hurry

T = TypeVar("T")

#: The first minutes of a year: the hardest moment for a story that ends now, since quarter and month just ended too.
NOW = at_clock(date(2027, 1, 1), 0, 10)


class Village(NamedTuple):
    """A demonstration village and what was told of it. units: of work that were committed to make it."""

    app: Flask
    logins: DemoLogins
    units: int

    @property
    def id(self) -> int:
        return int(self.logins.village)

    def see(self, look: Callable[[Work], T]) -> T:
        with self.app.app_context(), clock.at(NOW):
            return snapshot(look)


Make = Callable[[datetime], Village]


@pytest.fixture(scope="session")
def make_village(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """A function that makes the village as of an instant, on a database of its own."""

    def make(now: datetime) -> Village:
        commits: list[str] = []
        app = empty_app(tmp_path_factory.mktemp("demo"), commits)
        commits.clear()
        with clock.at(now):
            logins = build(app)
        return Village(app, logins, len(commits))

    return make


@pytest.fixture(scope="session")
def village(make_village: Make) -> Village:
    """The village as of NOW. To be looked at only."""
    return make_village(NOW)


@pytest.fixture
def empty(tmp_path: Path) -> Flask:
    """An app over a migrated database with nothing in it."""
    return empty_app(tmp_path)


def empty_app(folder: Path, commits: list[str] | None = None) -> Flask:
    """commits: takes in a line for each one."""

    def opened(connection: Any, _record: object) -> None:
        if commits is not None:
            connection.set_trace_callback(lambda said: commits.append(said) if said == "COMMIT" else None)

    app = create_app(config_for(folder / "demo.sqlite3"))
    hurry(app)
    with app.app_context():
        event.listen(db.engine, "connect", opened)
        upgrade_schema()
    return app
