"""Whether every guard the models ask for is in the database: CHECKs, keys, indexes, triggers (threats.md I28, E06).

On SQLite the stored text of each is compared, so that a weakened one is found like a missing one. PostgreSQL rewrites
what it is given; there, names count, and that triggers are switched on and call what they should.
"""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from pointshop.core.grants import grant_faults
from pointshop.core.guards import POSTGRESQL_FUNCTION, append_only_tables, postgresql_triggers, sqlite_triggers
from pointshop.core.work import Work

Violation = dict[str, Any]


def guard_faults(work: Work, metadata: MetaData) -> Iterator[Violation]:
    """Guards that are missing, weaker than they should be, or of unknown origin."""
    if work.dialect.name == "sqlite":
        expected = expected_on_sqlite(metadata)
        return _differences(expected, _known_to(expected, stored_on_sqlite(work)))
    return _postgresql_faults(work, metadata)


# --- SQLite: the text ---

#: (kind, name) → its statement in parts: a table's columns and constraints in any order, else the whole as one
Description = dict[tuple[str, str], frozenset[str]]


def expected_on_sqlite(metadata: MetaData) -> Description:
    """What the models ask for."""
    dialect = sqlite.dialect()
    found: Description = {}
    for table in metadata.sorted_tables:
        found["table", table.name] = _table_parts(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            found["index", str(index.name)] = _whole(str(CreateIndex(index).compile(dialect=dialect)))
    for table in append_only_tables(metadata):
        found |= {("trigger", name): _whole(words) for name, words in sqlite_triggers(table.name).items()}
    return found


def stored_on_sqlite(work: Work) -> Description:
    """What the database holds; without SQLite's own objects and Alembic's."""
    rows = work.raw.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version' "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall()
    return {(kind, name): _table_parts(words) if kind == "table" else _whole(words) for kind, name, words in rows}


def _known_to(expected: Description, stored: Description) -> Description:
    """Without tables and indexes that someone added for themselves: they cannot change the books. Triggers can."""
    return {key: parts for key, parts in stored.items() if key in expected or key[0] not in ("table", "index")}


def _differences(expected: Description, stored: Description) -> Iterator[Violation]:
    for kind, name in sorted(expected.keys() | stored.keys()):
        wanted, found = expected.get((kind, name), frozenset()), stored.get((kind, name), frozenset())
        for part in sorted(wanted - found):
            yield {"fault": "missing", "kind": kind, "name": name, "text": part}
        for part in sorted(found - wanted):
            yield {"fault": "unexpected", "kind": kind, "name": name, "text": part}


def _whole(statement: str) -> frozenset[str]:
    return frozenset([_plain(statement)])


def _table_parts(statement: str) -> frozenset[str]:
    """`CREATE TABLE t (a, b) WITHOUT ROWID` → its head and tail, a, b."""
    head, _, rest = statement.partition("(")
    body, _, tail = rest.rpartition(")")
    return frozenset([_plain(f"{head} {tail}"), *(_plain(part) for part in _split(body))])


_PIECE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[(),]|[^'\"(),]+")


def _split(body: str) -> list[str]:
    """At the commas that stand outside brackets and quotes."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(body):
        depth += (piece == "(") - (piece == ")")
        if piece == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _plain(words: str) -> str:
    return " ".join(words.split())


# --- PostgreSQL: the names ---


def _postgresql_faults(work: Work, metadata: MetaData) -> Iterator[Violation]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
    constraints = set(work.raw.execute(_CONSTRAINTS).fetchall())
    indexes = set(work.raw.execute(_INDEXES).fetchall())
    triggers = set(work.raw.execute(_TRIGGERS).fetchall())
    wanted_triggers = {
        (table.name, name) for table in append_only_tables(metadata) for name in postgresql_triggers(table.name)
    }
    for table in metadata.sorted_tables:
        statement = str(CreateTable(table).compile(dialect=dialect))
        for name in sorted(set(re.findall(r"CONSTRAINT (\w+)", statement))):
            if (table.name, name) not in constraints:
                yield {"fault": "missing", "kind": "constraint", "table": table.name, "name": name}
        for index in table.indexes:
            if (table.name, index.name) not in indexes:
                yield {"fault": "missing", "kind": "index", "table": table.name, "name": index.name}
    for fault, names in (("missing", wanted_triggers - triggers), ("unexpected", triggers - wanted_triggers)):
        for table_name, name in sorted(names):
            yield {"fault": fault, "kind": "trigger", "table": table_name, "name": name}
    if wanted_triggers and (POSTGRESQL_FUNCTION.split("$$")[1],) not in work.raw.execute(_FUNCTION).fetchall():
        yield {"fault": "missing", "kind": "function", "name": "append_only"}
    yield from grant_faults(work, metadata)


_CONSTRAINTS = (
    "SELECT conrelid::regclass::text AS table_name, conname AS name FROM pg_constraint "
    "WHERE connamespace = current_schema()::regnamespace AND conrelid <> 0"
)
_INDEXES = "SELECT tablename AS table_name, indexname AS name FROM pg_indexes WHERE schemaname = current_schema()"
#: triggers that fire; a disabled one is as good as none
_TRIGGERS = (
    "SELECT c.relname AS table_name, t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace"
)
_FUNCTION = "SELECT prosrc FROM pg_proc WHERE proname = 'append_only' AND pronamespace = current_schema()::regnamespace"
