"""What every response carries and no request needs: security headers, and no cookie sessions.

Tokens travel in a header that a browser never sends by itself, so there is nothing to forge and nothing to keep in a
cookie. The headers are added in front of the app, so that its own faults carry them too.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin

_HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=()"),
    ("X-Robots-Tag", "noindex, noarchive"),
    ("Cache-Control", "no-store"),
)
_HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")
_OURS = frozenset(name for name, _ in _HEADERS)


class SecurityHeaders:
    """WSGI in front of the app: adds each header that the response doesn't set itself.

    is_https: whether people reach the service so; then their browsers shall never try otherwise.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], *, is_https: bool = False) -> None:
        self._app = app
        self._headers = (*_HEADERS, _HTTPS_ONLY) if is_https else _HEADERS

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            own = {name for name, _ in headers if name in _OURS}
            headers.extend(self._headers if not own else [pair for pair in self._headers if pair[0] not in own])
            return start_response(status, headers, error)

        return self._app(environ, start)


class NoSessions(SessionInterface):
    """No cookie is read or set; anything that tries to use one fails."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        return NullSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to save."""
