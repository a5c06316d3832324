"""What is noted of each request: one line in the log, one count in the metrics, its id in a header."""

import json
import logging
import time

from flask import Flask, Response, g, request

from pointshop.core.logs import FIELDS
from pointshop.core.request_id import HEADER, request_id
from pointshop.ops.metrics import Counts

log = logging.getLogger("pointshop.request")


def watch_requests(app: Flask, counts: Counts) -> None:
    """Note everything the app answers from now on."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        # never the path itself: names and codes may stand in it
        route = request.url_rule.rule if request.url_rule else None
        code = _code_of(response) if response.status_code >= 400 else None
        counts.add(route=route or "-", method=_method(), status=response.status_code, code=code, seconds=seconds)
        response.headers[HEADER] = request_id()
        user_id, village = g.get("caller", (None, None))
        fields = {
            "method": _method(),
            "route": route,
            "status": response.status_code,
            "code": code,
            "ms": round(seconds * 1000, 1),
            "client": request.remote_addr,
            "user": user_id,
            "village": village,
            "replayed": response.headers.get("Idempotency-Replayed") == "true" or None,
        }
        log.info("request", extra={FIELDS: {name: value for name, value in fields.items() if value is not None}})
        return response


def _method() -> str:
    # whoever may choose words chooses labels without end
    return request.method if request.method in _METHODS else "other"


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _code_of(response: Response) -> str | None:
    known: str | None = g.get("problem_code")
    if known is not None or response.mimetype != "application/problem+json":
        return known
    code: str = json.loads(response.get_data())["code"]
    return code
