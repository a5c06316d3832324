"""`pointshop …`, and `python -m pointshop …`, which is the same."""

import gc
import sys
from importlib import import_module


def run() -> int:
    """One command; its exit status.

    Nothing of the program itself is garbage: looking for some while it is read in takes a fifth of the start, and
    looking through all of it again later is for nothing too.
    """
    gc.disable()
    program = import_module("pointshop.cli.main")
    gc.freeze()
    gc.enable()
    status: int = program.main()
    return status


if __name__ == "__main__":
    sys.exit(run())
