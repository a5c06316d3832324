"""`pointshop backup FILE`: a whole and checked copy of the database, while the server runs (docs/backup.md)."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from pointshop.cli.place import CommandFailed, at_work, configured, sqlite_file
from pointshop.config import Config
from pointshop.core.db import reading
from pointshop.core.ids import new_name
from pointshop.core.work import Work


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="覆盖已有的文件")
def backup(file: Path, force: bool) -> None:
    """把数据库备份到 FILE。服务不必停止；照片在数据目录的 photos 里，须另行复制。"""
    config = configured()
    with at_work(config), _taking_its_place(file.resolve(), config, force=force) as part:
        if sqlite_file(config) is not None:
            copy_sqlite(reading(), part)
        else:
            _dump_postgresql(config, part)
    click.echo(f"已备份到 {file}（{file.stat().st_size} 字节）")


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


def _dump_postgresql(config: Config, part: Path) -> None:
    pg_dump = shutil.which("pg_dump")
    if pg_dump is None:
        raise CommandFailed("备份 PostgreSQL 需要 pg_dump，请安装 postgresql-client")
    url = make_url(config.database_url).set(drivername="postgresql")
    # the password goes where other users of the machine cannot see it
    env = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    address = url.set(password=None).render_as_string(hide_password=False)
    command = [pg_dump, "--format=custom", "--no-owner", "--no-password", f"--file={part}", f"--dbname={address}"]
    finished = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", errors="replace")
    if finished.returncode != 0:
        raise CommandFailed(f"pg_dump 失败：{finished.stderr.strip()}")
