"""kill -9 of a process in the middle of a call: a child of the test makes the call and does not live to tell."""

import os
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from flask import Flask

from pointshop.core import faults
from pointshop.core.db import db
from tests.faults.failing import Counted, counting


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_at_point(app: Flask, call: Callable[[], object], point: str) -> bool:
    """Make the call in a child that dies when it first passes `point`; False when it came back alive."""
    passed: Counter[str] = Counter()

    def hook(name: str) -> None:
        passed[name] += 1
        if name == point and passed[name] == 1:
            die()

    return _killed(app, call, faults.watched(hook))


def killed_at_statement(app: Flask, call: Callable[[], object], number: int) -> bool:
    """The same at the `number`-th statement, before it runs."""
    return _killed(app, call, counting(app, Counted(die, first=number)))


def survived(app: Flask, call: Callable[[], object]) -> bool:
    """The twin: a child in which nothing happens comes back alive."""
    return not _killed(app, call, nullcontext())


def _killed(app: Flask, call: Callable[[], object], trap: AbstractContextManager[None]) -> bool:
    with app.app_context():
        # neither database lets a connection cross a fork
        db.engine.dispose()
    sys.stdout.flush()
    with warnings.catch_warnings():
        # Python fears threads that hold locks; the one that silence.py runs holds none, and the child starts its own
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            with trap:
                call()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
