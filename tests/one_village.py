"""Whether a statement keeps to one village (scale.md Q1): every village table in it is tied to a village that is given.

A table is tied when its `village_id` equals a parameter, or equals the `village_id` of one that is tied. Statements
that look at all villages say `execution_options(all_villages=True)`.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Alias, BindParameter, Delete, Executable, FromClause, Select, Table, Update
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression
from sqlalchemy.sql.selectable import Join, Subquery

_GIVEN = "given"
#: Annotated copies of a table, which the ORM makes, are equal to it.
Node = FromClause | str


def untied_tables(statement: Executable) -> set[str]:
    """Names of the village tables in a SELECT, UPDATE or DELETE that no given village ties."""
    if not isinstance(statement, Select | Update | Delete):
        return set()
    groups = _Groups()
    for part in visitors.iterate(statement):
        if isinstance(part, BinaryExpression) and part.operator is operators.eq:
            groups.tie(_node(part.left), _node(part.right))
        if isinstance(part, Subquery):
            _tie_through(part, groups)
    tables = [
        (source, table)
        for part in visitors.iterate(statement)
        for source in _sources(part)
        if (table := _village_table(source)) is not None
    ]
    return {table.name for source, table in tables if not groups.are_tied(source, _GIVEN)}


class _Groups:
    """Which nodes are equal to which (union–find)."""

    def __init__(self) -> None:
        self._parents: dict[Node, Node] = {}

    def tie(self, one: Node | None, other: Node | None) -> None:
        if one is not None and other is not None:
            self._parents[self._root(one)] = self._root(other)

    def are_tied(self, one: Node, other: Node) -> bool:
        return self._root(one) == self._root(other)

    def _root(self, node: Node) -> Node:
        while node in self._parents and self._parents[node] is not node:
            node = self._parents[node]
        return node


def _node(side: Any) -> Node | None:
    """A table's village, a given value, or nothing that matters here."""
    if isinstance(side, BindParameter):
        return _GIVEN
    table: FromClause | None = getattr(side, "table", None)
    return table if getattr(side, "name", None) == "village_id" else None


def _tie_through(subquery: Subquery, groups: _Groups) -> None:
    """What a subquery gives out as `village_id` is the village of where it comes from."""
    for column in getattr(subquery.element, "selected_columns", ()):
        if column.name == "village_id":
            groups.tie(subquery, _node(column))


def _sources(part: Any) -> Iterator[FromClause]:
    """The tables and aliases that a SELECT, UPDATE or DELETE reads or changes, without those inside its subqueries."""
    if isinstance(part, Update | Delete):
        yield from _flat(part.table)
    if isinstance(part, Select):
        for source in part.get_final_froms():
            yield from _flat(source)


def _flat(source: Any) -> Iterator[FromClause]:
    if isinstance(source, Join):
        yield from _flat(source.left)
        yield from _flat(source.right)
    elif isinstance(source, Table | Alias):
        yield source


def _village_table(source: FromClause) -> Table | None:
    table = source.element if isinstance(source, Alias) else source
    return table if isinstance(table, Table) and table.info.get("dist") == "village_id" else None
