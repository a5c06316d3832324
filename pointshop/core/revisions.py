"""How a revision is written from the models, exactly: Alembic's hooks for what it leaves out by itself.

`flask --app pointshop.app db revision --autogenerate` comes through here (docs/migrations.md). Added are CHECKs that
hold on SQLite only, our column types by their own names, and the triggers of append-only tables.
"""

from typing import Any, Literal

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, MetaData

from pointshop.core.columns import Name, UTCDateTime


class GuardTables(ops.MigrateOperation):
    """Sets the triggers that keep tables append-only. They go when the tables go."""

    def __init__(self, tables: list[str]) -> None:
        self.tables = tables


@renderers.dispatch_for(GuardTables)
def _render_guards(autogen_context: AutogenContext, operation: GuardTables) -> list[str]:
    autogen_context.imports.add("from pointshop.core.guards import trigger_statements")
    # one line: the printer would indent what follows a colon once more
    return [f"for words in trigger_statements(op.get_context().dialect.name, {operation.tables!r}): op.execute(words)"]


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """The source text of a type or constraint; False where Alembic writes it right by itself."""
    if kind == "type" and isinstance(item, UTCDateTime):
        autogen_context.imports.add("from pointshop.core.columns import UTCDateTime")
        return "UTCDateTime()"
    if kind == "type" and repr(item) == repr(Name) and "postgresql" in item._variant_mapping:
        autogen_context.imports.add("from pointshop.core.columns import Name")
        return "Name"
    # Alembic's copy of the table forgets `ddl_if`; `typeof` is a function that only SQLite has
    if kind == "check" and isinstance(item, CheckConstraint) and str(item.sqltext).startswith("typeof("):
        return f'sa.CheckConstraint("{item.sqltext}", name=op.f("{item.name}")).ddl_if(dialect="sqlite")'
    return False


def complete(context: MigrationContext, _revision: Any, directives: list[ops.MigrationScript]) -> None:
    """Add guards and indexes that Alembic passed over, leave out what goes without saying, refuse an empty revision."""
    for script in directives:
        for upgrade in script.upgrade_ops_list:
            upgrade.ops.extend([*_passed_over_indexes(context, upgrade.ops), *_guards(upgrade.ops)])
        for downgrade in script.downgrade_ops_list:
            downgrade.ops = _without_indexes_of_dropped(downgrade.ops)
    if all(upgrade.is_empty() for script in directives for upgrade in script.upgrade_ops_list):
        directives.clear()


def _passed_over_indexes(context: MigrationContext, steps: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """Indexes over expressions, which SQLite cannot tell Alembic about."""
    metadata: MetaData = context.opts["target_metadata"]
    present = {step.index_name for step in _flat(steps) if isinstance(step, ops.CreateIndexOp)}
    return [
        ops.CreateIndexOp.from_index(index)
        for table in _created(steps)
        for index in sorted(metadata.tables[table.table_name].indexes, key=lambda index: str(index.name))
        if index.name not in present
    ]


def _guards(steps: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    guarded = [table.table_name for table in _created(steps) if (table.info or {}).get("append_only")]
    for table in _created(steps):
        table.info = {}
    return [GuardTables(guarded)] if guarded else []


def _without_indexes_of_dropped(steps: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """A table takes its indexes with it."""
    flat = _flat(steps)
    dropped = {step.table_name for step in flat if isinstance(step, ops.DropTableOp)}
    return [step for step in flat if not (isinstance(step, ops.DropIndexOp) and step.table_name in dropped)]


def _flat(steps: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """Alembic groups the changes of one table."""
    return [inner for step in steps for inner in (step.ops if isinstance(step, ops.ModifyTableOps) else [step])]


def _created(steps: list[ops.MigrateOperation]) -> list[ops.CreateTableOp]:
    return [step for step in steps if isinstance(step, ops.CreateTableOp)]
