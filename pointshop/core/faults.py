"""Named instants at which a test may cut the power (threats.md §3.1). In a village nothing happens there.

No setting arms them. Only code that calls `watched` can, and this package has none: `tests/acceptance/dying.py` is the
build of the server that does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: In the order in which a client-named PUT passes them.
POINTS = ("after_lookup", "after_effects", "before_commit", "after_commit", "before_response")

Hook = Callable[[str], None]
_hook: Hook | None = None


def hit(point: str) -> None:
    """Pass one of POINTS."""
    if _hook is not None:
        _hook(point)


@contextmanager
def watched(hook: Hook) -> Iterator[None]:
    """Call `hook` with the name of each point that any thread passes inside the block."""
    global _hook
    before, _hook = _hook, hook
    try:
        yield
    finally:
        _hook = before
