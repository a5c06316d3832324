"""How fast lines get into a ledger when nothing is asked of them: the limit of a batch.

PostgreSQL: COPY into a table like `entry`, its key and CHECKs included; SQLite: one `executemany`. The rows are ready
beforehand; each 500 are committed, as those of a batch are.
"""

import time
from typing import NamedTuple

from benchmarks.databases import Database, Postgresql
from benchmarks.history import Historian, Rows, loading
from benchmarks.requests import BATCH

#: Batches in a round.
BATCHES = 20


class Limit(NamedTuple):
    """CPU of this process and of the database per entry in µs; entries per second."""

    cpu: float
    rate: float


class Ledger:
    """An empty copy of the table `entry`, beside the real one."""

    def __init__(self, database: Database) -> None:
        self._database, self._next = database, 1
        self._historian = Historian(pieces=10_000_000)
        with loading(database) as loader:
            if isinstance(database, Postgresql):
                loader.ask("CREATE TABLE bare_entry (LIKE entry INCLUDING ALL)")
            else:
                (words,) = loader.ask("SELECT sql FROM sqlite_schema WHERE name = 'entry'")[0]
                loader.ask(words.replace("CREATE TABLE entry", "CREATE TABLE bare_entry", 1))

    def measure(self) -> Limit:
        """Fill in some more batches."""
        batches = [self._batch() for _ in range(BATCHES)]
        with loading(self._database, durable=True) as loader:
            begun, cpu = time.perf_counter(), time.process_time() + self._database.cpu()
            for rows in batches:
                loader.write(rows, into="bare_entry")
            seconds = time.perf_counter() - begun
        spent = time.process_time() + self._database.cpu() - cpu
        return Limit(spent / (BATCHES * BATCH) * 1e6, BATCHES * BATCH / seconds)

    def _batch(self) -> Rows:
        first, self._next = self._next, self._next + BATCH
        return {"entry": self._historian.tell(first, first + BATCH - 1, entries=1)["entry"]}
