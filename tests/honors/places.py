"""A county with villages to rank, driven over HTTP; what merits do is written straight into the tallies."""

from datetime import date
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from pointshop.accounts import service as accounts
from pointshop.accounts.queries import find_user
from pointshop.app import create_app
from pointshop.config import Config
from pointshop.core import clock
from pointshop.core.db import db, snapshot, unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.policy import Actor, Grant
from pointshop.core.work import Work
from pointshop.ledger import checks as ledger_checks
from pointshop.ledger.service import Honour, count_honour
from pointshop.ledger.verify import Finding, run_checks
from pointshop.people.queries import get_household
from pointshop.publishing import checks as publishing_checks
from pointshop.regions import service as regions

COUNTY, TOWNSHIP, WANG, LI = "410926", "410926100", "410926100201", "410926100202"
PLACES = (
    ("41", "河南省"),
    ("4109", "濮阳市"),
    (COUNTY, "范县"),
    (TOWNSHIP, "城关镇"),
    (WANG, "王庄村"),
    (LI, "李庄村"),
)
SYSTEM = Actor(0, "system", "系统", (Grant("admin", "0", "/0/"),))
NOVEMBER = date(2026, 11, 8)


class County:
    """Users come into being when first needed; `viewer` and `admin` are the county's, the others a village's."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        url = url or f"sqlite:///{folder / 'test.sqlite3'}"
        self.app = create_app(Config(url, folder, "x" * 40, "https://jifen.example", False))
        self.client = self.app.test_client()
        self._tokens: dict[str, str] = {}
        with self.app.app_context():
            db.create_all()
            unit_of_work(_found_places)

    def get(self, path: str, *, role: str = "manager", village: str = WANG, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers(role, village) | headers)

    def put(self, path: str, body: dict[str, Any], *, role: str = "manager", village: str = WANG) -> TestResponse:
        return self.client.put(f"/api/v1{path}", json=body, headers=self.headers(role, village))

    def household(self, number: str, head: str, *, village: str = WANG, **more: Any) -> list[int]:
        """Register or change a household; the ids of its members."""
        body = {"head": head, "group_no": 1} | more
        answer = self.put(f"/villages/{village}/households/{number}", body, village=village)
        assert answer.status_code in (200, 201), answer.text
        return [member["id"] for member in answer.get_json()["members"]]

    def honour(
        self,
        number: str,
        points: int,
        *,
        on: date = NOVEMBER,
        member_id: int = 0,
        category: str = "环境卫生",
        village: str = WANG,
    ) -> None:
        with self.app.app_context():
            unit_of_work(
                lambda work: count_honour(
                    work,
                    int(village),
                    [Honour(get_household(work, int(village), number).id, member_id, on, category, points)],
                )
            )

    def publish(self, *, name: str | None = None, role: str = "manager", **changes: Any) -> TestResponse:
        return self.put(f"/villages/{WANG}/honor-rolls/{name or new_name()}", roll_body(**changes), role=role)

    def write(self, sql: str, **values: Any) -> None:
        """Change what is stored behind the service's back, the triggers out of the way."""
        with self.app.app_context(), db.engine.connect() as connection:
            for (trigger,) in list(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql(sql, values)
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    def verify(self) -> list[Finding]:
        """The checks that find something."""
        checks = [*ledger_checks.CHECKS, *publishing_checks.CHECKS]
        with self.app.app_context():
            found = snapshot(lambda work: list(run_checks(work, checks)))
        return [finding for finding in found if finding.count]

    def read(self, sql: str) -> list[Any]:
        """What is stored, as it is stored."""
        with self.app.app_context(), db.engine.connect() as connection:
            return list(connection.exec_driver_sql(sql))

    def headers(self, role: str, village: str) -> dict[str, str]:
        """A session of today: tests move the clock, and sessions end."""
        code = COUNTY if role in ("admin", "viewer") else village
        key = f"{role}-{code} {clock.village_day(clock.now())}"
        if key not in self._tokens:
            with self.app.app_context():
                self._tokens[key] = unit_of_work(lambda work: _sign_in(work, role, code))
        return {"Authorization": f"Bearer {self._tokens[key]}"}


def roll_body(**changes: Any) -> dict[str, Any]:
    """A roll of the year that lasts: tests move the clock inside it."""
    return {
        "title": "2026年光荣榜",
        "period": "2026",
        "subject": "household",
        "places": 10,
        "board": "民生实事光荣榜",
        "notice_days": 7,
        "contact": "监督电话 0393-5261234",
    } | changes


def _found_places(work: Work) -> None:
    regions.plant_root(work)
    for code, name in PLACES:
        regions.put_region(work, code=code, name=name)


def _sign_in(work: Work, role: str, code: str) -> str:
    name = f"{role}-{code}"
    grants = [{"role": role, "region": code, "grid": []}]
    accounts.put_user(work, SYSTEM, username=name, name=name, password_hash="none", grants=grants, is_active=True)
    user = find_user(work, name)
    assert user is not None
    return accounts.open_session(work, user, device_name=None).token
