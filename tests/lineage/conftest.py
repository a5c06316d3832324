"""The counter, for what shows there."""

import pytest
from flask import Flask

from tests.ground import Ground
from tests.shop.conftest import open_shop
from tests.shop.counter import Counter
from tests.world import World


@pytest.fixture
def shop(app: Flask, ground: Ground, world: World) -> Counter:
    return open_shop(app, ground, world)
