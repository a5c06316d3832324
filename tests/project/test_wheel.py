"""What a wheel carries, and that the editable install shows the same packages."""

import shutil
import subprocess
import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {"pointshop": "pointshop", "migrations": "pointshop/_migrations"}


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, built outside of it and unpacked."""
    source = tmp_path_factory.mktemp("source")
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    out = tmp_path_factory.mktemp("wheel")
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(out)], cwd=source, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "unpacked")
    return out / "unpacked"


def test_editable_install_finds_the_migrations_inside_the_package() -> None:
    found = files("pointshop._migrations")
    assert Path(str(found)) == ROOT / "migrations"


def test_wheel_finds_the_migrations_inside_the_package(unpacked_wheel: Path) -> None:
    # -S keeps site-packages, and with it the editable install, out of sight.
    ask = (
        "import sys; sys.path.insert(0, sys.argv[1]); from importlib.resources import files\n"
        "print(files('pointshop._migrations'))"
    )
    asked = [sys.executable, "-I", "-S", "-c", ask, str(unpacked_wheel)]
    found = subprocess.run(asked, check=True, capture_output=True, encoding="utf-8").stdout.strip()
    assert Path(found) == unpacked_wheel / "pointshop" / "_migrations"


@pytest.mark.parametrize(("folder", "inside"), SOURCES.items())
def test_wheel_forgets_no_file_of_the_packages(unpacked_wheel: Path, folder: str, inside: str) -> None:
    kept = {path.relative_to(unpacked_wheel / inside) for path in (unpacked_wheel / inside).rglob("*")}
    missing = {
        str(path.relative_to(ROOT / folder))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.relative_to(ROOT / folder) not in kept
    }
    assert missing == set()
