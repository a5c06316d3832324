"""`pointshop backup FILE` and `restore FILE`: the whole database as one checked file, from and into either kind.

The file is a SQLite database, whatever it was made from, encrypted where recipients are configured (docs/backup.md).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from pointshop.cli import sealed_file
from pointshop.cli.move import carry_over
from pointshop.cli.place import CommandFailed, at_work, configured, opened, shown_url, sqlite_file
from pointshop.cli.setup import make_private_file
from pointshop.config import Config
from pointshop.core.db import reading
from pointshop.core.ids import new_name
from pointshop.core.journal import note
from pointshop.core.schema import upgrade_schema
from pointshop.core.work import Work


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="覆盖已有的文件")
def backup(file: Path, force: bool) -> None:
    """把数据库备份到 FILE。服务不必停止；照片在数据目录的 photos 里，须另行复制。

    设了 POINTSHOP_BACKUP_RECIPIENTS 时加密：没有对应的密钥谁也打不开。
    """
    config = configured()
    recipients = sealed_file.read_recipients(config.backup_recipients)
    with _taking_its_place(file.resolve(), config, force=force) as part:
        if recipients:
            # never in the clear on the disk that is carried away: what was deleted there can be read again
            with _private_folder(config) as folder:
                _copy(config, folder / "copy.sqlite3")
                sealed_file.lock(folder / "copy.sqlite3", part, recipients)
        else:
            _copy(config, part)
    note(config.data_dir, "backup", bytes=file.stat().st_size, encrypted=bool(recipients))
    how = "已加密" if recipients else "没有加密，请妥善保管"
    click.echo(f"已备份到 {file}（{file.stat().st_size} 字节，{how}）")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--identity", type=click.Path(path_type=Path), help="加密的备份：密钥文件")
@click.option("--anyway", is_flag=True, help="备份里的账目核对不符也恢复（先弄清原因）")
def restore(file: Path, identity: Path | None, anyway: bool) -> None:
    """把备份 FILE 恢复到一个空的数据库（SQLite 或 PostgreSQL 均可），并核对两边完全一致。"""
    config = configured()
    if not file.is_file():
        raise CommandFailed(f"没有文件 {file}")
    if (database := sqlite_file(config)) is not None:
        make_private_file(database)
    with _private_folder(config) as folder:
        copy = folder / "copy.sqlite3"
        copy.touch(mode=0o600)
        _open_backup(file, copy, identity)
        old = replace(config, database_url=f"sqlite:///{copy}")
        for place in (old, config):
            # the backup may be from an older release, and the target from none
            with opened(place):
                upgrade_schema()
        moved = carry_over(old, config, prove=not anyway)
    rows = sum(table.rows for table in moved)
    click.echo(f"已恢复到 {shown_url(config)}，共 {rows} 行，与备份核对相符。接着请运行：pointshop verify")


@click.command("backup-key")
@click.argument("file", type=click.Path(path_type=Path))
def backup_key(file: Path) -> None:
    """新建一把备份密钥，写到 FILE（不要留在服务器上），并显示公钥。"""
    public = sealed_file.make_identity(file)
    click.echo(f"密钥已写到 {file}。请抄两份分处保管，不要留在服务器上：丢了它，加密的备份谁也打不开。")
    click.echo(f"在服务器上设：POINTSHOP_BACKUP_RECIPIENTS={public}")


def _copy(config: Config, target: Path) -> None:
    """All that is committed now as a SQLite file, proven."""
    if sqlite_file(config) is not None:
        with at_work(config):
            copy_sqlite(reading(), target)
    else:
        portable = replace(config, database_url=f"sqlite:///{target}")
        with opened(portable):
            upgrade_schema()
        # broken books are to be kept too, so that somebody can look into them
        carry_over(config, portable, prove=False)
        _settle(target)


def _settle(file: Path) -> None:
    """Let a SQLite file be one file again, without the log beside it."""
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")


def _open_backup(file: Path, copy: Path, identity: Path | None) -> None:
    if sealed_file.is_locked(file):
        if identity is None:
            raise CommandFailed("这份备份是加密的，请用 --identity 给出密钥文件")
        sealed_file.unlock(file, copy, identity)
    else:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            source.execute("VACUUM INTO ?", [str(copy)])


@contextmanager
def _private_folder(config: Config) -> Iterator[Path]:
    """A folder beside the database, for what is in the clear, gone at the end."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".copy-", dir=config.data_dir) as folder:
        yield Path(folder)


def copy_sqlite(work: Work, part: Path) -> None:
    """Write all that is committed now to an empty file, and read it back. Raises CommandFailed.

    Copying the file itself would lose what is still in the write-ahead log (threats.md F23).
    """
    work.raw.execute("VACUUM INTO ?", [str(part)])
    with closing(sqlite3.connect(f"{part.as_uri()}?mode=ro", uri=True)) as copy:
        said = copy.execute("PRAGMA integrity_check").fetchall()
        astray = copy.execute("PRAGMA foreign_key_check").fetchall()
    if said != [("ok",)] or astray:
        raise CommandFailed("备份写出后核对不符，请检查磁盘后重试")


@contextmanager
def _taking_its_place(target: Path, config: Config, *, force: bool) -> Iterator[Path]:
    """An empty file that only its owner may read, which becomes `target` at the end of the block or vanishes."""
    database = sqlite_file(config)
    if database is not None and target.name.startswith(database.name) and target.parent == database.parent:
        raise CommandFailed("备份不能写到数据库自己的位置")
    if target.is_dir():
        raise CommandFailed(f"{target} 是文件夹；请写明备份文件的名字，例如 {target / 'pointshop.backup'}")
    if not target.parent.is_dir():
        raise CommandFailed(f"没有文件夹 {target.parent}，请先建立")
    if target.exists() and not force:
        raise CommandFailed(f"{target} 已存在；要覆盖请加 --force")
    part = target.with_name(f".{target.name}.{new_name()}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield part
        _sync(part)
        os.replace(part, target)
        if os.name != "nt":
            _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have the disk hold what was written."""
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
