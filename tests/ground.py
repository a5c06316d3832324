"""The ground that tests stand on: a migrated database with two villages and their staff, made once and copied."""

from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from sqlalchemy import update

from pointshop.accounts import passwords
from pointshop.accounts import service as accounts
from pointshop.accounts.models import UserSession
from pointshop.accounts.queries import find_user
from pointshop.cli.place import SYSTEM, opened
from pointshop.config import Config
from pointshop.core.clock import day_starts_at
from pointshop.core.db import unit_of_work
from pointshop.core.policy import ROLES
from pointshop.core.schema import upgrade_schema
from pointshop.core.work import Work
from pointshop.regions.rules import ROOT
from pointshop.regions.service import plant_root, put_region

#: The village most tests live in, and one of another county whose staff have no business here.
HOME = "410926100201"
OTHER = "410927100201"
#: A well-formed code of no village.
NOWHERE = "410926100299"
REGIONS = {
    "41": "河南省",
    "4109": "濮阳市",
    "410926": "范县",
    "410926100": "城关镇",
    HOME: "王庄村",
    "410927": "台前县",
    "410927100": "侯庙镇",
    OTHER: "李庄村",
}
#: Of every user.
PASSWORD = "门前大桥下 1986"
#: (role, village) → token.
Tokens = dict[tuple[str, str], str]
_COUNTY_ROLES = ("admin", "viewer")
_FAR = date(2099, 1, 1)


class Ground(Protocol):
    """A database to test on, of either kind: `on_sqlite.py`, `on_postgresql.py`.

    app: over a database that `renew` makes anew. tokens: (role, village) → a token; ("root", "0") governs all.
    """

    app: Flask
    tokens: Tokens

    def renew(self) -> None:
        """Put everything back to the beginning."""

    def was_written(self) -> bool:
        """Whether anything was committed since `renew`."""

    def config(self) -> Config:
        """How the app is configured."""

    def copied(self, folder: Path) -> AbstractContextManager[Config]:
        """An installation of its own with the two villages in it; its commands act as the database's owner."""

    def empty(self, folder: Path) -> AbstractContextManager[Config]:
        """An installation whose database holds nothing."""

    def run(self, *statements: str, config: Config | None = None) -> list[tuple[Any, ...]]:
        """What someone with a database shell and every right could do; the last one's rows. config: of a copy."""

    def tamper(self, *statements: str, config: Config | None = None) -> int:
        """The same, past triggers and foreign keys, which stand as before at the end; how many rows the last changed.

        On SQLite past CHECKs as well; PostgreSQL lets nobody past those.
        """

    def drop_trigger(self, name: str, *, config: Config | None = None) -> None:
        """name: `TABLE_no_VERB`, as all of ours are called."""

    def contents(self) -> bytes:
        """All that is stored, as it is stored."""

    def obstruct(self, verb: str, table: str) -> None:
        """Let every INSERT or UPDATE of a table fail, until `clear`."""

    def clear(self, verb: str, table: str) -> None: ...


def settled(config: Config) -> Tokens:
    """Make the schema, two villages and their staff in an empty database."""
    with opened(config):
        upgrade_schema()
        return unit_of_work(settle)


def settle(work: Work) -> Tokens:
    """Regions, villages, and one user per role for each village, signed in."""
    plant_root(work)
    for code, name in REGIONS.items():
        put_region(work, code=code, name=name)
    hire = partial(_hire, work, password_hash=passwords.hash_password(PASSWORD))
    tokens: Tokens = {("root", ROOT): hire("root", "admin", ROOT)}
    for village in (HOME, OTHER):
        for role in ROLES:
            region = village[:6] if role in _COUNTY_ROLES else village
            tokens[role, village] = hire(username_of(role, village), role, region)
    # so far away that tests may travel in time
    work.write(update(UserSession).values(expires_at=day_starts_at(_FAR)))
    return tokens


def username_of(role: str, village: str) -> str:
    """`worker` in the home village, `worker-410927100201` in the other."""
    return role if village == HOME else f"{role}-{village}"


def _hire(work: Work, username: str, role: str, region: str, *, password_hash: str) -> str:
    grants = [{"role": role, "region": region, "grid": []}]
    accounts.put_user(
        work, SYSTEM, username=username, name="工作人员", password_hash=password_hash, grants=grants, is_active=True
    )
    user = find_user(work, username)
    assert user is not None
    return accounts.open_session(work, user, device_name=None).token
