"""What somebody with the database in hands can do behind the service's back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.ground import Ground


class Executed(NamedTuple):
    rowcount: int


class Shell(NamedTuple):
    """Runs statements without guards: past triggers, foreign keys and CHECKs."""

    ground: Ground

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Executed:
        """`?` stands for a value."""
        for value in values:
            sql = sql.replace("?", _literal(value), 1)
        return Executed(self.ground.tamper(sql))


@contextmanager
def behind_the_back(ground: Ground) -> Iterator[Shell]:
    yield Shell(ground)


def tamper(ground: Ground, sql: str, *values: Any) -> None:
    """Change one row behind the service's back."""
    assert Shell(ground).execute(sql, values).rowcount == 1


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'{}'".format(str(value).replace("'", "''"))
