"""Publications are tested through the honor rolls that make them."""

from tests.honors.conftest import county, now

__all__ = ["county", "now"]
