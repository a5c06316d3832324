"""Takes packages from an npm registry by pinned version and integrity: fonts, the phone pages' libraries, axe-core.

What they hold is used as files; nothing of it is run here, no scripts of a package and no dependencies of it.
"""

import base64
import hashlib
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

#: What was fetched; kept, so that a change of how it is used need not fetch it again.
CACHE = Path(__file__).resolve().parent / ".npm"


class Package(NamedTuple):
    """integrity: SHA-512 of the package, as npm gives it."""

    name: str
    version: str
    integrity: str

    @property
    def archive(self) -> Path:
        return CACHE / f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


class Damaged(Exception):
    """What was fetched isn't what was pinned."""


def fetch(package: Package, npm: list[str]) -> None:
    """Bring a package into the cache unless it is there whole. npm: the command that runs npm.

    Raises Damaged, CalledProcessError.
    """
    if package.archive.exists() and is_whole(package):
        return
    CACHE.mkdir(exist_ok=True)
    spec = f"{package.name}@{package.version}"
    print(f"fetching {spec} ...", flush=True)
    subprocess.run([*npm, "pack", spec, "--silent", "--pack-destination", str(CACHE)], cwd=CACHE, check=True)
    if not is_whole(package):
        package.archive.unlink()
        raise Damaged(f"{spec} is not the one that was pinned")


def is_whole(package: Package) -> bool:
    found = hashlib.sha512(package.archive.read_bytes()).digest()
    return base64.b64encode(found).decode() == package.integrity


def read(package: Package, path: str) -> bytes:
    """One file of a package. Raises KeyError."""
    with tarfile.open(package.archive) as archive:
        file = archive.extractfile(f"package/{path}")
        assert file is not None, path
        return file.read()
