"""A backup from either database restores into either, whole and proven; stolen, it is noise (threats.md D19, F23)."""

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pointshop.core.ids import new_name
from tests.ground import Ground
from tests.installation import Installation
from tests.world import World


@pytest.fixture
def key(installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An identity, whose public key the installation encrypts to."""
    file = tmp_path / "backup.key"
    told = installed.run("backup-key", str(file)).out
    monkeypatch.setenv("POINTSHOP_BACKUP_RECIPIENTS", told.strip().rpartition("=")[2])
    return file


def _contents(installation: Installation) -> list[tuple[object, ...]]:
    return installation.sql("SELECT village_id, id, balance, last_seq FROM account ORDER BY 1, 2")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_backup_restores_into_either_database(
    installed: Installation,
    village: World,
    key: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    is_encrypted: bool,
) -> None:
    village.rule()
    village.merit()
    village.close()
    if not is_encrypted:
        monkeypatch.delenv("POINTSHOP_BACKUP_RECIPIENTS")
    backup, before = tmp_path / "b", _contents(installed)
    assert installed.run("backup", str(backup)).status == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    other: Ground = request.getfixturevalue(f"{kind}_ground")
    folder = tmp_path_factory.mktemp("restored")
    with other.empty(folder) as config:
        monkeypatch.setenv("POINTSHOP_DATA_DIR", str(config.data_dir))
        monkeypatch.setenv("POINTSHOP_DATABASE_URL", config.database_url)
        restored = Installation(config, other, monkeypatch, installed.capsys)
        options = ["--identity", str(key)] if is_encrypted else []
        ran = restored.run("restore", str(backup), *options)
        assert ran.status == 0, ran.err
        assert _contents(restored) == before
        assert restored.run("verify").status == 0
        # nothing in the clear is left lying about
        assert [path.name for path in folder.iterdir() if path.name.startswith(".copy")] == []
        again = restored.run("restore", str(backup), *options)
        assert (again.status, "已有数据" in again.err) == (1, True)


def test_a_stolen_backup_tells_nothing(installed: Installation, village: World, key: Path, tmp_path: Path) -> None:
    village.household("0009", head="金丝雀", phone="13912345678")
    village.close()
    assert installed.run("backup", str(tmp_path / "b")).status == 0
    stolen = (tmp_path / "b").read_bytes()
    for canary in ("金丝雀".encode(), b"13912345678", b"SQLite", b"household", b"410926100201"):
        assert canary not in stolen
    assert stolen.startswith(b"age-encryption.org/v1")


def test_the_wrong_key_or_none_is_told_in_plain_words(
    installed: Installation, key: Path, tmp_path: Path, bare_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = tmp_path / "b"
    assert installed.run("backup", str(backup)).status == 0
    monkeypatch.setenv("POINTSHOP_DATABASE_URL", f"sqlite:///{bare_folder / 'new.sqlite3'}")
    monkeypatch.setenv("POINTSHOP_DATA_DIR", str(bare_folder))
    installed.run("backup-key", str(tmp_path / "other.key"))
    (tmp_path / "no.key").write_text("something else")
    (tmp_path / "empty.key").write_text("# nothing")
    half = tmp_path / "half"
    half.write_bytes(backup.read_bytes()[:-100])
    other = tmp_path / "other"
    other.write_text("no backup at all")
    for words, arguments in (
        ("请用 --identity", [backup]),
        ("是用别的密钥加密的", [backup, "--identity", tmp_path / "other.key"]),
        ("不是密钥文件", [backup, "--identity", tmp_path / "no.key"]),
        ("里没有密钥", [backup, "--identity", tmp_path / "empty.key"]),
        ("没有这个文件", [backup, "--identity", tmp_path / "nowhere"]),
        ("不完整或已损坏", [half, "--identity", key]),
        ("这个文件不是数据库", [other]),
        ("没有文件", [tmp_path / "nothing"]),
    ):
        ran = installed.run("restore", *map(str, arguments))
        assert (ran.status, words in ran.err, "Traceback" in ran.err) == (1, True, False), ran.err


@pytest.fixture
def bare_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bare")


def test_a_key_overwrites_nothing_and_is_its_owners(installed: Installation, tmp_path: Path) -> None:
    file = tmp_path / "k"
    assert installed.run("backup-key", str(file)).status == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    assert installed.run("backup-key", str(file)).status == 1
    assert file.read_text() == before
    assert before.splitlines()[1] not in installed.run("backup-key", str(tmp_path / "l")).out


def test_recipients_that_are_none_are_refused_before_anything_is_written(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POINTSHOP_BACKUP_RECIPIENTS", "age1oops")
    ran = installed.run("backup", str(tmp_path / "b"))
    assert (ran.status, "age1" in ran.err) == (1, True)
    assert not (tmp_path / "b").exists()


def test_a_backup_under_load_is_of_one_instant(
    installed: Installation,
    village: World,
    key: Path,
    tmp_path: Path,
    bare_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    village.rule()
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            village.merit(note=new_name())

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        statuses = [installed.run("backup", str(tmp_path / f"{turn}.backup")).status for turn in range(2)]
    finally:
        stop.set()
        writer.join()
        village.close()
    assert statuses == [0, 0]
    monkeypatch.setenv("POINTSHOP_DATA_DIR", str(bare_folder))
    for turn in range(2):
        monkeypatch.setenv("POINTSHOP_DATABASE_URL", f"sqlite:///{bare_folder / f'{turn}.sqlite3'}")
        ran = installed.run("restore", str(tmp_path / f"{turn}.backup"), "--identity", str(key))
        assert ran.status == 0, ran.err
        assert installed.run("verify").status == 0


@pytest.mark.breaks_the_books
def test_broken_books_are_kept_and_come_back_only_when_asked(
    installed: Installation, village: World, tmp_path: Path, bare_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.close()
    installed.ground.tamper("UPDATE account SET balance = 77 WHERE id = 1", config=installed.config)
    assert installed.run("backup", str(tmp_path / "b")).status == 0
    monkeypatch.setenv("POINTSHOP_DATABASE_URL", f"sqlite:///{bare_folder / 'new.sqlite3'}")
    monkeypatch.setenv("POINTSHOP_DATA_DIR", str(bare_folder))
    refused = installed.run("restore", str(tmp_path / "b"))
    assert (refused.status, "核对不符" in refused.err) == (1, True)
    assert installed.run("restore", "--anyway", str(tmp_path / "b")).status == 0
    assert installed.run("verify").status == 2


def test_the_file_is_a_database_that_any_tool_opens(installed: Installation, village: World, tmp_path: Path) -> None:
    village.close()
    installed.run("backup", str(tmp_path / "b"))
    with closing(sqlite3.connect(tmp_path / "b")) as copy:
        assert copy.execute("SELECT count(*) FROM household").fetchone() == (2,)
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("b")} == {"b"}
