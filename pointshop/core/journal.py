"""What commands leave for the server to tell: when the last verify, backup and seal were, and how they ended.

One small JSON file a command in the data folder: written whole, readable by its owner, never needed for anything but
telling.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from pointshop.core import clock
from pointshop.core.ids import new_name

FOLDER = "state"


def note(data_dir: Path, command: str, **outcome: Any) -> None:
    """Keep how a command ended. outcome: JSON values. What cannot be written is no reason for the command to fail."""
    folder = data_dir / FOLDER
    part = folder / f".{command}.{new_name()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.touch(mode=0o600)
        part.write_text(json.dumps({"at": clock.as_text(clock.now())} | outcome), encoding="utf-8")
        os.replace(part, folder / f"{command}.json")
    except OSError:
        with suppress(OSError):
            part.unlink()


def noted(data_dir: Path, command: str) -> dict[str, Any] | None:
    """How it ended the last time; None where it never ran here."""
    try:
        found: Any = json.loads((data_dir / FOLDER / f"{command}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
