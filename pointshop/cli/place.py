"""The installation a command works in: its app, its database, and what to say when something is in the way."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from pointshop.app import create_app
from pointshop.cli.serve import CannotServe
from pointshop.config import Config, ConfigError, read_config
from pointshop.core.db import db, is_out_of_reach, reading, sql_state
from pointshop.core.errors import Problem
from pointshop.core.policy import Actor, Grant
from pointshop.core.schema import SchemaNotCurrent, require_current
from pointshop.core.storage_check import UnfitDatabase
from pointshop.regions.rules import ROOT, ROOT_PATH

#: Who acts where nobody is signed in: the person at the prompt of the server.
SYSTEM = Actor(0, "system", "系统", (Grant("admin", ROOT, ROOT_PATH),))


class CommandFailed(Exception):
    """The command cannot do what was asked; the message says why and what would help."""


def configured() -> Config:
    return read_config(os.environ)


@contextmanager
def opened(config: Config) -> Iterator[Flask]:
    """The app, inside its context; its connections are closed at the end."""
    app = create_app(config)
    try:
        with app.app_context():
            yield app
    finally:
        with app.app_context():
            db.engine.dispose()


@contextmanager
def at_work(config: Config | None = None) -> Iterator[Flask]:
    """The app, inside its context, over a database that is there and at this release's schema.

    Raises ConfigError, CommandFailed, SchemaNotCurrent.
    """
    config = config or configured()
    path = sqlite_file(config)
    if path is not None and not path.is_file():
        raise CommandFailed(f"没有找到数据库 {path}，请先运行：pointshop init")
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


def reason_of(error: BaseException) -> str | None:
    """What a person can do about an error; None for a fault of ours."""
    if isinstance(error, Problem):
        told = [f"  {place}：{'；'.join(words)}" for place, words in (error.errors or {}).items()]
        return "\n".join([error.detail, *told])
    if isinstance(error, CommandFailed | ConfigError | SchemaNotCurrent | UnfitDatabase | CannotServe):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or error}：{error.filename}" if error.filename else str(error)
    return _database_reason(error)


def _database_reason(error: BaseException) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.DatabaseError):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return _SQLITE_REASONS.get(code)
    if is_out_of_reach(error):
        return f"连接不上数据库：{cause}".strip()
    if sql_state(error) == "42501":
        return "这个数据库账号没有这项权限；建立和升级数据库请用 pointshop_owner（见 docs/postgresql.md）"
    return None


_SQLITE_REASONS = {
    sqlite3.SQLITE_BUSY: "数据库正被另一个程序占用，请稍后再试",
    sqlite3.SQLITE_LOCKED: "数据库正被另一个程序占用，请稍后再试",
    sqlite3.SQLITE_NOTADB: "这个文件不是数据库",
    sqlite3.SQLITE_CORRUPT: "数据库文件已损坏，请用最近的备份恢复",
    sqlite3.SQLITE_CANTOPEN: "打不开数据库文件，请检查路径和权限",
    sqlite3.SQLITE_READONLY: "数据库文件只读，请检查权限",
    sqlite3.SQLITE_PERM: "没有读写数据库文件的权限",
    sqlite3.SQLITE_FULL: "磁盘已满",
    sqlite3.SQLITE_IOERR: "读写磁盘出错",
}
