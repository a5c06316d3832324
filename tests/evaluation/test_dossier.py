"""What a household is shown of evaluations."""

from pointshop.core import clock
from tests.api import Api
from tests.evaluation import rounds
from tests.world import World


def test_a_household_is_shown_where_it_was_put_up_and_that_it_voted_not_what(api: Api, world: World) -> None:
    rounds.furnish(world)
    name = rounds.make(api)
    slips = rounds.codes(api, name)
    for number in ("0001", "0002", "0004"):
        assert rounds.vote(api, slips[number], 3).status_code == 201
    with clock.at(rounds.later()):
        rounds.close(api, name)
    held = api.as_("manager").get("/households/0001/dossier").get_json()["evaluations"]
    assert held == [
        {"title": "文明户", "nominated": True, "place": 2, "voted": False},
        {"title": "文明户", "nominated": False, "place": None, "voted": True},
    ]
