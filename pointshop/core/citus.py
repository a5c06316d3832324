"""Spreading a PostgreSQL database over several machines with Citus (docs/scale.md).

Tables of villages are sharded by `village_id` and lie together, village by village; small tables that all villages
share are copied to every node; one that is looked up before the village is known is sharded by its own key. A table's
`info["dist"]` says which it is; tests/guards/test_tables.py holds the rules.
"""

from collections.abc import Iterator

from sqlalchemy import MetaData

from pointshop.core.work import Work

#: The table at which every path of foreign keys ends; the others are placed beside it.
ROOT = "village"
#: For the one transaction. Foreign keys to tables that are on every node must be made one after the other; the
#: triggers of append-only tables look at no other row, so they are right on any shard.
_SETTINGS = (
    "SET LOCAL citus.multi_shard_modify_mode = 'sequential'",
    "SET LOCAL citus.enable_unsafe_triggers = on",
)

_PLACED = "SELECT logicalrel::regclass::text FROM pg_dist_partition"


def has_citus(work: Work) -> bool:
    """Whether the extension is installed in this database."""
    if work.dialect.name != "postgresql":
        return False
    return bool(work.raw.execute("SELECT FROM pg_extension WHERE extname = 'citus'").fetchall())


def distribute(work: Work, metadata: MetaData, *, shards: int) -> list[str]:
    """Distribute each table that is not yet; their names, in the order in which it was done."""
    placed = {name for (name,) in work.raw.execute(_PLACED).fetchall()}
    for words in _SETTINGS:
        work.raw.execute(words)
    done = []
    for table, call in calls(metadata, shards=shards):
        if table not in placed:
            work.raw.execute(call)
            done.append(table)
    return done


def calls(metadata: MetaData, *, shards: int) -> Iterator[tuple[str, str]]:
    """(table, the call that distributes it), in an order in which foreign keys always point to a table that is done."""
    tables = metadata.sorted_tables
    for table in tables:
        if table.info["dist"] == "reference":
            yield table.name, f"SELECT create_reference_table('{table.name}')"
    yield (
        ROOT,
        f"SELECT create_distributed_table('{ROOT}', 'village_id', colocate_with => 'none', shard_count => {shards:d})",
    )
    for table in tables:
        column = table.info["dist"]
        if column not in ("reference", "village_id"):
            yield (
                table.name,
                f"SELECT create_distributed_table('{table.name}', '{column}', colocate_with => 'none', "
                f"shard_count => {shards:d})",
            )
        elif column != "reference" and table.name != ROOT:
            yield (
                table.name,
                f"SELECT create_distributed_table('{table.name}', 'village_id', colocate_with => '{ROOT}')",
            )
