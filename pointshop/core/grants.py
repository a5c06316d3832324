"""Who may do what inside PostgreSQL (threats.md E01): three roles, granted anew by each `pointshop init`.

The owner (whoever runs `init`) changes the schema. `pointshop_app` serves: it reads and writes, and cannot rewrite what
only grows. `pointshop_report` reads for statistics, without credentials and without people's phones and addresses
(`info={"secret": True}` on a table or a column). docs/postgresql.md creates them. Where a role does not exist nothing
is granted to it: a small installation may do everything as the owner, and then has the triggers alone.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import MetaData, Table

from pointshop.core.db import Base
from pointshop.core.guards import append_only_tables
from pointshop.core.work import Work

APP = "pointshop_app"
REPORT = "pointshop_report"
#: What nobody but the owner may do with a table that only grows.
FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE")
_VERSION_TABLE = "alembic_version"


def grant_roles(work: Work, metadata: MetaData = Base.metadata) -> None:
    """Give each role that exists just what it needs."""
    if work.dialect.name != "postgresql":
        return
    for role in existing_roles(work):
        for words in role_statements(role, metadata):
            work.raw.execute(words)


def existing_roles(work: Work) -> list[str]:
    """Those of our roles that this server knows."""
    rows = work.raw.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s) ORDER BY 1", (APP, REPORT))
    return [name for (name,) in rows.fetchall()]


def role_statements(role: str, metadata: MetaData) -> Iterator[str]:
    """What gives a role its rights and takes away all others."""
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT ON {_VERSION_TABLE} TO {role}"
    frozen = append_only_tables(metadata)
    for table in metadata.sorted_tables:
        # REVOKE on tables leaves what was granted on single columns
        yield f"REVOKE ALL ({_names(table)}) ON {table.name} FROM {role}"
        if role == REPORT:
            yield from _readable(table)
        elif table in frozen:
            yield f"GRANT SELECT, INSERT ON {table.name} TO {role}"
        else:
            yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table.name} TO {role}"


def grant_faults(work: Work, metadata: MetaData) -> Iterator[dict[str, Any]]:
    """Rights on tables that only grow which our roles, or everyone, should not have."""
    for role in [*existing_roles(work), "public"]:
        for table in append_only_tables(metadata):
            found = work.raw.execute(_EXCESS, {"role": role, "table": table.name, "rights": list(FORBIDDEN)}).fetchall()
            for (right,) in found:
                yield {"fault": "unexpected", "kind": "grant", "role": role, "table": table.name, "name": right}


def _readable(table: Table) -> Iterator[str]:
    if table.info.get("secret"):
        return
    if any(column.info.get("secret") for column in table.columns):
        shown = ", ".join(column.name for column in table.columns if not column.info.get("secret"))
        yield f"GRANT SELECT ({shown}) ON {table.name} TO {REPORT}"
    else:
        yield f"GRANT SELECT ON {table.name} TO {REPORT}"


def _names(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


#: rights by table and by column, those of roles that the role is a member of included
_EXCESS = """
SELECT wanted FROM unnest(%(rights)s::text[]) AS wanted, pg_class
WHERE pg_class.oid = %(table)s::text::regclass AND relkind IN ('r', 'p') AND CASE
  WHEN %(role)s::text = 'public' THEN EXISTS (
    SELECT FROM aclexplode(relacl) WHERE grantee = 0 AND privilege_type = wanted)
  WHEN wanted = 'UPDATE' THEN has_any_column_privilege(%(role)s, pg_class.oid, wanted)
  ELSE has_table_privilege(%(role)s, pg_class.oid, wanted)
END
"""
