"""Histories of any length, written straight into the tables: chains, marks, tallies and stock as the services would
have left them, so that `pointshop verify` finds nothing wrong.

Nine entries of ten are merits of 5 to 1,985 points, the tenth is a redemption of a bag of rice for one point. All
values are made as both databases read them: numbers and text.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any, Protocol

import psycopg
from sqlalchemy import Table, create_engine

from benchmarks.databases import Database, Postgresql, path_of
from benchmarks.village import CAPPED, CATEGORY, ID, POINTS, BenchVillage
from pointshop.core.clock import as_text, day_starts_at, now, village_day
from pointshop.core.db import Base
from pointshop.core.ids import new_name
from pointshop.core.marks import row_mark

Rows = dict[str, list[tuple[Any, ...]]]
#: Households whose rows are held in memory at once, at most; and entries.
_PIECE_HOUSEHOLDS, _PIECE_ENTRIES = 2_000, 50_000
#: Which entry is a redemption.
_EVERY = 10
_ACTOR, _PRODUCT = 1, "RICE"


class Historian:
    """Makes the rows of households by their ids, over the year up to yesterday. pieces: of rice in the shop."""

    def __init__(self, *, pieces: int) -> None:
        today = village_day(now())
        self._days = [today - timedelta(days=back) for back in range(365, 0, -1)]
        self._spelled = [(day.isoformat(), as_text(day_starts_at(day) + timedelta(hours=12))) for day in self._days]
        self.moves, self.on_hand = 1, pieces

    def opening(self) -> Rows:
        """The delivery that fills the shelf."""
        at, pieces = self._spelled[0][1], self.on_hand
        move = (ID, _PRODUCT, 1, new_name(), "receive", pieces, pieces, None, None, None, None, at, _ACTOR, None)
        return {"stock_move": [(*move, row_mark(*move))]}

    def product(self) -> Rows:
        """What the shelf says at the end."""
        return {
            "product": [(ID, _PRODUCT, "大米", None, "袋", 1, None, None, None, True, None, self.on_hand, self.moves)]
        }

    def tell(self, first: int, last: int, *, entries: int) -> Rows:
        """Table → rows. entries: of each household."""
        rows: Rows = defaultdict(list)
        for account in range(first, last + 1):
            self._household(rows, account, entries)
        return rows

    def _household(self, rows: Rows, account: int, entries: int) -> None:
        balance, months, years = 0, Counter[str](), Counter[int]()
        step = len(self._days) / max(entries, 1)
        for seq in range(1, entries + 1):
            place = (int((seq - 1) * step) + account) % len(self._days)
            name = f"{account:08x}-0000-4000-8000-{seq:012x}"
            if seq % _EVERY == 0:
                balance -= 1
                self._redeem(rows, account, seq, place, name, balance)
            else:
                # as if by chance, or a hundred thousand would share a place
                quantity = 1 + (account * 7919 + seq * 10_007) % 397
                balance += POINTS * quantity
                months[self._spelled[place][0][:7]] += POINTS * quantity
                years[self._days[place].year] += POINTS * quantity
                self._merit(rows, account, seq, place, name, balance, quantity)
        rows["account"].append((ID, account, balance, entries, "active"))
        number = f"H{account}"
        since = self._spelled[0][1]
        group = 1 + account % 6
        rows["household"].append(
            (ID, account, number, "王建国", group, None, None, None, None, "active", number, since)
        )
        rows["tally"] += [(ID, month, account, 0, CATEGORY, points) for month, points in sorted(months.items())]
        rows["year_tally"] += [(ID, account, year, points) for year, points in sorted(years.items())]

    def _merit(self, rows: Rows, account: int, seq: int, place: int, name: str, balance: int, quantity: int) -> None:
        day, at = self._spelled[place]
        points = POINTS * quantity
        self._entry(rows, account, seq, points, balance, "issue", "merit", place, name)
        head = (ID, name, account, None, CAPPED, 1, quantity, points, day, str(seq), "posted", 0, None, seq, None)
        rows["merit"].append((*head, at, _ACTOR, None, None))

    def _redeem(self, rows: Rows, account: int, seq: int, place: int, name: str, balance: int) -> None:
        day, at = self._spelled[place]
        self._entry(rows, account, seq, -1, balance, "shop", "redemption", place, name)
        self.moves += 1
        self.on_hand -= 1
        move = (ID, _PRODUCT, self.moves, None, "redeem", -1, self.on_hand, None, None, None, None, at, _ACTOR, name)
        rows["stock_move"].append((*move, row_mark(*move)))
        rows["redemption"].append(
            (ID, name, account, None, 1, seq, "completed", day, "存单", at, _ACTOR, None, None, None)
        )
        rows["redemption_line"].append((ID, name, 1, _PRODUCT, "大米", "袋", 1, 1, self.moves))

    def _entry(
        self,
        rows: Rows,
        account: int,
        seq: int,
        points: int,
        balance: int,
        counter: str,
        kind: str,
        place: int,
        name: str,
    ) -> None:
        day, at = self._spelled[place]
        source = "redemption" if kind == "redemption" else "merit"
        values = (ID, account, seq, points, balance, counter, kind, day, at, _ACTOR, source, name, None)
        rows["entry"].append((*values, row_mark(*values)))


class Loader(Protocol):
    """The shortest way into a database; nobody else may be connected."""

    def ask(self, sql: str) -> list[tuple[Any, ...]]: ...
    def write(self, rows: Rows, *, into: str | None = None) -> None:
        """Commit rows by table. into: another table that is like theirs."""


def add_households(village: BenchVillage, database: Database, *, households: int, entries: int) -> BenchVillage:
    """Add households with so many entries in all, once to a village; it then names them too."""
    village.close()
    each = entries // households
    historian = Historian(pieces=entries)
    with _resting_indexes(database), loading(database) as loader:
        (known,) = loader.ask("SELECT max(id) FROM household")[0]
        loader.write(historian.opening())
        piece = max(1, min(_PIECE_HOUSEHOLDS, _PIECE_ENTRIES // max(each, 1)))
        for first in range(known + 1, known + households + 1, piece):
            last = min(first + piece - 1, known + households)
            loader.write(historian.tell(first, last, entries=each))
        loader.write(historian.product())
        loader.ask(f"UPDATE counter SET value = {known + households} WHERE purpose = 'household'")
    database.settle()
    return village._replace(households=[*village.households, *(f"H{known + 1 + index}" for index in range(households))])


@contextmanager
def _resting_indexes(database: Database) -> Iterator[None]:
    """Without those indexes whose order is not that of the rows; they are made anew at the end."""
    engine = create_engine(database.url)
    tables = ("merit", "redemption", "stock_move", "year_tally")
    indexes = [index for name in tables for index in Base.metadata.tables[name].indexes if not index.unique]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    yield
    with engine.begin() as connection:
        for index in indexes:
            index.create(connection)
    engine.dispose()


@contextmanager
def loading(database: Database, *, durable: bool = False) -> Iterator[Loader]:
    """durable: SQLite waits for the disk at each commit, as the app's connections do; PostgreSQL always does."""
    if isinstance(database, Postgresql):
        with database.server.connect(path_of(database)) as connection:
            # past foreign keys and triggers; verify sees to the rows afterwards
            connection.execute("SET session_replication_role = replica")
            yield _IntoPostgresql(connection)
    else:
        with closing(sqlite3.connect(path_of(database), isolation_level=None)) as file:
            file.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
            yield _IntoSqlite(file)


class _IntoSqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def write(self, rows: Rows, *, into: str | None = None) -> None:
        self._connection.execute("BEGIN")
        for table, values in rows.items():
            places = ", ".join("?" * len(values[0]))
            self._connection.executemany(f"INSERT INTO {into or table} ({_columns(table)}) VALUES ({places})", values)
        self._connection.execute("COMMIT")


class _IntoPostgresql:
    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._connection = connection

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []

    def write(self, rows: Rows, *, into: str | None = None) -> None:
        for table, values in rows.items():
            words = f"COPY {into or table} ({_columns(table)}) FROM STDIN".encode()
            with self._connection.cursor() as cursor, cursor.copy(words) as copy:
                for row in values:
                    copy.write_row(row)


def _columns(table: str) -> str:
    found: Table = Base.metadata.tables[table]
    return ", ".join(column.name for column in found.columns)
