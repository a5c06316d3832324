"""What tests do with the fund and the goods it pays for."""

from typing import Any

from werkzeug.test import TestResponse

from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from tests.api import Api, Caller


def today() -> str:
    return village_day(now()).isoformat()


def payment(kind: str = "grant", yuan: int = 100, **more: Any) -> dict[str, Any]:
    said = {
        "kind": kind,
        "amount_fen": yuan * 100,
        "party": "王庄村集体经济合作社",
        "purpose": "积分超市进货",
        "occurred_on": today(),
    }
    return said | more


def book(caller: Caller, kind: str = "grant", yuan: int = 100, *, name: str | None = None, **more: Any) -> TestResponse:
    return caller.put(f"/fund-entries/{name or new_name()}", payment(kind, yuan, **more))


def booked(caller: Caller, kind: str = "grant", yuan: int = 100, **more: Any) -> str:
    """The name of a line that was written."""
    name = new_name()
    answer = book(caller, kind, yuan, name=name, **more)
    assert answer.status_code == 201, answer.text
    return name


def reverse(caller: Caller, name: str) -> TestResponse:
    return caller.put(f"/fund-entries/{name}/reversal", {"reason": "记错金额"})


def receive(api: Api, quantity: int, *, product: str = "P1", **more: Any) -> None:
    """Goods onto the shelf; the product is listed with the first."""
    goods = {"name": "洗衣液", "unit": "瓶", "points": 5}
    assert api.as_("manager").put(f"/products/{product}", goods).status_code in (200, 201)
    move = {"product": product, "kind": "receive", "quantity": quantity} | more
    answer = api.as_("clerk").put(f"/stock-moves/{new_name()}", move)
    assert answer.status_code == 201, answer.text


def balances(caller: Caller) -> list[int]:
    """What was left after each line of the fund's book, newest first."""
    return [line["balance_after_fen"] for line in caller.get("/fund-entries").get_json()["items"]]
