"""How Alembic meets our database: over the app's own connection, each run whole or not at all.

Batch mode is off: on SQLite it rebuilds a table and drops its triggers and unnamed CHECKs without a word
(threats.md E06). docs/migrations.md says what to do where a table must be rebuilt.
"""

from alembic import context
from sqlalchemy import Connection

from pointshop.core import revisions
from pointshop.core.db import Base, change_schema, db


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=False,
        render_item=revisions.render_item,
        process_revision_directives=revisions.complete,
    )
    context.run_migrations()


def write_sql() -> None:
    """`flask db upgrade --sql`: the statements for someone who runs them by hand."""
    context.configure(dialect_name=db.engine.dialect.name, target_metadata=Base.metadata, literal_binds=True)
    context.run_migrations()


if context.is_offline_mode():
    write_sql()
else:
    change_schema(migrate)
