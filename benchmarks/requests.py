"""The requests that are measured, each new: no two ask for the same."""

import json
import random
from collections.abc import Callable
from typing import Any

from benchmarks.bare import Request
from benchmarks.village import CODE, RULE, BenchVillage
from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name

BASE = f"/api/v1/villages/{CODE}"
#: Lines of a batch, as many as the API takes.
BATCH = 500
MERIT, SCAN, REDEMPTION = "merit", "scan", "redemption, one line"
BATCH_OF_MERITS = f"batch of {BATCH} merits"
RANKING, PLACE = "ranking, top 50 of a year", "place of a household in a year"
Maker = Callable[[], Request]


def makers(village: BenchVillage, *, seed: int = 1) -> dict[str, Maker]:
    """Name of a measurement → what makes its next request."""
    chance, day = random.Random(seed), village_day(now()).isoformat()

    def merit() -> Request:
        body = {"rule": RULE, "household": chance.choice(village.households), "occurred_on": day, "note": new_name()}
        return _put(f"/merits/{new_name()}", body)

    def batch() -> Request:
        lines = [{"household": number} for number in chance.sample(village.households, BATCH)]
        body = {"rule": RULE, "occurred_on": day, "note": new_name(), "lines": lines}
        return _put(f"/merit-batches/{new_name()}", body)

    def scan() -> Request:
        return "POST", f"{BASE}/scans", _json({"code": chance.choice(village.cards)})

    def redemption() -> Request:
        lines = [{"product": "SOAP", "quantity": 1}]
        body = {"card": chance.choice(village.cards), "lines": lines, "expected_points": 1}
        return _put(f"/redemptions/{new_name()}", body)

    def ranking() -> Request:
        return "GET", f"{BASE}/rankings?period={day[:4]}&limit=50", b""

    def place() -> Request:
        return "GET", f"{BASE}/households/{chance.choice(village.households)}/place?period={day[:4]}", b""

    return {
        MERIT: merit,
        SCAN: scan,
        REDEMPTION: redemption,
        BATCH_OF_MERITS: batch,
        RANKING: ranking,
        PLACE: place,
    }


def wire(request: Request, *, token: str) -> bytes:
    """A request as it goes over the connection."""
    method, path, body = request
    head = f"{method} {path} HTTP/1.1\r\nHost: village\r\nAuthorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def _put(path: str, body: Any) -> Request:
    return "PUT", BASE + path, _json(body)


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
