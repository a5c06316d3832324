"""Names: made by clients, made by us, and such as follow from other names. Pure but for time and chance."""

import hashlib
import re
import secrets
import time

#: UUID version 4 or 7, lower case, with hyphens: the only spelling of a name.
NAME_PATTERN = r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_NAME = re.compile(NAME_PATTERN, re.ASCII)


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def new_name() -> str:
    """A UUIDv7: 48 bits of milliseconds, then chance (RFC 9562)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return _spell(number)


def derived_name(*parts: str | int) -> str:
    """A name that follows from others, the same each time: SHA-256 of the parts in the shape of a version 4."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    number = int.from_bytes(digest[:16])
    number = number & ~(0xF << 76) | 0x4 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return _spell(number)


def _spell(number: int) -> str:
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
