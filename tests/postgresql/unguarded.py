"""Takes a guard away, so that a test can show what it is there for."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from pointshop.core import postgresql


def without_row_locks(monkeypatch: pytest.MonkeyPatch, *, meet_after: str, parties: int = 2) -> None:
    """No statement locks what it reads; all parties wait for each other after one that holds these words."""
    execute, met = postgresql.execute, Barrier(parties)

    def unlocked(connection: Any, sql: str, parameters: Any) -> Any:
        cursor = execute(connection, sql.partition(" FOR UPDATE")[0], parameters)
        if meet_after in sql:
            meet(met)
        return cursor

    monkeypatch.setattr(postgresql, "execute", unlocked)


def with_a_meeting(monkeypatch: pytest.MonkeyPatch, *, meet_after: str, parties: int = 2) -> None:
    """All locks are taken; the parties meet where no lock keeps them apart, and do not where one does."""
    execute, met = postgresql.execute, Barrier(parties)

    def slowed(connection: Any, sql: str, parameters: Any) -> Any:
        cursor = execute(connection, sql, parameters)
        if meet_after in sql:
            meet(met)
        return cursor

    monkeypatch.setattr(postgresql, "execute", slowed)


def meet(barrier: Barrier) -> None:
    """Wait for the others for a moment; where one is kept out by a lock, go on alone."""
    with suppress(BrokenBarrierError):
        barrier.wait(timeout=0.5)
