"""verify over a SQLite file that is damaged, none at all, or held by somebody."""

import sqlite3
from contextlib import closing

from tests.installation import Installation
from tests.on_sqlite import file_of
from tests.world import World


def test_damaged_pages_exit_2(installed: Installation, village: World) -> None:
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'entry'"
    ((page,),) = installed.sql("PRAGMA wal_checkpoint(TRUNCATE)", root)
    with file_of(installed.config).open("r+b") as file:
        file.seek((int(str(page)) - 1) * 4096)
        file.write(b"\xff" * 4096)
    ran = installed.run("verify")
    assert ran.status == 2
    assert "I27" in ran.out


def test_file_that_is_no_database_exits_3(bare: Installation) -> None:
    file_of(bare.config).write_bytes(b"not a database, but long enough to look at " * 50)
    assert bare.run("verify").status == 3


def test_locked_database_exits_3(installed: Installation) -> None:
    # nobody comes to unlock it: no use in waiting as long as in earnest
    installed.monkeypatch.setattr("pointshop.core.sqlite.BUSY_TIMEOUT_MS", 50)
    installed.sql("PRAGMA journal_mode=DELETE")
    with closing(sqlite3.connect(file_of(installed.config), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = installed.run("verify")
    assert ran.status == 3
    assert "占用" in ran.err
