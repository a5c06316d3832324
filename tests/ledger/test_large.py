"""Numbers that are right and large: no check may be too small for them."""

from tests.api import Api
from tests.books import violations
from tests.merits.deeds import logged, reverse
from tests.world import World


def test_a_large_line_that_is_taken_back_stops_no_check(api: Api, world: World) -> None:
    """Fifty thousand times fifty thousand is more than an integer of PostgreSQL holds."""
    world.rule(points=10_000)
    world.household()
    merit = logged(api.as_("manager"), quantity=5)
    assert reverse(api.as_("manager"), merit).status_code == 201
    assert world.see(violations) == {}
