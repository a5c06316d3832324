"""The database: tables' base, connections, and the unit of work. The only module that says commit or rollback, through
the driver's module (`sqlite.py`, `postgresql.py`).

Connections run in the driver's autocommit mode: a lone SELECT is its own snapshot and costs no round trip for BEGIN and
ROLLBACK (performance.md, "Traps measured"); `unit_of_work` says BEGIN and COMMIT itself, BEGIN IMMEDIATE on SQLite, so
that a writer waits for its turn at the start and never fails in the middle.
"""

import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TypeVar

from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from pointshop.core import clock, faults, sqlite
from pointshop.core.errors import Unavailable
from pointshop.core.work import Driver, Held, Work

T = TypeVar("T")
log = logging.getLogger("pointshop")

#: No unit of work that writes beside others, as on PostgreSQL, commits when it is older: the daily seal relies on it.
LONGEST_UNIT = timedelta(seconds=45)
_ATTEMPTS = 4
_DRIVER = "pointshop.driver"
_TURN = "pointshop.turn_to_write"
_PRESSURE = "pointshop.pressure"
_RETRY_STATES = {"40001", "40P01"}
#: SQLSTATE of a key that is taken
UNIQUE_VIOLATION = "23505"
#: any number, the same in every release: who changes the schema of a PostgreSQL database holds it
_SCHEMA_LOCK = 7_110_926


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


@dataclass(slots=True)
class Pressure:
    """How hard it is to write: threads in line for their turn, and what to call when a unit had to be done again."""

    waiting: int = 0
    retried: Callable[[], None] = lambda: None


def pressure(app: Flask) -> Pressure:
    found: Pressure = app.extensions[_PRESSURE]
    return found


class UnitTooOld(Exception):
    """A unit of work took longer than `LONGEST_UNIT` and was rolled back; it may be tried again."""


def connect_app(app: Flask, url: str) -> None:
    """Bind an app to its database and hand connections back at the end of each request or command."""
    driver: Driver = import_module("pointshop.core.sqlite" if url.startswith("sqlite") else "pointshop.core.postgresql")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "isolation_level": "AUTOCOMMIT",
        "skip_autocommit_rollback": True,
        # an error's text goes into the log; names and phone numbers do not
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 0,
    } | driver.OPTIONS
    db.init_app(app)
    with app.app_context():
        driver.watch(db.engine)
    app.extensions[_DRIVER] = driver
    app.extensions[_TURN] = threading.Lock()
    app.extensions[_PRESSURE] = Pressure()
    app.teardown_appcontext(_hand_back)


def reading() -> Work:
    """The context's connection, outside a unit of work: each SELECT sees what was committed when it ran."""
    found: Work | None = g.get("work")
    if found is None:
        found = g.work = _work(Held(db.engine, current_app.extensions[_DRIVER]))
    return found


def unit_of_work(step: Callable[[Work], T], *, lock: bool = True, patient: bool = False) -> T:
    """Do `step` whole or not at all: it commits when `step` returns and rolls back when it raises.

    A deadlock or serialisation failure on PostgreSQL runs `step` again from the start, at most four times.
    lock: on SQLite take the writer's lock at once; False for a step that only reads and wants one snapshot.
    patient: statements may take as long as they need. Such a unit may outlive `LONGEST_UNIT`, so it posts nothing.
    Raises RuntimeError when one is already open: an intention is one unit; UnitTooOld.
    """
    if g.get("in_unit_of_work"):
        raise RuntimeError("a unit of work is already open")
    g.in_unit_of_work = True
    try:
        for attempt in range(_ATTEMPTS):
            try:
                return _attempt(step, lock=lock, patient=patient)
            except Exception as error:
                if attempt == _ATTEMPTS - 1 or sql_state(error) not in _RETRY_STATES:
                    raise
            pressure(current_app).retried()
            log.info("unit of work done again", extra={"fields": {"attempt": attempt + 1}})
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        raise AssertionError("unreachable")
    finally:
        g.in_unit_of_work = False


def snapshot(step: Callable[[Work], T], *, patient: bool = False) -> T:
    """Read many statements as of one instant. patient: they may take as long as they need."""
    return unit_of_work(step, lock=False, patient=patient)


