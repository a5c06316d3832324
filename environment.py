"""The environment of `dev.py`: .venv, filled from a hash-checked lock, and what the locks must hold.

Like dev.py it imports nothing outside the standard library, and an old Python 3 can still read it.
"""

import configparser
import hashlib
import os
import platform
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "locks"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.txt"
OLDEST = (3, 11)
#: What each lock holds: these extras of setup.cfg besides the runtime and the build system. The larger one
#: comes first: the smaller takes over its versions, and an environment made from the larger serves both.
EXTRAS: "dict[str, tuple[str, ...]]" = {"test": ("fonts", "pdf", "postgres", "test"), "runtime": ("pdf",)}
#: Locks of single extras: of tools that don't belong into .venv, and of what only some installations need.
TOOLS = {"fonts": ("fonts",), "npm": ("npm",), "postgres": ("postgres",)}


class Impossible(Exception):
    """Something on this machine stands in the way; the text says what a person can do about it."""


def install(lock_name: str) -> None:
    """Bring .venv to the named lock and pointshop into it, editable; nothing to do when that is so."""
    make_environment()
    wanted = {name: digest_of(name) for name in EXTRAS}
    have = STAMP.read_text(encoding="ascii") if STAMP.exists() else ""
    if have in (wanted[lock_name], wanted["test"]):
        return
    print(f"installing into {VENV} from locks/{lock_name}.txt ...", flush=True)
    # An upgrade that breaks off half-way must not look complete.
    STAMP.unlink(missing_ok=True)
    run_pip("install", "--quiet", "--require-hashes", "--requirement", str(LOCKS / (lock_name + ".txt")))
    # The build system comes from the same lock, so nothing unchecked is fetched to build the project.
    run_pip("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    try:
        run_pip("check")
    except subprocess.CalledProcessError as failed:
        raise Impossible("locks/ do not satisfy setup.cfg; run: python3 dev.py lock") from failed
    STAMP.write_text(wanted[lock_name], encoding="ascii")


@lru_cache(maxsize=None)  # noqa: UP033  # an old Python has no functools.cache
def make_environment() -> None:
    """Create .venv unless a finished one is there; without ensurepip it gets no pip and borrows ours.

    Once in a run: who works in it must not have it made anew under them.
    """
    if STAMP.exists() and works(PYTHON):
        return
    print(f"creating {VENV} with Python {platform.python_version()} ...", flush=True)
    create = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(create, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
        print("python3-venv is missing here, so .venv gets no pip of its own", flush=True)
        run([*create, "--without-pip"])


def works(python: Path) -> bool:
    """Whether the interpreter starts and is recent enough; a .venv outlives the Python it was made from."""
    if not python.exists():
        return False
    probe = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([str(python), "-c", probe], stderr=subprocess.DEVNULL).returncode == 0


def run_pip(*arguments: str) -> None:
    options = ["--disable-pip-version-check", "--no-input"]
    if has_pip(str(PYTHON)):
        run([str(PYTHON), "-m", "pip", *options, *arguments])
    elif has_pip(sys.executable):
        run([sys.executable, "-m", "pip", *options, "--python", str(PYTHON), *arguments])
    else:
        raise Impossible(
            f"There is no pip on this machine, neither in .venv nor for {sys.executable}.\n"
            "Debian, Ubuntu, Deepin, UOS:  sudo apt install python3-venv   (or python3-pip)\n"
            "Fedora, openEuler, Kylin:     sudo dnf install python3-pip\n"
            "Windows, macOS:               install Python from python.org\n"
            "Then run this command again."
        )


def has_pip(python: str) -> bool:
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def digest_of(lock_name: str) -> str:
    """What an installation from this lock depends on, as hex."""
    seen = hashlib.sha256(lock_name.encode())
    for path in (LOCKS / (lock_name + ".txt"), ROOT / "setup.cfg", ROOT / "pyproject.toml"):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def read_requirements(extras: "tuple[str, ...]") -> "list[str]":
    """The requirements of setup.cfg with these extras, and of the build system."""
    import tomllib  # not in the old Pythons that must be able to read this file and say they are too old

    wanted = read_setup()["options"]["install_requires"].splitlines()
    with (ROOT / "pyproject.toml").open("rb") as file:
        built_with: list[str] = tomllib.load(file)["build-system"]["requires"]
    return present(wanted) + read_extras(extras) + built_with


def read_extras(extras: "tuple[str, ...]") -> "list[str]":
    """The requirements of some extras of setup.cfg alone."""
    found = read_setup()["options.extras_require"]
    return [line for extra in extras for line in present(found[extra].splitlines())]


def read_setup() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def present(lines: "list[str]") -> "list[str]":
    return [line for line in lines if line.strip() and not line.startswith("#")]


def run(command: "list[str]", *, env: "dict[str, str] | None" = None) -> None:
    subprocess.run(command, cwd=str(ROOT), check=True, env=env)
