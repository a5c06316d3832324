"""Where evidence lies: outside the database, under its digest, readable by the service alone."""

import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

_SHA256 = re.compile(r"[0-9a-f]{64}")


class PhotoStore:
    """Files by content: `photos/ab/cdef….jpg`; the same picture lies there once."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / "photos"

    def keep(self, sha256: str, data: bytes) -> None:
        """Write a picture whole or not at all; nothing to do where it is already."""
        path = self._path(sha256)
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def read(self, sha256: str) -> bytes | None:
        """The picture; None where it is gone."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, sha256: str) -> None:
        """Let a picture go; nothing to do where it is gone."""
        self._path(sha256).unlink(missing_ok=True)

    def list_older(self, than: datetime) -> Iterator[str]:
        """The digests of what was written before an instant."""
        for path in self._root.glob("??/*.jpg"):
            name = path.parent.name + path.stem
            if _SHA256.fullmatch(name) is not None and path.stat().st_mtime < than.timestamp():
                yield name

    def _path(self, sha256: str) -> Path:
        if _SHA256.fullmatch(sha256) is None:
            raise ValueError(sha256)
        return self._root / sha256[:2] / f"{sha256[2:]}.jpg"
