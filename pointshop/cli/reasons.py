"""What stands in a person's way, in words that say what would help."""

import errno
import logging
import re
import sqlite3
from collections.abc import Mapping, Sequence

import click
from sqlalchemy.exc import DBAPIError

from pointshop.cli.place import CommandFailed
from pointshop.cli.serve import CannotServe
from pointshop.config import ConfigError
from pointshop.core.db import is_out_of_reach
from pointshop.core.errors import Problem
from pointshop.core.ids import new_name
from pointshop.core.schema import SchemaNotCurrent

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
_OS_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EACCES: "没有读写权限",
    errno.EPERM: "没有读写权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
}
_CELL = re.compile(r"rows\.([0-9]+)(?:\.(.+))?")


def told(error: Exception) -> str:
    """What to tell about an error. A fault of ours goes to the log with its trace, under an id that is told."""
    reason = reason_of(error)
    if reason is not None:
        return reason
    instance = new_name()
    logging.getLogger("pointshop").error("unexpected error %s", instance, exc_info=error)
    return f"意外错误，请联系开发者并提供编号 {instance} 和上面的记录"


def reason_of(error: BaseException) -> str | None:
    """What a person can do about an error; None for a fault of ours."""
    if isinstance(error, Problem):
        return "\n".join([error.detail, *_places(error.errors or {})])
    if isinstance(error, CommandFailed | ConfigError | SchemaNotCurrent | CannotServe):
        return str(error)
    if isinstance(error, OSError):
        reason = _OS_REASONS.get(error.errno or 0) or error.strerror or str(error)
        return f"{reason}：{error.filename}" if error.filename else reason
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "连接 PostgreSQL 还缺一个组件，请在安装本系统的文件夹运行：pip install '.[postgres]'"
    return _database_reason(error)


def usage_reason(error: click.ClickException) -> str:
    """What is wrong with a command as it was typed."""
    match error:
        case click.NoSuchCommand():
            return f"没有 {error.command_name} 这个命令"
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项"
        case click.MissingParameter(param=click.Parameter() as parameter):
            return f"还缺 {parameter.human_readable_name}"
        case click.BadParameter(param=click.Parameter(type=click.IntRange() as whole) as parameter):
            return f"{'/'.join(parameter.opts)} 须为 {whole.min} 到 {whole.max} 的整数"
    return error.format_message()


def _places(errors: Mapping[str, Sequence[str]]) -> list[str]:
    """A line per place; a cell of a table is named as the table shows it."""
    return [f"  {_place(name)}{'；'.join(words)}" for name, words in errors.items()]


def _place(name: str) -> str:
    cell = _CELL.fullmatch(name)
    if cell is None:
        return "" if name == "file" else f"{name}："
    line, column = cell.groups()
    shown = "" if line == "0" else f"第 {line} 行"
    return f"{' '.join(filter(None, [shown, column]))}："


def _database_reason(error: BaseException) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.DatabaseError):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return _SQLITE_REASONS.get(code)
    if is_out_of_reach(error):
        return f"连接不上数据库：{cause}".strip()
    return None