def change_schema(step: Callable[[Connection], None]) -> None:
    """Let `step` run DDL whole or not at all, alone.

    Foreign keys rest on SQLite while tables may be rebuilt, and are checked before the end, as its manual asks for
    ("Making Other Kinds Of Table Schema Changes"). Raises RuntimeError when rows would point nowhere.
    """
    raw, is_sqlite = reading().raw, reading().dialect.name == "sqlite"
    if is_sqlite:
        raw.execute("PRAGMA foreign_keys=OFF")
    try:
        unit_of_work(lambda work: _change_schema(work, step), patient=True)
    finally:
        if is_sqlite:
            raw.execute("PRAGMA foreign_keys=ON")


def sort_on_disk() -> None:
    """Let this context's long statements sort beside the database instead of in memory, as PostgreSQL does anyway."""
    held = reading().held
    if held.engine.dialect.name == "sqlite":
        sqlite.sort_on_disk(held.raw)


def empty_log() -> None:
    """Let what was deleted be gone from the disk too: SQLite's write-ahead log keeps old pages until it is emptied.

    Does what it can beside other users of the database; the next one finishes it. PostgreSQL looks after itself.
    """
    held = reading().held
    if held.engine.dialect.name == "sqlite":
        sqlite.empty_log(held.raw)


def sql_state(error: BaseException) -> str | None:
    """The SQLSTATE of a driver's error, wrapped by SQLAlchemy or not; None where there is none."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None)


def is_out_of_reach(error: BaseException) -> bool:
    """Whether a server could not be reached or hung up; then there is no SQLSTATE."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    # psycopg is an extra, so its errors are told by name; it has kinds of OperationalError for each way to fail
    kinds = {kind.__name__ for kind in type(cause).__mro__}
    return "OperationalError" in kinds and getattr(cause, "sqlstate", "") is None


def is_unique_violation(error: BaseException) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.IntegrityError):
        return cause.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)
    return sql_state(error) == UNIQUE_VIOLATION


def _attempt(step: Callable[[Work], T], *, lock: bool, patient: bool) -> T:
    held = reading().held
    is_sqlite = held.engine.dialect.name == "sqlite"
    with _turn_to_write() if lock and is_sqlite else nullcontext():
        # the instant is taken after the wait for the writer's lock, so that recorded instants follow the commits
        held.driver.begin(held.raw, lock=lock, patient=patient)
        began, work = time.monotonic(), _work(held)
        try:
            answer = step(work)
            faults.hit("before_commit")
            if not patient and not is_sqlite and time.monotonic() - began > LONGEST_UNIT.total_seconds():
                raise UnitTooOld()
            held.driver.commit(held.raw)
        except BaseException:
            _roll_back(held)
            raise
    faults.hit("after_commit")
    return answer


@contextmanager
def _turn_to_write() -> Iterator[None]:
    """Wait in line with the other threads of this process.

    SQLite knows no line: whoever finds it locked sleeps and tries again, and the unlucky wait long (p99 of a merit with
    four phones: 186 ms, in line 23). Raises Unavailable after as long as SQLite would wait.
    """
    turn: threading.Lock = current_app.extensions[_TURN]
    if not turn.acquire(blocking=False):
        counted = pressure(current_app)
        # threads may miscount each other by one for an instant; nothing hangs on it
        counted.waiting += 1
        try:
            if not turn.acquire(timeout=sqlite.BUSY_TIMEOUT_MS / 1000):
                raise Unavailable()
        finally:
            counted.waiting -= 1
    try:
        yield
    finally:
        turn.release()


def _change_schema(work: Work, step: Callable[[Connection], None]) -> None:
    if work.dialect.name == "postgresql":
        # two upgrades at once: the second waits as long as the first needs and finds nothing left to do
        for words in (
            "SET LOCAL lock_timeout = 0",
            f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})",
            "SET LOCAL lock_timeout = '3s'",
        ):
            work.raw.execute(words)
    if not work.held.connection.in_transaction():
        # seeing a transaction that isn't its own, Alembic leaves the end of it to us
        work.held.connection.begin()
    step(work.held.connection)
    if work.dialect.name == "sqlite" and work.raw.execute("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError("rows would point to rows that are not there")


def _roll_back(held: Held) -> None:
    """End a unit that failed. A connection that cannot even do that is thrown away: handed back, it would carry the
    open transaction into the next request."""
    try:
        held.driver.roll_back(held.raw)
    except Exception as error:
        # whoever called must hear of what went wrong first, not of this
        log.warning("connection thrown away: %s", type(error).__name__)
        g.pop("work", None)
        held.throw_away()


def _work(held: Held) -> Work:
    now = clock.now()
    return Work(held, now=now, today=clock.village_day(now))


def _hand_back(_error: BaseException | None) -> None:
    work: Work | None = g.pop("work", None)
    if work is not None:
        work.held.hand_back()
