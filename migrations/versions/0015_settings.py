"""What each village's settings were and since when; how far its books are sealed."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SETTINGS = (
    "rate_fen",
    "review_levels",
    "notice_days",
    "backdate_days",
    "redemption_weekdays",
    "void_minutes",
    "card_daily_points",
    "period_budget",
    "public_names",
)


def upgrade() -> None:
    op.add_column("village", sa.Column("sealed_until", UTCDateTime(), nullable=True))
    op.create_table(
        "settings_change",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("period_budget", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "typeof(period_budget) IN ('integer', 'null')", name=op.f("ck_settings_change_period_budget_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(version) IN ('integer', 'null')", name=op.f("ck_settings_change_version_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("version > 0", name=op.f("ck_settings_change_version")),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_settings_change_village_id")),
        sa.PrimaryKeyConstraint("village_id", "version", name=op.f("pk_settings_change")),
        sqlite_with_rowid=False,
    )
    _begin_from_what_is_there()
    for words in trigger_statements(op.get_context().dialect.name, ["settings_change"]):
        op.execute(words)


def _begin_from_what_is_there() -> None:
    """Each village's settings of today as its first line, and its last seal."""
    connection = op.get_bind()
    village = sa.table(
        "village",
        sa.column("village_id"),
        sa.column("version"),
        sa.column("sealed_until", UTCDateTime()),
        *map(sa.column, _SETTINGS),
    )
    seal = sa.table("seal", sa.column("village_id"), sa.column("until_at", UTCDateTime()))
    change = sa.table(
        "settings_change",
        *map(sa.column, ("village_id", "version", "actor_id", "period_budget")),
        sa.column("at", UTCDateTime()),
        sa.column("settings", sa.JSON()),
    )
    last = sa.select(sa.func.max(seal.c.until_at)).where(seal.c.village_id == village.c.village_id)
    connection.execute(sa.update(village).values(sealed_until=last.scalar_subquery()))
    for row in connection.execute(sa.select(village)).mappings().all():
        connection.execute(
            sa.insert(change).values(
                village_id=row["village_id"],
                version=row["version"],
                at=datetime.now(UTC),
                actor_id=0,
                settings={name: row[name] for name in _SETTINGS},
                period_budget=row["period_budget"],
            )
        )


def downgrade() -> None:
    op.drop_table("settings_change")
    op.drop_column("village", "sealed_until")
