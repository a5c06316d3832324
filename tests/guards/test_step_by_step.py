"""The auditor that stands behind each write of the tests that tell a feature's life."""

import pytest

from pointshop.core.ids import new_name
from tests.api import Api
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.mark.breaks_the_books
def test_the_first_write_that_leaves_disorder_is_named(api: Api, world: World) -> None:
    world.household(points=10)
    wish = {"household": "0001", "item": "电饭锅"}
    assert api.as_("clerk").put(f"/wishes/{new_name()}", wish).status_code == 201
    api.ground.tamper("UPDATE account SET balance = balance + 1")
    with pytest.raises(AssertionError, match=r"PUT /api/v1/villages/.*/wishes/"):
        api.as_("clerk").put(f"/wishes/{new_name()}", wish)
