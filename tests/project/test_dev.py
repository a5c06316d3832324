import ast
import json
import re
import stat
from pathlib import Path
from types import ModuleType

import pytest

import dev
import environment


def pins(lock_name: str) -> dict[str, str]:
    """Name → version and hashes, as the lock file has them."""
    text = (environment.LOCKS / f"{lock_name}.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9-]+)==(.*(?:\n    --hash=.*)*)", text, flags=re.MULTILINE)
    return dict(found)


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in requirements}


@pytest.mark.parametrize("lock_name", environment.EXTRAS)
def test_lock_holds_every_requirement_with_hashes(lock_name: str) -> None:
    wanted = {
        re.split(r"[^A-Za-z0-9-]", line)[0].lower()
        for line in environment.read_requirements(environment.EXTRAS[lock_name])
    }
    locked = pins(lock_name)
    assert wanted <= locked.keys()
    assert all("--hash=sha256:" in pin for pin in locked.values())


@pytest.mark.parametrize("lock_name", environment.TOOLS)
def test_lock_of_an_extra_holds_it_with_hashes(lock_name: str) -> None:
    wanted = {
        re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in environment.read_extras(environment.TOOLS[lock_name])
    }
    locked = pins(lock_name)
    assert wanted <= locked.keys()
    assert all("--hash=sha256:" in pin for pin in locked.values())


@pytest.mark.parametrize("lock_name", [*environment.EXTRAS, *environment.TOOLS])
def test_lock_names_no_host(lock_name: str) -> None:
    assert "://" not in (environment.LOCKS / f"{lock_name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock_name", ["runtime", "postgres"])
def test_what_runs_is_what_was_tested(lock_name: str) -> None:
    def pinned(name: str) -> set[tuple[str, str]]:
        """Without the condition under which it is needed, which may be another."""
        return {(package, re.sub(r" ;[^\\]*", " ", pin)) for package, pin in pins(name).items()}

    assert pinned(lock_name) <= pinned("test")


def test_secret_of_the_demonstration_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    secret = dev.read_or_make_secret(tmp_path / "secret-key")
    assert len(secret) >= 32
    assert dev.read_or_make_secret(tmp_path / "secret-key") == secret
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def _report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


SOUND: dict[str, object] = {"name": "flask", "version": "3.1.1", "vulns": []}
FAULTY: dict[str, object] = {"name": "pillow", "version": "12.0.0", "vulns": [{"id": "CVE-2026-0001"}]}
UNKNOWN: dict[str, object] = {"name": "click", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("report", "status", "words"),
    [
        ("", 0, "not checked: the advisory service cannot be asked from here"),
        (_report(UNKNOWN), 0, "not checked: the advisory service cannot be asked from here"),
        (_report(SOUND), 0, "1 packages without known faults"),
        (_report(SOUND, UNKNOWN), 0, "1 packages without known faults, 1 unknown to the service"),
        (_report(SOUND, FAULTY), 1, "pillow 12.0.0: CVE-2026-0001"),
    ],
)
def test_a_known_fault_fails_and_want_of_a_network_is_said(report: str, status: int, words: str) -> None:
    assert dev.read_audit(report) == (status, words)


@pytest.mark.parametrize("module", [dev, environment])
def test_an_old_python_can_still_read_it(module: ModuleType) -> None:
    """To say that it is too old: no newer syntax, and no annotation that means something only to a newer one."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"), feature_version=(3, 7))
    # those of local names are never looked at
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    arguments = [each for node in functions for each in [*node.args.args, *node.args.kwonlyargs]]
    annotated: list[ast.FunctionDef | ast.arg | ast.AnnAssign] = [*functions, *arguments]
    annotated += [node for node in tree.body if isinstance(node, ast.AnnAssign)]
    given = [node.returns if isinstance(node, ast.FunctionDef) else node.annotation for node in annotated]
    assert not [ast.unparse(each) for each in given if isinstance(each, ast.Subscript | ast.BinOp)]
