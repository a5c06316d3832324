"""The one true text of a frozen document: canonical JSON and its digest."""

import hashlib
import json
from collections.abc import Mapping

#: RFC 8785 numbers are IEEE doubles: beyond this a whole number is no longer exact in every reader.
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 20

_quote = json.JSONEncoder(ensure_ascii=False).encode


class NotCanonical(ValueError):
    """A value that has no canonical form: a float, an unpaired surrogate, a key that is no string."""


def canonical_json(value: object) -> bytes:
    """UTF-8 JSON after RFC 8785, restricted to dict, list, str, int, bool and None.

    Keys are sorted by UTF-16 code units, nothing stands between tokens. Floats (so NaN too), tuples, whole
    numbers beyond 2**53 - 1, unpaired surrogates and more than 20 levels raise NotCanonical: two readers
    might not agree on them.
    """
    try:
        return _text(value, depth=0).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("unpaired surrogate") from error


def digest(document: Mapping[str, object]) -> str:
    """SHA-256 of the canonical JSON, 64 lower-case hex digits."""
    return hashlib.sha256(canonical_json(dict(document))).hexdigest()


def short_digest(full: str) -> str:
    """The first 16 hex digits in groups of four, as printed on every sheet: 6f1e 90ab 1234 cdef."""
    return " ".join(full[start : start + 4] for start in range(0, 16, 4))


def _text(value: object, *, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise NotCanonical(f"deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        return _quote(value)
    if value is None or isinstance(value, bool):
        return _quote(value)
    if isinstance(value, int):
        return _whole_number(value)
    if isinstance(value, list):
        return "[" + ",".join(_text(item, depth=depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(_member(key, value[key], depth=depth) for key in _sorted_keys(value)) + "}"
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _whole_number(value: int) -> str:
    if abs(value) > MAX_INTEGER:
        raise NotCanonical("a whole number beyond 2**53 - 1")
    return str(int(value))


def _sorted_keys(members: dict[object, object]) -> list[str]:
    keys = [key for key in members if isinstance(key, str)]
    if len(keys) != len(members):
        raise NotCanonical("a key is not a string")
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _member(key: str, value: object, *, depth: int) -> str:
    return f"{_quote(key)}:{_text(value, depth=depth + 1)}"
