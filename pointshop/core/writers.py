"""Waiting for those who are writing: what has begun to be written is seen, or will never be."""

import time
from collections.abc import Sequence

from sqlalchemy import Table

from pointshop.core.errors import Busy
from pointshop.core.work import Work

#: Seconds to wait. A unit of work takes milliseconds; one that takes longer hangs, and is broken off after a while.
PATIENCE = 15.0


def await_writers(work: Work, tables: Sequence[Table]) -> None:
    """Return when every transaction has ended that had written to one of the tables before this call.

    On SQLite whoever asks inside a writing unit is the only writer. On PostgreSQL a transaction that has inserted a row
    holds a lock on the table that anybody may see. Raises Busy when one does not end.
    """
    if work.dialect.name != "postgresql":
        return
    names = [table.name for table in tables]
    waited_for, give_up = _writing(work, names), time.monotonic() + PATIENCE
    while waited_for and waited_for & _writing(work, names):
        if time.monotonic() > give_up:
            raise Busy("有未结束的写入，本次不封存，请稍后再试")
        time.sleep(0.02)


def _writing(work: Work, names: list[str]) -> set[str]:
    return {transaction for (transaction,) in work.raw.execute(_WRITING, {"tables": names}).fetchall()}


_WRITING = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation IN (SELECT to_regclass(name)::oid FROM unnest(%(tables)s::text[]) AS name)
  AND pid IS DISTINCT FROM pg_backend_pid()
"""
