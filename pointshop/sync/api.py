"""HTTP of offline batches."""

from typing import Any

from pointshop.core.clock import as_text, now
from pointshop.core.routes import Call, Feature
from pointshop.merits import api as merits
from pointshop.sync import schemas, service

feature = Feature("sync", description="离线上传")

_TARGETS = service.targets([merits.feature])


@feature.on(
    "POST",
    "/villages/<village:v>/sync",
    permission="sync.send",
    body=schemas.SyncIn,
    answer=schemas.SyncOut,
)
def sync(call: Call) -> dict[str, Any]:
    """Run what a phone did offline, each operation for itself; a bad one doesn't stop the next.

    Sending the same batch again, whole, in parts or in another order, changes nothing more.
    """
    skew = service.read_device_clock(call.body["device_now"]) - now()
    return {
        "server_now": as_text(now()),
        "clock_skew_seconds": round(skew.total_seconds()),
        "results": [service.run_operation(call, _TARGETS, operation) for operation in call.body["operations"]],
    }
