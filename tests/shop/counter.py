"""What tests do at the counter."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from pointshop.core.db import snapshot
from pointshop.core.ids import new_name
from pointshop.ledger.checks import CHECKS as BOOKS
from pointshop.ledger.verify import run_checks
from pointshop.pins.checks import CHECKS as PINS
from pointshop.shop.checks import CHECKS as SHOP
from tests.ground import HOME, Ground


@dataclass(frozen=True)
class Counter:
    """The shop of a village seen through HTTP. tokens: by user name; cards: code by household number."""

    app: Flask
    ground: Ground
    tokens: dict[str, str]
    cards: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None, *, by: str = "clerk", village: str = HOME) -> TestResponse:
        return self.app.test_client().open(
            f"/api/v1/villages/{village}/{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.tokens[by]}"},
        )

    def get(self, path: str, *, by: str = "clerk", village: str = HOME) -> TestResponse:
        return self.ask("GET", path, by=by, village=village)

    def stock(self, code: str = "P001", *, on_hand: int = 100, points: int = 5, **more: Any) -> None:
        """List a product and put goods on the shelf."""
        body = {"name": f"商品{code}", "unit": "个", "points": points} | more
        assert self.ask("PUT", f"products/{code}", body, by="manager").status_code in (200, 201)
        if on_hand:
            assert self.move("receive", on_hand, product=code).status_code == 201

    def move(self, kind: str, quantity: int, *, product: str = "P001", **more: Any) -> TestResponse:
        body = {"product": product, "kind": kind, "quantity": quantity} | more
        return self.ask("PUT", f"stock-moves/{new_name()}", body)

    def order(self, *lines: tuple[str, int], household: str = "0001", points: int = 5, **more: Any) -> dict[str, Any]:
        """A redemption by card; `points` is what the clerk was shown."""
        items = [{"product": product, "quantity": quantity} for product, quantity in lines or (("P001", 1),)]
        return {"card": self.cards[household], "lines": items, "expected_points": points} | more

    def slip(self, *lines: tuple[str, int], household: str = "0001", points: int = 5, **more: Any) -> dict[str, Any]:
        """A redemption from a paper slip."""
        order = self.order(*lines, points=points) | {"household": household, "note": "停电，手写"}
        del order["card"]
        return order | more

    def redeem(self, order: dict[str, Any], *, name: str | None = None, by: str = "clerk") -> TestResponse:
        return self.ask("PUT", f"redemptions/{name or new_name()}", order, by=by)

    def void(self, name: str, *, by: str = "clerk", reason: str = "拿错了") -> TestResponse:
        return self.ask("PUT", f"redemptions/{name}/void", {"reason": reason}, by=by)

    def scan(self, code: str, *, by: str = "clerk") -> TestResponse:
        return self.ask("POST", "scans", {"code": code}, by=by)

    def set(self, **settings: Any) -> None:
        """Change the village's settings."""
        answer = self.app.test_client().patch(
            f"/api/v1/villages/{HOME}/settings",
            json=settings,
            headers={
                "Authorization": f"Bearer {self.tokens['manager']}",
                "If-Match": self.get("settings", by="manager").headers["ETag"],
            },
        )
        assert answer.status_code == 200

    def run(self, sql: str) -> None:
        """Change the database behind the service's back."""
        self.ground.run(sql)

    def balance(self, household: str = "0001") -> int:
        found: int = self.get(f"households/{household}", by="manager").get_json()["balance"]
        return found

    def on_hand(self, code: str = "P001") -> int:
        found: int = self.get(f"products/{code}").get_json()["on_hand"]
        return found

    def broken(self) -> dict[str, list[dict[str, Any]]]:
        """Name of each check of books and shop that finds something → what it finds; guards are left aside."""
        with self.app.app_context():
            found = snapshot(lambda work: list(run_checks(work, BOOKS + SHOP + PINS)))
        return {finding.name: finding.violations for finding in found if finding.count}


def problem(answer: TestResponse) -> dict[str, Any]:
    """The problem document of a refusal, without the id of its request."""
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = answer.get_json()
    del document["instance"]
    return document


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, problem(answer)["code"]
