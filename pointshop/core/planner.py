"""What SQLite's planner is told about the tables, so that plans follow the design and not the accident of an ANALYZE.

Without statistics SQLite takes the first column of a key to pick about ten rows; ours picks a whole village. It then
walks a village's merits instead of the index that was made for the question (a scan took 6 ms instead of 0.4). The
figures are those of a large village, the same everywhere, in the form that SQLite documents for sqlite_stat1.
PostgreSQL gathers its own.
"""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table

from pointshop.core.db import Base
from pointshop.core.work import Work

#: Rows of a large table, and of the small part that a partial index covers.
ROWS = 1_000_000
ROWS_OF_PART = 10_000


def advise_planner(work: Work, metadata: MetaData = Base.metadata) -> None:
    """Write the figures; connections opened from now on plan with them."""
    if work.dialect.name != "sqlite":
        return
    # only ANALYZE makes the table; it finds nothing to say of the schema table
    work.raw.execute("ANALYZE sqlite_schema")
    work.raw.execute("DELETE FROM sqlite_stat1")
    for table in metadata.sorted_tables:
        figures = list(_figures(work, table))
        work.raw.cursor().executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", figures)
    # this connection reads them anew
    work.raw.execute("ANALYZE sqlite_schema")


def _figures(work: Work, table: Table) -> Iterator[tuple[str, str, str]]:
    partial = {index.name for index in table.indexes if index.dialect_options["sqlite"]["where"] is not None}
    has_row_ids = table.dialect_options["sqlite"]["with_rowid"] is not False
    for _, name, unique, origin, _ in work.raw.execute(f"PRAGMA index_list({table.name})").fetchall():
        columns = [row[2] for row in work.raw.execute(f"PRAGMA index_info({name})").fetchall()]
        # the key of a table without row ids is the table, and filed under its name
        filed = table.name if origin == "pk" and not has_row_ids else name
        yield table.name, filed, _stat(ROWS_OF_PART if name in partial else ROWS, columns, is_unique=bool(unique))


def _stat(rows: int, columns: list[str], *, is_unique: bool) -> str:
    """Rows, then how many rows share the first, the first two … columns: the village all, each further one fewer."""
    least = 1 if is_unique else 10
    first = 1 if columns[0] == "village_id" else 0
    steps = len(columns) - first
    shares = [round(rows ** (1 - step / steps)) if steps else rows for step in range(1 - first, steps + 1)]
    return " ".join(map(str, [rows, *(max(share, least) for share in shares)]))
