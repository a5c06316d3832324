"""Guessing at codes is slowed down: an address that asks for many that don't exist is turned away for a while.

Kept in memory: 80 random bits cannot be guessed anyway, and a stranger must not be able to make us write.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock


class Misses:
    """most: wrong codes of one address within `window`. Remembers no more than `addresses`, the latest."""

    def __init__(self, *, most: int = 20, window: timedelta = timedelta(minutes=5), addresses: int = 10_000) -> None:
        self._most, self._window, self._addresses = most, window, addresses
        self._counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = Lock()

    def seconds_to_wait(self, address: str, now: datetime) -> int:
        """How long an address is turned away from now on; 0: it is not."""
        with self._lock:
            since, count = self._counts.get(address, (now, 0))
        left = since + self._window - now
        return max(1, round(left.total_seconds())) if count >= self._most and left > timedelta(0) else 0

    def add(self, address: str, now: datetime) -> None:
        with self._lock:
            since, count = self._counts.pop(address, (now, 0))
            if now - since >= self._window:
                since, count = now, 0
            self._counts[address] = since, count + 1
            while len(self._counts) > self._addresses:
                self._counts.popitem(last=False)
