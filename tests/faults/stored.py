"""Everything that is stored, to compare before and after."""

from typing import Any

from flask import Flask

from pointshop.core.db import Base, db

Stored = dict[str, list[tuple[Any, ...]]]


def stored(app: Flask) -> Stored:
    """Table → its rows in the order of their keys."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


def changed(before: Stored, after: Stored) -> dict[str, int]:
    """Table → how many rows more it has; 0 where they only differ. Empty when nothing changed."""
    return {name: len(after[name]) - len(rows) for name, rows in before.items() if rows != after[name]}
