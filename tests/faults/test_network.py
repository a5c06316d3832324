"""F02: the network breaks before the service has heard a call, or after it has done it and before the answer came."""

import pytest

from pointshop.core.ids import new_name
from tests.api import Api
from tests.faults.cutting import Moment, behind_a_cutter, send_through
from tests.faults.deeds import DEEDS, NAMED
from tests.faults.stored import changed, stored


@pytest.mark.parametrize("name", NAMED)
def test_a_call_that_was_cut_off_is_done_once_when_it_is_sent_again(api: Api, card: str, name: str) -> None:
    app, deed = api.ground.app, DEEDS[name](api, card)
    token = api.as_(deed.role).token or ""
    before = stored(app)
    with behind_a_cutter(app) as cutter:
        cutter.moment = "mid_request"
        assert send_through(cutter, deed, token) is None
        assert changed(before, stored(app)) == {}
        cutter.moment = "before_response"
        assert send_through(cutter, deed, token) is None
        left = stored(app)
        assert changed(before, left) != {}
        cutter.moment = "mid_response"
        assert send_through(cutter, deed, token) is None
        cutter.moment = "never"
        assert send_through(cutter, deed, token) == (200, True)
        assert changed(left, stored(app)) == {}


@pytest.mark.parametrize("moment", ["before_response", "mid_response"])
def test_without_a_name_kept_beforehand_a_cut_call_is_done_twice(api: Api, card: str, moment: Moment) -> None:
    """The anomaly is real: a client that takes no answer for a failure and starts anew pays twice."""
    deed = DEEDS["redemption"](api, card)
    token = api.as_("clerk").token or ""
    with behind_a_cutter(api.ground.app) as cutter:
        cutter.moment = moment
        assert send_through(cutter, deed, token) is None
        cutter.moment = "never"
        anew = deed._replace(path=f"/redemptions/{new_name()}")
        assert send_through(cutter, anew, token) == (201, False)
    assert api.as_("manager").get("/households/0001").get_json()["balance"] == 496
