"""`pointshop …`, and `python -m pointshop …`, which is the same."""

import gc
import sys
from importlib import import_module


def run() -> int:
    """One command; its exit status. Looking for garbage while the program is read in takes a fifth of the start."""
    gc.disable()
    program = import_module("pointshop.cli.main")
    gc.enable()
    status: int = program.main()
    return status


if __name__ == "__main__":
    sys.exit(run())
