"""What sheets of every kind say: whose they are, which number they bear, under which seal of the books they stand."""

import re
from dataclasses import dataclass

from pointshop.publishing.bounds import require, require_range, require_text

URL = re.compile(r"https?://[A-Za-z0-9.:\-\[\]]{1,100}/[A-Za-z0-9/_\-]{1,100}")

#: Editions of one number: a sheet corrected more often gets a new one.
MAX_EDITION = 99

_VILLAGE_CODE = re.compile(r"[1-9]\d{11}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """code: 12 digits. name, township: as in the region tree, 垸头塆村 and 石门镇."""

    code: str
    name: str
    township: str

    def __post_init__(self) -> None:
        require(_VILLAGE_CODE.fullmatch(self.code), "village.code")
        require_text("village.name", self.name, longest=20)
        require_text("village.township", self.township, longest=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The newest daily seal (日结封存) when the sheet was frozen. digest: its first 16 hex digits."""

    number: int
    digest: str

    def __post_init__(self) -> None:
        require_range("seal.number", self.number, 1, 10**6)
        require(_SHORT.fullmatch(self.digest), "seal.digest")


def require_number(year: int, serial: int, edition: int, replaces: str | None) -> None:
    """A yearly number, and for a correction the digest of the edition it replaces. Raises InvalidDocument."""
    require_range("number.year", year, 2020, 2080)
    require_range("number.serial", serial, 1, 999_999)
    require_range("edition", edition, 1, MAX_EDITION)
    require(replaces is None or _SHA256.fullmatch(replaces), "replaces")
    require((edition > 1) == (replaces is not None), "replaces")
