"""A village whose households earn points, seen as its users see it."""

from datetime import date
from typing import Any

from werkzeug.test import TestResponse

from pointshop.core.db import db, snapshot
from pointshop.core.ids import new_name
from pointshop.ledger.verify import Finding, run_checks
from pointshop.publishing.checks import CHECKS
from tests.api import Api, Caller
from tests.ground import HOME
from tests.world import World

#: Where public pages are, in tests.
SITE = "http://127.0.0.1:8000"
NOVEMBER = date(2026, 11, 8)


class Place:
    """`api` for whoever calls; deeds are logged as merits of one point by rules made for them."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._ground = api.ground
        self.app = api.ground.app
        self.manager = api.as_("manager")
        self._rules: dict[tuple[str, str, bool], str] = {}
        for village in (HOME, *(code for _, code in api.ground.tokens if len(code) == 12)):
            World(self.app, village).settings(backdate_days=366)

    def household(self, number: str, head: str, *, village: str = HOME, **more: Any) -> list[int]:
        """Register or change a household; the ids of its members."""
        body = {"head": head, "group_no": 1} | more
        answer = self.api.as_("manager", of=village).put(f"/households/{number}", body)
        assert answer.status_code in (200, 201), answer.text
        return [member["id"] for member in answer.get_json()["members"]]

    def honour(
        self,
        number: str,
        points: int,
        *,
        on: date = NOVEMBER,
        member_id: int | None = None,
        category: str = "环境卫生",
        village: str = HOME,
    ) -> None:
        deed = {
            "rule": self._rule(village, category, is_plus=points > 0),
            "household": number,
            "member_id": member_id,
            "quantity": abs(points),
            "occurred_on": on.isoformat(),
            "note": new_name(),
        }
        answer = self.api.as_("manager", of=village).put(f"/merits/{new_name()}", deed)
        assert answer.status_code == 201, answer.text

    def publish(self, *, name: str | None = None, caller: Caller | None = None, **changes: Any) -> TestResponse:
        return (caller or self.manager).put(f"/honor-rolls/{name or new_name()}", roll_body(**changes))

    def public(self, path: str, **headers: str) -> TestResponse:
        """What a browser without a login gets."""
        return self.app.test_client().get(path.removeprefix(SITE), headers=headers)

    def read(self, sql: str) -> list[Any]:
        """What is stored, as it is stored."""
        with self.app.app_context(), db.engine.connect() as connection:
            return list(connection.exec_driver_sql(sql))

    def damage(self, sql: str) -> None:
        """Change what is stored behind the service's back, the guards out of the way."""
        self._ground.tamper(sql)

    def verify(self) -> list[Finding]:
        """The checks of publications that find something."""
        with self.app.app_context():
            found = snapshot(lambda work: list(run_checks(work, CHECKS)))
        return [finding for finding in found if finding.count]

    def _rule(self, village: str, category: str, *, is_plus: bool) -> str:
        key = (village, category, is_plus)
        if key not in self._rules:
            self._rules[key] = World(self.app, village).rule(
                f"R{len(self._rules)}",
                category=category,
                points=1 if is_plus else -1,
                effective_from=date(2025, 1, 1),
            )
        return self._rules[key]


def roll_body(**changes: Any) -> dict[str, Any]:
    """A roll of the year."""
    return {
        "title": "2026年光荣榜",
        "period": "2026",
        "subject": "household",
        "places": 10,
        "board": "民生实事光荣榜",
        "notice_days": 7,
        "contact": "监督电话 0393-5261234",
    } | changes
