"""What tests do with PINs at the counter."""

from typing import Any

from werkzeug.test import TestResponse

from pointshop.core.ids import new_name
from tests.shop.counter import Counter

RIGHT, WRONG = "308472", "308471"


class Desk(Counter):
    """A counter that asks for PINs."""

    def set_pin(
        self, pin: str = RIGHT, *, household: str = "0001", by: str = "clerk", name: str | None = None, **more: Any
    ) -> TestResponse:
        body = {"card": self.cards[household], "pin": pin} | more
        return self.ask("PUT", f"households/{household}/pins/{name or new_name()}", body, by=by)

    def buy(
        self, points: int, *, pin: str | None = None, name: str | None = None, household: str = "0001"
    ) -> TestResponse:
        """So many pieces for a point each."""
        order = self.order(("P001", points), points=points, household=household)
        return self.redeem(order if pin is None else order | {"pin": pin}, name=name)

    def guess(self, times: int) -> list[TestResponse]:
        return [self.buy(30, pin=WRONG) for _ in range(times)]

    def pin_of(self, household: str = "0001") -> str | None:
        found: str | None = self.scan(self.cards[household]).get_json()["today"]["pin"]
        return found
