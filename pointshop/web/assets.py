"""The files that pages load: our own and, beside them, the libraries that `python3 dev.py pages` fetched.

All names hang below the digest of them all, `/app/files/<release>/…`: relative imports stay inside one release, and a
browser may keep each file for ever.
"""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

_MEDIA = {
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "wasm": "application/wasm",
}
#: Packed already.
_DENSE = frozenset({"image/png"})
#: Without these the app doesn't start; what to run is said instead.
LIBRARIES = (
    "vendor/htm.js",
    "vendor/idb.js",
    "vendor/weui.css",
    "vendor/zxing/reader/index.js",
    "vendor/zxing/share.js",
    "vendor/zxing/zxing_reader.wasm",
)


@dataclass(frozen=True)
class Asset:
    content: bytes
    media: str

    @cached_property
    def packed(self) -> bytes | None:
        """The content in gzip; None where that saves nothing."""
        return None if self.media in _DENSE else gzip.compress(self.content, compresslevel=9, mtime=0)


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Asset]]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif (media := _MEDIA.get(entry.name.rpartition(".")[2])) is not None:
            yield f"{prefix}{entry.name}", Asset(entry.read_bytes(), media)


def _digest(found: dict[str, Asset]) -> str:
    seen = hashlib.sha256()
    for name, asset in found.items():
        seen.update(f"{name}\0{len(asset.content)}\0".encode())
        seen.update(asset.content)
    return seen.hexdigest()[:16]


_HERE = files("pointshop.web")
#: Name below the release → file; nothing else is served.
FILES: dict[str, Asset] = {
    **dict(_walk(_HERE / "static", "")),
    **dict(_walk(_HERE / "text", "text/")),
    **dict(_walk(_HERE / "vendor", "vendor/")),
}
RELEASE = _digest(FILES)


def url(name: str) -> str:
    """Where a page finds a file. Raises KeyError."""
    if name not in FILES:
        raise KeyError(name)
    return f"/app/files/{RELEASE}/{name}"


def missing() -> list[str]:
    """The libraries that aren't there."""
    return [name for name in LIBRARIES if name not in FILES]


def modules(*folders: str) -> list[str]:
    """Our own modules in some folders of static/js, for pages that load them all at once."""
    return [name for name in FILES if name.endswith(".js") and name.startswith(tuple(f"js/{each}" for each in folders))]
