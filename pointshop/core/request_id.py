"""The id of a request: in the problem document, in a response header, in the log; never taken from outside."""

from flask import g, has_request_context

from pointshop.core.ids import new_name

HEADER = "X-Request-Id"


def request_id() -> str:
    """The id of the request that is being served; a new one where none is."""
    if not has_request_context():
        return new_name()
    found: str | None = g.get("request_id")
    if found is None:
        found = g.request_id = new_name()
    return found
