"""Everything that is stored, to compare before and after."""

from functools import cache
from typing import Any

from flask import Flask

from pointshop.core.db import Base, reading

Stored = dict[str, list[tuple[Any, ...]]]


def stored(app: Flask) -> Stored:
    """Table → its rows in the order of their keys, as the driver reads them."""
    with app.app_context():
        ask = reading().raw.execute
        return {name: ask(words).fetchall() for name, words in _queries().items()}


@cache
def _queries() -> dict[str, str]:
    """Written once: building eighty statements anew takes longer than asking them."""
    return {
        table.name: str(table.select().order_by(*table.primary_key.columns)) for table in Base.metadata.sorted_tables
    }


def changed(before: Stored, after: Stored) -> dict[str, int]:
    """Table → how many rows more it has; 0 where they only differ. Empty when nothing changed."""
    return {name: len(after[name]) - len(rows) for name, rows in before.items() if rows != after[name]}
