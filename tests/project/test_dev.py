import re
import stat
from pathlib import Path

import pytest

import dev


def pins(lock_name: str) -> dict[str, str]:
    """Name → version and hashes, as the lock file has them."""
    text = (dev.LOCKS / f"{lock_name}.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9-]+)==(.*(?:\n    --hash=.*)*)", text, flags=re.MULTILINE)
    return dict(found)


@pytest.mark.parametrize("lock_name", dev.EXTRAS)
def test_lock_holds_every_requirement_with_hashes(lock_name: str) -> None:
    wanted = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in dev.read_requirements(dev.EXTRAS[lock_name])}
    locked = pins(lock_name)
    assert wanted <= locked.keys()
    assert all("--hash=sha256:" in pin for pin in locked.values())


@pytest.mark.parametrize("lock_name", dev.TOOLS)
def test_lock_of_a_tool_holds_it_with_hashes(lock_name: str) -> None:
    wanted = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in dev.read_extras(dev.TOOLS[lock_name])}
    locked = pins(lock_name)
    assert wanted == locked.keys()
    assert all("--hash=sha256:" in pin for pin in locked.values())


@pytest.mark.parametrize("lock_name", [*dev.EXTRAS, *dev.TOOLS])
def test_lock_names_no_host(lock_name: str) -> None:
    assert "://" not in (dev.LOCKS / f"{lock_name}.txt").read_text(encoding="utf-8")


def test_what_runs_is_what_was_tested() -> None:
    assert pins("runtime").items() <= pins("test").items()


def test_secret_of_the_demonstration_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    secret = dev.read_or_make_secret(tmp_path / "secret-key")
    assert len(secret) >= 32
    assert dev.read_or_make_secret(tmp_path / "secret-key") == secret
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
