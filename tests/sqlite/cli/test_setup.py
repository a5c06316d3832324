"""Setting up a SQLite file."""

import stat

from tests.installation import Installation
from tests.on_sqlite import file_of


def test_database_is_readable_by_its_owner_only(bare: Installation) -> None:
    bare.run("init")
    assert stat.S_IMODE(file_of(bare.config).stat().st_mode) == 0o600


def test_serve_refuses_several_processes_over_sqlite(installed: Installation) -> None:
    installed.monkeypatch.setenv("POINTSHOP_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    refused = installed.run("serve", "--port", "0", "--workers", "2")
    assert refused.status == 1
    assert "PostgreSQL" in refused.err


def test_command_before_init_makes_no_file(bare: Installation) -> None:
    assert bare.run("verify").status == 3
    assert not file_of(bare.config).exists()
