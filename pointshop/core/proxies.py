"""Whose address a request comes from when it passed proxies (threats.md C19).

`X-Forwarded-For` says what anybody wrote into it. Only the part that our own proxies added is true: so it is read from
its end, and only as far as the addresses are those of proxies that the operator named.
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from pointshop.config import Network

Address = IPv4Address | IPv6Address


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The nearest address on the way here that is none of our proxies'.

    peer: who is connected to us. forwarded_for: the header, the client's own words first, our proxies' last.
    """
    nearest = peer
    hops = [hop.strip() for hop in forwarded_for.split(",")] if forwarded_for else []
    for hop in reversed(hops):
        if not _is_among(nearest, trusted):
            break
        address = _read(hop)
        if address is None:
            # a proxy of ours would not write that; what it stands for is nobody we know
            break
        nearest = str(address)
    return nearest


def _is_among(address: str, networks: Sequence[Network]) -> bool:
    found = _read(address)
    return found is not None and any(found in network for network in networks)


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # an IPv4 client on a socket that takes both
    return getattr(address, "ipv4_mapped", None) or address


class TrustedProxies:
    """WSGI in front of the app: puts the client's address where the app looks for it."""

    def __init__(self, app: Callable[..., Iterable[bytes]], trusted: Sequence[Network]) -> None:
        self._app, self._trusted = app, trusted

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        forwarded_for = environ.get("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = client_address(environ.get("REMOTE_ADDR", ""), forwarded_for, self._trusted)
        return self._app(environ, start_response)
