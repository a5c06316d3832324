"""Codes that are scanned or typed by hand: 80 random bits in Crockford's base 32.

Source: https://www.crockford.com/base32.html, without the check symbol. There are no I, L, O, U: what looks
alike is read alike.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable

CODE_LENGTH = 16
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONGEST_INPUT = 512
#: I, L and O; and what people put between groups, in all the ways in which keyboards spell it.
_LOOK_ALIKES = str.maketrans("ILO", "110", "- .,_·‐‑–—−")
_CODE = re.compile(f"[{_ALPHABET}]{{{CODE_LENGTH}}}")
_CARD_URL = re.compile(r"HTTPS?://[^\s/?#]+(?:/[^\s?#]*)?/C/([^\s/?#]+)/?(?:[?#]\S*)?")


def new_code(random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Draw a code: 16 characters, 80 bits. `random_bytes` gives as many bytes as it is asked for."""
    number = int.from_bytes(random_bytes(CODE_LENGTH * 5 // 8))
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(CODE_LENGTH * 5 - 5, -1, -5))


def in_groups(code: str) -> str:
    """A code as people read it out: four groups of four."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def clean_code(text: str) -> str | None:
    """The code in what was scanned or typed: the code or a card's URL `https://host/c/CODE`, any case.

    Reads I and L as 1, O as 0, full-width as half-width; overlooks hyphens, dots, spaces. None for anything else.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    written = unicodedata.normalize("NFKC", text).strip().upper()
    url = _CARD_URL.fullmatch(written)
    code = (url[1] if url else written).translate(_LOOK_ALIKES)
    return code if _CODE.fullmatch(code) else None
