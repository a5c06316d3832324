"""`python -m pointshop …` is `pointshop …`."""

import sys

from pointshop.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
