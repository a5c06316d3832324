"""Copying all rows from one database to another, of the same kind or not, and showing that both hold the same."""

import hashlib
import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Identity, Integer, MetaData, Result, Table, delete, func, insert, select

from pointshop.core.clock import as_text
from pointshop.core.work import Work

_BATCH = 1000


class Contents(NamedTuple):
    """What a table holds. digest: SHA-256 over all rows in the order of the key, hex."""

    table: str
    rows: int
    digest: str


def rows_in(work: Work, metadata: MetaData) -> dict[str, int]:
    """Table → how many rows it has, of those that have any."""
    found = {}
    for table in metadata.sorted_tables:
        statement = select(func.count()).select_from(table).execution_options(all_villages=True)
        rows = work.read(statement).scalar_one()
        if rows:
            found[table.name] = rows
    return found


def copy_rows(source: Work, target: Work, metadata: MetaData) -> None:
    """Copy every row, parents before children. Both are inside units of work; the target's tables may be emptied."""
    for table in reversed(metadata.sorted_tables):
        if not table.info.get("append_only"):
            target.write(delete(table).execution_options(all_villages=True))
    for table in metadata.sorted_tables:
        for rows in _rows(source, table).partitions(_BATCH):
            target.write(insert(table), [dict(row._mapping) for row in rows])
        _advance_identity(target, table)


def contents_of(work: Work, metadata: MetaData) -> list[Contents]:
    """What all tables hold, equal for equal databases whatever their kind."""
    return [_contents(work, table) for table in metadata.sorted_tables]


def _contents(work: Work, table: Table) -> Contents:
    digest, count = hashlib.sha256(), 0
    for row in _rows(work, table):
        digest.update("\x1f".join([_spell(value) for value in row]).encode())
        digest.update(b"\x1e")
        count += 1
    return Contents(table.name, count, digest.hexdigest())


def _rows(work: Work, table: Table) -> Result[*tuple[Any, ...]]:
    """In an order in which a row that points to another of its own table comes after it: the key's, unless the model
    names columns (`info={"order": …}`)."""
    names = table.info.get("order", [column.name for column in table.primary_key])
    statement = select(table).order_by(*(table.c[name] for name in names))
    return work.read(statement.execution_options(all_villages=True, yield_per=_BATCH))


def _spell(value: Any) -> str:
    if value is None:
        return "\x00"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return as_text(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _advance_identity(work: Work, table: Table) -> None:
    """Let the next id that the database gives out itself follow the largest."""
    if work.dialect.name != "postgresql":
        return
    for column in table.columns:
        if isinstance(column.server_default, Identity) and isinstance(column.type, Integer):
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            work.read(select(func.setval(sequence, func.coalesce(func.max(column), 0) + 1, False)))
