"""Counts for Prometheus: requests by status, refusals by code. They begin anew with each process."""

import json
import time
from collections import Counter
from threading import Lock

from flask import Flask, Response

MEDIA = "text/plain; version=0.0.4; charset=utf-8"


class Counts:
    """What one process has answered. Threads share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_status: Counter[int] = Counter()
        self._by_code: Counter[str] = Counter()
        self._since = time.time()

    def add(self, status: int, code: str | None) -> None:
        with self._lock:
            self._by_status[status] += 1
            if code is not None:
                self._by_code[code] += 1

    def exposition(self) -> str:
        """All counts in Prometheus's text format."""
        with self._lock:
            by_status, by_code = sorted(self._by_status.items()), sorted(self._by_code.items())
        lines = [
            "# HELP pointshop_requests_total Requests answered, by HTTP status.",
            "# TYPE pointshop_requests_total counter",
            *(f'pointshop_requests_total{{status="{status}"}} {count}' for status, count in by_status),
            "# HELP pointshop_problems_total Problem documents sent, by code.",
            "# TYPE pointshop_problems_total counter",
            *(f'pointshop_problems_total{{code="{code}"}} {count}' for code, count in by_code),
            "# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.",
            "# TYPE process_start_time_seconds gauge",
            f"process_start_time_seconds {self._since:.0f}",
        ]
        return "\n".join(lines) + "\n"


def count_answers(app: Flask) -> None:
    """Count everything the app answers from now on."""
    counts = app.extensions["pointshop.counts"] = Counts()

    @app.after_request
    def count(response: Response) -> Response:
        counts.add(response.status_code, _code_of(response) if response.status_code >= 400 else None)
        return response


def _code_of(response: Response) -> str | None:
    if response.mimetype != "application/problem+json":
        return None
    code: str = json.loads(response.get_data())["code"]
    return code
