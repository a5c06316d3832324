"""How we talk to PostgreSQL: what each connection is told, how values come back, how a dead link is noticed in time.

Imported only where the database is PostgreSQL, as psycopg is an extra. `sqlite.py` offers the same functions.
"""

from decimal import Decimal
from time import monotonic
from typing import Any, Self

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.types.numeric import Int8Dumper
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from pointshop.core import silence

Connection = psycopg.Connection[Any]

#: What a statement may wait for and take (threats.md F05); a patient unit of work may take longer.
_SETTINGS = {
    "lock_timeout": "3s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
}
_PATIENT = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
#: For `create_engine`. A server that cannot be reached, or has gone without a word, is given up in seconds.
OPTIONS: dict[str, Any] = {
    "pool_timeout": 3,
    "connect_args": {
        "connect_timeout": 3,
        "application_name": "pointshop",
        "keepalives": 1,
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
    },
}
#: Where the pool keeps when it opened a connection (monotonic).
_SINCE = "pointshop.since"
#: Statements that a connection keeps prepared; all of the app's fit in.
_PREPARED_MAX = 1000


class _TextLoader(Loader):
    """UUIDs as the text they are."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode("ascii")


class _WholeLoader(Loader):
    """PostgreSQL sums BIGINTs as NUMERIC; whole ones come back as int, as on SQLite."""

    def load(self, data: Buffer) -> int | Decimal:
        text = bytes(data).decode("ascii")
        return int(text) if text.lstrip("-").isdecimal() else Decimal(text)


class _DiscreetCursor(psycopg.Cursor[Any]):
    """Its errors hold no values of rows, which PostgreSQL puts into DETAIL and the log would keep (threats.md D13).

    Whoever waits for a server that hangs is called off it (silence.py).
    """

    def execute(self, *arguments: Any, **options: Any) -> Self:
        silence.asked[self.connection] = monotonic()
        try:
            return super().execute(*arguments, **options)
        except psycopg.Error as error:
            raise _without_values(error) from None
        finally:
            silence.asked.pop(self.connection, None)

    def executemany(self, *arguments: Any, **options: Any) -> None:
        silence.asked[self.connection] = monotonic()
        try:
            super().executemany(*arguments, **options)
        except psycopg.Error as error:
            raise _without_values(error) from None
        finally:
            silence.asked.pop(self.connection, None)


def _without_values(error: psycopg.Error) -> psycopg.Error:
    if error.diag.message_primary:
        error.args = (error.diag.message_primary,)
    return error


def watch(engine: Engine) -> None:
    """Set up each new connection of an engine, and look at those that come out of its pool."""
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkout", _refuse_dead)


def begin(connection: Connection, *, lock: bool, patient: bool) -> None:
    """Open a transaction; without lock: one that sees a single instant and cannot write."""
    words = "BEGIN" if lock else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    if patient:
        silence.patient.add(connection)
    _say(connection, f"{words}; {_PATIENT}" if patient else words)


def commit(connection: Connection) -> None:
    """Raises psycopg.Error; without SQLSTATE the link died, and whether it was committed is not known."""
    # PostgreSQL calls it no error to commit a transaction that has failed, or none at all
    if connection.pgconn.transaction_status == TransactionStatus.INERROR:
        raise psycopg.InternalError("a statement of the transaction had failed")
    if connection.pgconn.transaction_status == TransactionStatus.IDLE:
        raise psycopg.InternalError("there is no transaction to commit")
    _say(connection, "COMMIT")
    silence.patient.discard(connection)


def roll_back(connection: Connection) -> None:
    """Raises psycopg.Error where the link is dead; then the server has rolled back by itself."""
    silence.patient.discard(connection)
    _say(connection, "ROLLBACK")


def is_usable(connection: Connection) -> bool:
    """Whether a connection that comes back to the pool may be used again: alive, and in no transaction."""
    return not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE


def execute(connection: Connection, sql: str, parameters: Any) -> "psycopg.Cursor[Any]":
    """Run a statement that is run again and again: parsed and planned once per connection."""
    return connection.execute(sql, parameters, prepare=True)


def execute_many(connection: Connection, sql: str, rows: list[Any]) -> None:
    """Run a statement once for each row, sent one after the other without waiting; dearer than `execute` for one."""
    connection.cursor().executemany(sql, rows)


def _say(connection: Connection, words: str) -> None:
    """Run transaction control past psycopg, which would forget all prepared statements on ROLLBACK.

    They stay valid: in the server, preparing is no part of the transaction.
    """
    silence.asked[connection] = monotonic()
    try:
        result = connection.pgconn.exec_(words.encode())
    finally:
        silence.asked.pop(connection, None)
    if result.status == ExecStatus.COMMAND_OK:
        return
    if connection.pgconn.status != ConnStatus.OK:
        raise psycopg.OperationalError(connection.pgconn.get_error_message())
    raise psycopg.errors.error_from_result(result)


def _prepare(connection: Connection, record: ConnectionPoolEntry) -> None:
    record.info[_SINCE] = monotonic()
    silence.start_watching()
    # by default the type follows the size of the number, and each combination is prepared anew
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_loader("uuid", _TextLoader)
    connection.adapters.register_loader("numeric", _WholeLoader)
    if connection.cursor_factory is psycopg.Cursor:
        connection.cursor_factory = _DiscreetCursor
    connection.prepared_max = _PREPARED_MAX
    # said after connecting, in one message: pgbouncer refuses start-up options
    _say(connection, "; ".join(f"SET {name} = '{value}'" for name, value in _SETTINGS.items()))


def _refuse_dead(connection: Connection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Those of before the server was found hanging would hang too.

    Nothing is under way on a pooled connection, so anything to read on it is the server's good-bye.

    Looking costs two microseconds; asking the server (`pool_pre_ping`) costs a round trip per request.
    """
    if connection.pgconn.status != ConnStatus.OK or silence.has_news(connection.pgconn.socket):
        raise DisconnectionError("the server has closed this connection")
    if silence.is_suspect(record.info[_SINCE]):
        raise DisconnectionError("the server was silent for too long")
