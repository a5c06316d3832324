"""The ground that tests stand on: a migrated database with two villages and their staff, made once and copied."""

import shutil
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from sqlalchemy import update

from pointshop.accounts import passwords
from pointshop.accounts import service as accounts
from pointshop.accounts.models import UserSession
from pointshop.accounts.queries import find_user
from pointshop.app import create_app
from pointshop.cli.place import SYSTEM
from pointshop.config import Config
from pointshop.core.clock import day_starts_at
from pointshop.core.db import db, reading, unit_of_work
from pointshop.core.policy import ROLES
from pointshop.core.schema import upgrade_schema
from pointshop.core.work import Work
from pointshop.regions.rules import ROOT
from pointshop.regions.service import plant_root, put_region
from tests.hurry import hurry

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
_COUNTY_ROLES = ("admin", "viewer")
_FAR = date(2099, 1, 1)


class Ground(NamedTuple):
    """app: over `file`, which `renew` makes anew. tokens: (role, village) → a token; ("root", "0") governs all."""

    app: Flask
    file: Path
    template: Path
    tokens: dict[tuple[str, str], str]

    def renew(self) -> None:
        """Put everything back to the beginning."""
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)
        shutil.rmtree(self.file.parent / "photos", ignore_errors=True)

    def was_written(self) -> bool:
        """Whether anything was committed since `renew`; the template has no write-ahead log."""
        log = Path(f"{self.file}-wal")
        return log.exists() and log.stat().st_size > 0


def config_for(file: Path) -> Config:
    """An installation whose database is `file` and whose data folder is the file's."""
    return Config(f"sqlite:///{file}", file.parent, "for tests only", "http://127.0.0.1:8000", is_production=False)


def lay_ground(folder: Path) -> Ground:
    """Make the template, and an app over a copy of it."""
    template, file = folder / "template.sqlite3", folder / "village.sqlite3"
    maker = create_app(config_for(template))
    with maker.app_context():
        upgrade_schema()
        tokens = unit_of_work(_settle)
        reading().raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with maker.app_context():
        db.engine.dispose()
    app = create_app(config_for(file))
    hurry(app)
    return Ground(app, file, template, tokens)


def _settle(work: Work) -> dict[tuple[str, str], str]:
    """Regions, villages, and one user per role for each village, signed in."""
    plant_root(work)
    for code, name in REGIONS.items():
        put_region(work, code=code, name=name)
    hire = partial(_hire, work, password_hash=passwords.hash_password(PASSWORD))
    tokens = {("root", ROOT): hire("root", "admin", ROOT)}
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
