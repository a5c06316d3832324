"""The installation a command works in: its app, its database, and who acts in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url

from pointshop.accounts.queries import SYSTEM_NAME
from pointshop.app import open_books
from pointshop.config import Config, ConfigError, read_config
from pointshop.core.db import db, reading
from pointshop.core.policy import Actor, Grant
from pointshop.core.schema import require_current
from pointshop.regions.rules import ROOT, ROOT_PATH

#: Who acts where nobody is signed in: the person at the prompt of the server.
SYSTEM = Actor(0, "system", SYSTEM_NAME, (Grant("admin", ROOT, ROOT_PATH),))


class CommandFailed(Exception):
    """The command cannot do what was asked; the message says why and what would help."""


def configured() -> Config:
    return read_config(os.environ)


@contextmanager
def opened(config: Config) -> Iterator[Flask]:
    """The books, inside their context; their connections are closed at the end."""
    app = open_books(config)
    try:
        with app.app_context():
            yield app
    finally:
        with app.app_context():
            db.engine.dispose()


@contextmanager
def at_work(config: Config | None = None) -> Iterator[Flask]:
    """The books, inside their context, over a database that is there and at this release's schema.

    Raises ConfigError, CommandFailed, SchemaNotCurrent.
    """
    config = config or configured()
    path = sqlite_file(config)
    if path is not None and not path.is_file():
        raise CommandFailed(
            f"没有找到数据库 {path}\n"
            "  已经在用的系统：请检查 POINTSHOP_DATA_DIR，没有设置时在当前文件夹的 data 里找\n"
            "  新装的系统：请先运行 pointshop init"
        )
    with opened(config) as app:
        require_current(reading())
        yield app


def sqlite_file(config: Config) -> Path | None:
    """Where the SQLite database is; None for another database."""
    url = make_url(config.database_url)
    if not url.drivername.startswith("sqlite"):
        return None
    if not url.database or url.database == ":memory:":
        raise ConfigError("POINTSHOP_DATABASE_URL 须指明一个文件")
    return Path(url.database).resolve()


def shown_url(config: Config) -> str:
    """The database's address without its password."""
    return make_url(config.database_url).render_as_string(hide_password=True)
