"""HTTP of offline batches."""

from typing import Any

from pointshop.core.clock import as_text, now
from pointshop.core.routes import Call, Feature
from pointshop.events import signing_api
from pointshop.merits import api as merits
from pointshop.sync import schemas, service

feature = Feature("sync", description="离线上传")

_TARGETS = service.targets([merits.feature, signing_api.feature])


@feature.on(
    "POST",
    "/villages/<village:v>/sync",
    permission="sync.send",
    body=schemas.SyncIn,
    answer=schemas.SyncOut,
    limit="sync",
)
def sync(call: Call) -> dict[str, Any]:
    """离线上传：手机离线时做的事逐件执行，一件不成不影响别的；同一批再传、拆开传、换顺序传，都不会多记。"""
    skew = service.read_device_clock(call.body["device_now"]) - now()
    return {
        "server_now": as_text(now()),
        "clock_skew_seconds": round(skew.total_seconds()),
        "results": [service.run_operation(call, _TARGETS, operation) for operation in call.body["operations"]],
    }
