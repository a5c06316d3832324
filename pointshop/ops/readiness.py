"""Whether this process can serve: the database answers, is this release's, is guarded, and there is room to write."""

import logging
import shutil
import time
from typing import Any

from flask import current_app

from pointshop.config import current_config
from pointshop.core.db import Base, reading
from pointshop.core.guard_check import guard_faults
from pointshop.core.schema import SchemaNotCurrent, require_current

log = logging.getLogger("pointshop")

#: Bytes; with less, SQLite's log cannot grow and photos are refused.
LEAST_ROOM = 50 * 1024 * 1024
#: Guards are compared again after so many seconds: it takes a while and they change rarely.
_GUARDS_HOLD = 60.0
_GUARDS = "pointshop.guards_seen"


def state() -> dict[str, str]:
    """`{status, detail?}`. status: `ok`, `schema_not_current` (detail: what to do), `guards_missing`, `disk_full` or
    `database_unavailable`."""
    try:
        require_current(reading())
        if not _is_guarded():
            return {"status": "guards_missing", "detail": "数据库缺少应有的保护，请运行：pointshop verify"}
    except SchemaNotCurrent as error:
        return {"status": "schema_not_current", "detail": str(error)}
    except Exception as error:
        # whatever it is, whoever asks should send people elsewhere
        log.warning("not ready: %s", type(error).__name__)
        return {"status": "database_unavailable"}
    if not _has_room():
        return {"status": "disk_full", "detail": "磁盘空间不足，请尽快清理"}
    return {"status": "ok"}


def _is_guarded() -> bool:
    seen: dict[str, Any] = current_app.extensions.setdefault(_GUARDS, {"at": float("-inf"), "good": True})
    if time.monotonic() - seen["at"] > _GUARDS_HOLD:
        seen["good"] = next(guard_faults(reading(), Base.metadata), None) is None
        seen["at"] = time.monotonic()
    good: bool = seen["good"]
    return good


def _has_room() -> bool:
    try:
        return shutil.disk_usage(current_config().data_dir).free >= LEAST_ROOM
    except OSError:
        return True  # no folder yet, so nothing that could fill up
