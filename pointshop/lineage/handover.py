"""The document that a household takes along to another village (迁移交接单). Pure.

It names the points it carries and is signed with the installation's key, so that what is handed in is what was handed
out, and only in the village it was made out to. Whether it was used already is for that village to know.
"""

import base64
import binascii
import hashlib
import hmac
import json
from typing import NamedTuple

_PREFIX = "PS1"
#: bytes of the signature that are kept: 128 bits
_SIGNED = 16


class Handover(NamedTuple):
    """id: of the departure. from_village, to_village: codes. number: in the old village. It names nobody."""

    id: str
    from_village: str
    to_village: str
    number: str
    points: int


class BadHandover(ValueError):
    """No document of ours."""


def write_handover(handover: Handover, *, key: str) -> str:
    """The document as one word of ASCII, to print, scan or copy: `PS1.<content>.<signature>`."""
    content = _encode(json.dumps(handover, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{_PREFIX}.{content}.{_encode(_sign(content, key))}"


def read_handover(text: str, *, key: str) -> Handover:
    """What a document says. Raises BadHandover for any that was not written with this key."""
    prefix, _, rest = text.strip().partition(".")
    content, _, signature = rest.partition(".")
    try:
        is_ours = hmac.compare_digest(_decode(signature), _sign(content, key))
        fields = json.loads(_decode(content)) if prefix == _PREFIX and is_ours else None
    except (ValueError, binascii.Error) as error:
        raise BadHandover(text) from error
    if fields is None:
        raise BadHandover(text)
    return Handover(*fields)


def _sign(content: str, key: str) -> bytes:
    # the purpose goes in, so that no other use of the key makes the same signature
    return hmac.digest(key.encode(), f"handover {content}".encode(), hashlib.sha256)[:_SIGNED]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
