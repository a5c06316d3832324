"""The entry point for production servers starts with a good secret only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pointshop.config import ConfigError, read_config, require_strong_secret

ROOT = Path(__file__).parents[2]


def start(secret: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("POINTSHOP_")}
    env |= {"POINTSHOP_DATA_DIR": str(tmp_path), "POINTSHOP_SECRET_KEY": secret}
    asked = [sys.executable, "-c", "import wsgi; print(wsgi.app.name)"]
    return subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, encoding="utf-8")


def test_starts_with_a_secret_of_chance(tmp_path: Path) -> None:
    assert start("b5e1c0a7d94f3826b5e1c0a7d94f3826", tmp_path).stdout == "pointshop\n"


def test_does_not_start_with_a_secret_that_can_be_guessed(tmp_path: Path) -> None:
    refused = start("changeme", tmp_path)
    assert refused.returncode != 0
    assert "POINTSHOP_SECRET_KEY" in refused.stderr


@pytest.mark.parametrize("secret", ["", "changeme", "0" * 64])
def test_knows_secrets_that_can_be_guessed(secret: str) -> None:
    with pytest.raises(ConfigError, match="POINTSHOP_SECRET_KEY"):
        require_strong_secret(read_config({"POINTSHOP_SECRET_KEY": secret}))
