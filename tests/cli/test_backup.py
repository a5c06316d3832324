"""A backup is whole, private and proven; restoring it as docs/backup.md says gives back the books."""

import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.installation import Installation
from tests.world import World


def test_holds_what_was_committed_even_while_others_write(installed: Installation, village: World) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        number = 100
        while not stop.is_set():
            village.household(f"{number}", points=1)
            number += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        statuses = [installed.run("backup", str(installed.file.parent / f"{i}.backup")).status for i in range(5)]
    finally:
        stop.set()
        writer.join()
        village.close()
    assert statuses == [0] * 5
    for i in range(5):
        restored = restore(installed, installed.file.parent / f"{i}.backup")
        assert restored.run("verify").status == 0


def restore(installed: Installation, backup: Path) -> Installation:
    """The steps of docs/backup.md, with the server stopped."""
    for suffix in ("-wal", "-shm"):
        Path(f"{installed.file}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(backup, installed.file)
    return installed


def test_restoring_gives_back_the_day_of_the_backup(installed: Installation, village: World, tmp_path: Path) -> None:
    backup = tmp_path / "monday.backup"
    assert installed.run("backup", str(backup)).status == 0
    village.household("0009", points=5)
    village.close()
    restore(installed, backup)
    assert installed.run("verify").status == 0
    assert installed.sql("SELECT count(*) FROM household") == [(2,)]
    village.household("0009", points=6)
    assert village.balance("0009") == 6


def test_only_the_owner_may_read_it(installed: Installation, tmp_path: Path) -> None:
    installed.run("backup", str(tmp_path / "b"))
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600


def test_target_without_a_folder_or_a_name_is_told(installed: Installation, tmp_path: Path) -> None:
    assert f"没有文件夹 {tmp_path / 'usb'}" in installed.run("backup", str(tmp_path / "usb" / "b")).err
    assert f"{tmp_path} 是文件夹" in installed.run("backup", "--force", str(tmp_path)).err
    assert list(tmp_path.glob("*.part")) == []


def test_overwrites_nothing_unless_told_to(installed: Installation, tmp_path: Path) -> None:
    target = tmp_path / "b"
    target.write_text("something else")
    refused = installed.run("backup", str(target))
    assert refused.status == 1
    assert "--force" in refused.err
    assert target.read_text() == "something else"
    assert installed.run("backup", "--force", str(target)).status == 0
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM region").fetchone() == (9,)


@pytest.mark.parametrize("name", ["pointshop.sqlite3", "pointshop.sqlite3-wal"])
def test_never_writes_over_the_database_itself(installed: Installation, name: str) -> None:
    before = installed.file.read_bytes()
    assert installed.run("backup", "--force", str(installed.file.parent / name)).status == 1
    assert installed.file.read_bytes() == before


def test_failing_leaves_nothing_behind(installed: Installation, tmp_path: Path) -> None:
    assert installed.run("backup", str(tmp_path / "no" / "such" / "folder")).status == 1
    # pages that cannot be read
    with installed.file.open("r+b") as file:
        file.seek(4096 * 10)
        file.write(b"\xff" * 4096 * 10)
    assert installed.run("backup", str(tmp_path / "b")).status == 1
    assert [path.name for path in tmp_path.iterdir() if "b" in path.suffix or path.name.startswith(".")] == []
