"""Rules that keep one schema good for SQLite, PostgreSQL and Citus (scale.md S1–S7), over the tables themselves."""

from collections.abc import Iterator

import pytest
from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from pointshop.core.db import Base
from pointshop.core.guards import append_only_tables

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
TABLES = list(Base.metadata.sorted_tables)
#: Small, rarely written, the same for all villages (S6). Each says why it is no village's.
REFERENCE = {
    "region": "the official tree, above villages too",
    "app_user": "staff may work in several villages",
    "user_grant": "goes with the user",
    "user_session": "found by token before the village is known",
    "login_failure": "counted before anyone is known",
    "wechat_binding": "found by openid before the village is known",
    "wechat_code": "goes with the user",
    "public_link": "found by its token before the village is known",
    "password_reset": "one a user who forgot a password",
    "user_event": "what was done to each user",
}
#: Looked up before the village is known, and too large to stand on every node (S8): spread by their own key.
BY_OWN_KEY = {"card_link": "code"}
OF_VILLAGE = [table for table in TABLES if table.name not in REFERENCE and table.name not in BY_OWN_KEY]
#: Foreign keys that no index leads: the rows they point to are never deleted and never change their keys.
WITHOUT_INDEX = {
    "merit → member": "members who left are kept as former ones, for just this",
    "evaluation_nominee → member": "likewise",
    "evaluation_voter → member": "likewise",
    "merit → rule_version": "a version is never deleted; merits keep the one that judged them",
    "tally → account": "accounts are closed, not deleted; a third index would cost every posting (performance.md)",
}


def ids(table: Table) -> str:
    return table.name


def keys(table: Table) -> Iterator[tuple[str, list[str]]]:
    """Name and columns of every primary key, unique constraint and unique index."""
    yield "primary key", [column.name for column in table.primary_key]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield str(constraint.name), [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield str(index.name), [column.name for column in index.columns]


@pytest.mark.parametrize("table", TABLES, ids=ids)
def test_s1_table_says_where_it_lives(table: Table) -> None:
    expected = BY_OWN_KEY.get(table.name, "reference" if table.name in REFERENCE else "village_id")
    assert table.info["dist"] == expected


@pytest.mark.parametrize("table", [table for table in TABLES if table.name in BY_OWN_KEY], ids=ids)
def test_s8_table_of_its_own_key_has_no_other_and_points_nowhere(table: Table) -> None:
    assert [columns for _, columns in keys(table)] == [[BY_OWN_KEY[table.name]]]
    assert not table.foreign_key_constraints


@pytest.mark.parametrize("table", OF_VILLAGE, ids=ids)
def test_s2_every_key_of_a_village_table_begins_with_the_village(table: Table) -> None:
    for name, columns in keys(table):
        assert columns[0] == "village_id", name


@pytest.mark.parametrize("table", OF_VILLAGE, ids=ids)
def test_every_index_of_a_village_table_begins_with_the_village(table: Table) -> None:
    for index in table.indexes:
        first = next(iter(index.columns))
        points_out = any(key.column.table.name in REFERENCE for key in first.foreign_keys)
        assert first.name == "village_id" or points_out, index.name


@pytest.mark.parametrize("table", OF_VILLAGE, ids=ids)
def test_s3_village_id_is_the_same_everywhere(table: Table) -> None:
    column = table.columns["village_id"]
    assert type(column.type) is BigInteger
    assert not column.nullable
    assert column.autoincrement is False


@pytest.mark.parametrize("table", OF_VILLAGE, ids=ids)
def test_s5_foreign_key_stays_in_its_village(table: Table) -> None:
    for constraint in table.foreign_key_constraints:
        target = constraint.referred_table
        if target.name not in REFERENCE:
            pairs = {(element.parent.name, element.column.name) for element in constraint.elements}
            assert ("village_id", "village_id") in pairs, constraint.name


@pytest.mark.parametrize("table", OF_VILLAGE, ids=ids)
def test_s5_village_table_leads_to_the_village(table: Table) -> None:
    """It fixes the order in which tables are made; `counter`, `command` and `allowance` are core's, which knows no
    village."""
    if table.name in {"village", "counter", "command", "allowance"}:
        return
    reached, left = set(), [table]
    while left:
        at = left.pop()
        reached.add(at.name)
        left.extend(key.referred_table for key in at.foreign_key_constraints if key.referred_table.name not in reached)
    assert "village" in reached


@pytest.mark.parametrize("table", TABLES, ids=ids)
def test_s5_no_foreign_key_acts_by_itself_or_waits(table: Table) -> None:
    for constraint in table.foreign_key_constraints:
        assert constraint.ondelete in (None, "CASCADE")
        assert constraint.onupdate is None
        assert not constraint.deferrable


@pytest.mark.parametrize("table", [table for table in TABLES if table.name in REFERENCE], ids=ids)
def test_s6_reference_table_points_at_reference_tables_only(table: Table) -> None:
    assert {key.referred_table.name for key in table.foreign_key_constraints} <= REFERENCE.keys()


@pytest.mark.parametrize("table", TABLES, ids=ids)
def test_s7_ids_are_ours_or_bigint(table: Table) -> None:
    for column in table.columns:
        if column.identity is not None:
            assert isinstance(column.type.dialect_impl(POSTGRESQL), BigInteger)
        assert column.server_default is None or column.identity is not None


def test_reference_tables_are_those_and_no_others() -> None:
    assert {table.name for table in TABLES if table.info["dist"] == "reference"} == REFERENCE.keys()


@pytest.mark.parametrize("table", TABLES, ids=ids)
def test_every_constraint_has_its_name(table: Table) -> None:
    """SQLite's batch mode drops unnamed ones, and verify could not miss them (threats.md E06)."""
    statement = str(CreateTable(table).compile(dialect=POSTGRESQL))
    for line in statement.splitlines():
        assert not line.strip().startswith(("CHECK", "UNIQUE", "FOREIGN KEY", "PRIMARY KEY")), line
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            assert constraint.name is not None


def led_by(table: Table, columns: set[str]) -> bool:
    """Whether some index or key begins with these columns, in any order."""
    leads = [columns_of for _, columns_of in keys(table)]
    leads += [[column.name for column in index.columns] for index in table.indexes if _whole(index)]
    return any(set(lead[: len(columns)]) == columns for lead in leads)


def _whole(index: Index) -> bool:
    """Partial indexes are of no use to a foreign key."""
    return index.dialect_options["postgresql"]["where"] is None


@pytest.mark.parametrize("table", TABLES, ids=ids)
def test_every_foreign_key_has_an_index(table: Table) -> None:
    """PostgreSQL makes none by itself; one missing cost 40 ms a request (performance.md)."""
    append_only = {guarded.name for guarded in append_only_tables(Base.metadata)}
    for constraint in table.foreign_key_constraints:
        target = constraint.referred_table.name
        # nothing is ever deleted from, or renamed in, an append-only table
        if target not in append_only and f"{table.name} → {target}" not in WITHOUT_INDEX:
            assert led_by(table, {column.name for column in constraint.columns}), constraint.name


@pytest.mark.parametrize("table", append_only_tables(Base.metadata), ids=ids)
def test_what_only_grows_holds_whole_numbers(table: Table) -> None:
    """SQLite stores 1.5 and 'abc' in an INTEGER column."""
    checked = " ".join(str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint))
    for column in table.columns:
        # a key that points somewhere is whole because the other end is; who acted is no figure of the books
        if (
            isinstance(column.type, Integer)
            and not column.foreign_keys
            and column.name not in ("village_id", "actor_id")
        ):
            assert f"typeof({column.name})" in checked, column.name
