"""`pointshop` that dies by its own hand.

DIE_AT=POINT:N in the environment: at the N-th time a PUT or an upload passes that fault point, as by `kill -9`.
"""

import os
import signal
from collections import Counter

from flask import has_request_context, request

import pointshop.__main__
from pointshop.core import faults


def die_at(point: str, times: int) -> faults.Hook:
    """A hook that kills this process."""
    passed: Counter[str] = Counter()

    def hook(name: str) -> None:
        if not has_request_context() or request.method == "GET":
            return
        passed[name] += 1
        if name == point and passed[name] == times:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def run() -> int:
    """One command, as far as it comes."""
    at, _, number = os.environ["DIE_AT"].partition(":")
    with faults.watched(die_at(at, int(number))):
        return pointshop.__main__.run()
