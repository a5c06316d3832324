import pytest

from tests.api import Api
from tests.web.wall import furnish
from tests.world import World


@pytest.fixture
def wall(world: World, api: Api) -> World:
    """Twelve households with points, and soap to be had."""
    return furnish(world, api)
