"""The erasures beside the database: one line of JSON each, ids alone, so that a restored backup can be made to forget.

A restore brings back what was erased since, and loses that it was. This file is no part of a database's backup; it is
compared with the database whenever the service starts (docs/backup.md).
"""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pointshop.core.clock import as_text


class Entry(NamedTuple):
    """member_id: 0 for a whole household. registered_at: of the household; elsewhere its id may be another's."""

    village_id: int
    id: str
    household_id: int
    member_id: int
    basis: str
    erased_at: datetime
    actor_id: int
    registered_at: datetime


_INSTANTS = ("erased_at", "registered_at")


class Journal:
    """`erasures.jsonl` in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "erasures.jsonl"

    def read(self) -> Iterator[Entry]:
        """All entries, the oldest first; a line that was cut off by a power cut is left out."""
        if not self._path.exists():
            return
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                fields = json.loads(line)
            except ValueError:
                continue
            yield Entry(**fields | {name: datetime.fromisoformat(fields[name]) for name in _INSTANTS})

    def append(self, entries: Iterable[Entry]) -> None:
        """Add entries, on the disk when this returns."""
        lines = [_line(entry) for entry in entries]
        if not lines:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            # the first line break ends one that was cut off
            file.write("\n" + "\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _line(entry: Entry) -> str:
    return json.dumps(entry._asdict() | {name: as_text(getattr(entry, name)) for name in _INSTANTS})
