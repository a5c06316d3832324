"""The files that sheets and pages load: style sheets, the drawings these show, the script of the print desk."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files

_MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
#: Seconds to keep a file; pages name style sheets with their digest, so a new one is fetched at once.
MAX_AGE = 86_400


@dataclass(frozen=True, slots=True)
class Asset:
    """digest: of the content, 16 hex digits."""

    content: bytes
    media: str
    digest: str


def _read() -> dict[str, Asset]:
    found = {}
    for file in (files("pointshop.publishing") / "static" / "publishing").iterdir():
        content = file.read_bytes()
        media = _MEDIA["." + file.name.rpartition(".")[2]]
        found[file.name] = Asset(content, media, hashlib.sha256(content).hexdigest()[:16])
    return found


#: File name → file; nothing else is served.
FILES = _read()


def url(file: str) -> str:
    """Where a page finds a file. Raises KeyError."""
    return f"/static/publishing/{file}?v={FILES[file].digest}"
