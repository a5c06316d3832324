"""An installation of its own for one test, and the commands run against it in this process."""

import io
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pointshop.cli.main import main
from pointshop.config import Config
from tests.ground import Ground


class Ran(NamedTuple):
    """Exit status, and what was told to stdout and stderr."""

    status: int
    out: str
    err: str


class Installation(NamedTuple):
    """config: of its database, perhaps with nothing in it yet, and its data folder."""

    config: Config
    ground: Ground
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def folder(self) -> Path:
        return self.config.data_dir

    def run(self, *arguments: str, typed: str = "") -> Ran:
        """`pointshop …` with `typed` on standard input."""
        self.capsys.readouterr()
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(arguments)
        return Ran(status, *self.capsys.readouterr())

    def sql(self, *statements: str) -> list[tuple[Any, ...]]:
        """What someone with a database shell could do; the last one's rows."""
        return self.ground.run(*statements, config=self.config)

    def drop_trigger(self, name: str) -> None:
        self.ground.drop_trigger(name, config=self.config)
