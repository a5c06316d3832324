"""The log: one line a record whatever its text, as JSON for machines or as words for a terminal.

No line holds what people wrote (threats.md D13): of an error the kinds and places are told, not its message, which may
quote a value; of another package's record the words it was written with, not what was filled in.
"""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import has_request_context

from pointshop.config import Form
from pointshop.core.request_id import request_id

OURS = "pointshop"
#: Keys of `extra` under which our records carry what they have to say.
FIELDS = "fields"
_FRAMES = 40


def configure_logs(form: Form) -> None:
    """Let this process write its log to stderr, in one form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)


def usual_form() -> Form:
    """Words where a person looks on, JSON where a machine collects."""
    return "text" if sys.stderr.isatty() else "json"


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # ASCII only: no line break of any alphabet and no escape sequence gets through
        return json.dumps(_document(record), ensure_ascii=True, default=str)


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        document = _document(record)
        head = f"{document.pop('time')} {document.pop('level')} {document.pop('event')}"
        tail = [f"{name}={value}" for name, value in document.items() if value is not None and name != "logger"]
        return "".join(letter if letter.isprintable() else _escaped(letter) for letter in " ".join([head, *tail]))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _document(record: logging.LogRecord) -> dict[str, Any]:
    is_ours = record.name.split(".")[0] == OURS
    document: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "event": record.getMessage() if is_ours else str(record.msg),
        "logger": record.name,
        "request_id": request_id() if has_request_context() else None,
    }
    document |= getattr(record, FIELDS, {})
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        document["error"] = list(_told(error))
    return document


def _told(error: BaseException) -> Iterator[dict[str, Any]]:
    """An error and what it came from: kinds, codes of the database, places in the code. No messages."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        told: dict[str, Any] = {"kind": f"{kind.__module__}.{kind.__qualname__}"}
        for name in ("sqlstate", "sqlite_errorname", "errno"):
            if getattr(current, name, None) is not None:
                told[name] = getattr(current, name)
        yield told | {"stack": _places(current.__traceback__)}
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _places(traceback: TracebackType | None) -> list[str]:
    """Where it went through, the innermost last."""
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        path = Path(code.co_filename)
        found.append(f"{'/'.join(path.parts[-3:])}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return found[-_FRAMES:]
