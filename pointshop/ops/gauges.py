"""How the installation stands, read when Prometheus asks: the age of what should be done daily, waiting, room."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.pool import QueuePool

from pointshop.config import current_config
from pointshop.core import clock, journal
from pointshop.core.db import db, pressure, reading
from pointshop.core.work import Work
from pointshop.merits.models import WAITING, Merit

Gauge = tuple[str, str, float]
#: In SQL, for PostgreSQL: our connections that wait for a lock.
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pointshop' AND wait_event_type = 'Lock'"


def gauges() -> Iterator[Gauge]:
    """All of them; those of a database that does not answer are left out, and `pointshop_database_up` is 0."""
    yield from _of_commands(current_config().data_dir)
    yield from _of_room(current_config().data_dir)
    yield from _of_pool()
    try:
        found = list(_of_database(reading()))
    except Exception:
        # whatever it is: the answer to this question is that there is none
        found = [("pointshop_database_up", _UP, 0)]
    yield from found


_UP = "Whether the database answers."


def _of_commands(data_dir: Path) -> Iterator[Gauge]:
    for command, words in (
        ("verify", "the last verify that found nothing wrong"),
        ("backup", "the last backup"),
        ("seal", "the last seal"),
        ("post-due", "the last posting of due notices"),
    ):
        # verify tells twice: that it ran, and that all was well
        found = journal.noted(data_dir, "verify-good" if command == "verify" else command)
        if found is not None:
            name = f"pointshop_{command.replace('-', '_')}_age_seconds"
            yield name, f"Seconds since {words}.", _age(found)
    verified = journal.noted(data_dir, "verify")
    if verified is not None:
        words = "What the last verify found wrong; -1: it could not run."
        yield "pointshop_verify_violations", words, verified["violations"]


def _age(noted: dict[str, Any]) -> float:
    return max(0.0, round((clock.now() - datetime.fromisoformat(noted["at"])).total_seconds(), 1))


def _of_room(data_dir: Path) -> Iterator[Gauge]:
    try:
        room = shutil.disk_usage(data_dir)
    except OSError:
        return
    yield "pointshop_disk_free_bytes", "Room left where photos, and SQLite, are kept.", room.free


def _of_pool() -> Iterator[Gauge]:
    place = f'{{process="{os.getpid()}"}}'
    if isinstance(db.engine.pool, QueuePool):
        yield (
            f"pointshop_pool_in_use{place}",
            "Database connections of this process in use.",
            db.engine.pool.checkedout(),
        )
        yield f"pointshop_pool_size{place}", "Database connections this process may have.", db.engine.pool.size()
    waiting = pressure(current_app).waiting
    yield f"pointshop_writers_in_line{place}", "Threads of this process that wait for their turn to write.", waiting


def _of_database(work: Work) -> Iterator[Gauge]:
    waiting = (
        select(func.count())
        .select_from(Merit)
        .where(text(f"merit.{WAITING}"), Merit.due_on <= work.today)
        .execution_options(all_villages=True)
    )
    yield (
        "pointshop_due_not_posted",
        "Merits whose notice has ended and which are not posted yet.",
        work.read(waiting).scalar_one(),
    )
    if work.dialect.name == "postgresql":
        ((locked,),) = work.raw.execute(_WAITING).fetchall()
        yield "pointshop_database_waiting", "Our connections that wait for a lock of the database.", locked
    yield "pointshop_database_up", _UP, 1
