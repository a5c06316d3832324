"""Publications are tested through the honor rolls that make them."""

from tests.honors.conftest import now, place

__all__ = ["now", "place"]
