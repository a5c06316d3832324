import pytest
from flask import Flask

from tests.ground import Ground
from tests.pins.desk import Desk
from tests.shop.conftest import open_shop
from tests.world import World


@pytest.fixture
def desk(app: Flask, ground: Ground, world: World) -> Desk:
    """A shop that asks for the PIN above twenty points a day; household 0001 has a hundred, and PIN 308472."""
    shop = open_shop(app, ground, world)
    found = Desk(**{name: getattr(shop, name) for name in ("app", "ground", "tokens", "cards")})
    found.stock(points=1)
    found.set(pin_above_points=20)
    assert found.set_pin().status_code == 201
    return found
