"""A village in which everything can be done."""

import pytest

from tests.api import Api
from tests.faults.deeds import furnish
from tests.world import World


@pytest.fixture
def card(world: World, api: Api) -> str:
    """The card of household 0001, in a village with three households, a rule and goods."""
    return furnish(world, api)
