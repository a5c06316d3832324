"""The schema's revisions: which one a database has, which one this release wants, and the way there."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import String, column, inspect, select, table

from pointshop.core.db import change_schema, reading, unit_of_work
from pointshop.core.grants import grant_roles
from pointshop.core.planner import advise_planner
from pointshop.core.storage_check import require_fit
from pointshop.core.work import Work

#: Where the revisions are, in a checkout and in an installed package alike.
MIGRATIONS = Path(str(files("pointshop._migrations")))
_VERSION = table("alembic_version", column("version_num", String))


class SchemaNotCurrent(Exception):
    """The database has another schema than this release works with; the message says what to run."""


def find_revision(work: Work) -> str | None:
    """The revision a database is at; None when it holds no schema of ours."""
    if not inspect(work.held.connection).has_table("alembic_version"):
        return None
    found: str | None = work.read(select(_VERSION.c.version_num)).scalar_one_or_none()
    return found


def newest_revision() -> str:
    """The revision this release works with."""
    return _revisions()[0]


def require_current(work: Work) -> None:
    """Raises SchemaNotCurrent unless the database is at the newest revision."""
    found = find_revision(work)
    if found is None:
        raise SchemaNotCurrent("数据库还没有建立，请先运行：pointshop init")
    if found not in _revisions():
        raise SchemaNotCurrent(f"数据库结构是第 {found} 版，由更新的程序建立；请改用那个程序")
    if found != newest_revision():
        raise SchemaNotCurrent(
            f"数据库结构是第 {found} 版，本程序需要第 {newest_revision()} 版。请先备份，再运行：pointshop init"
        )


def upgrade_schema(revision: str = "head") -> None:
    """Bring the current app's database up to a revision, whole or not at all.

    Raises SchemaNotCurrent for a database that a newer release has made, UnfitDatabase for an empty one of the wrong
    kind.
    """
    found = find_revision(reading())
    if found is None:
        require_fit(reading())
    elif found not in _revisions():
        require_current(reading())
    command.upgrade(_config(), revision)
    unit_of_work(advise_planner)
    if revision == "head":
        # two that grant at once would fail: PostgreSQL does not let them wait for each other
        change_schema(lambda _: grant_roles(reading()))


def downgrade_schema(revision: str) -> None:
    """Take the current app's database back to a revision (`base`: to nothing). What later ones held is lost."""
    command.downgrade(_config(), revision)


@cache
def _revisions() -> tuple[str, ...]:
    """Every revision this release knows, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config(MIGRATIONS / "alembic.ini")
    # ConfigParser reads % as its own
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
