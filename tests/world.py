"""Builds what a test needs to be there already, through the services and in as few words as possible."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from flask import Flask

from pointshop.cli.place import SYSTEM
from pointshop.core.db import db, snapshot, unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.ledger.service import get_balance
from pointshop.merits import catalogue, log
from pointshop.merits.log_conditions import Line, Logger
from pointshop.merits.photos import Photo
from pointshop.notices.hanging import Hung, record_posting
from pointshop.notices.service import SheetRequest, publish_sheet
from pointshop.people import service as people
from pointshop.people.queries import HouseholdRow, get_household
from pointshop.people.service import HouseholdData
from pointshop.publishing.queries import get_publication
from pointshop.regions.queries import get_settings, get_village
from pointshop.regions.service import change_settings
from tests.ground import HOME

T = TypeVar("T")

HEADS = ("张建国", "李秀英", "王德顺", "单雄信", "解晓东", "仇春梅", "查良镛", "曾巧玲", "欧阳娜娜", "𠮷野家富")


class World(NamedTuple):
    """One village seen from behind the counter; `world.of(OTHER)` is another."""

    app: Flask
    village: str = HOME

    @property
    def village_id(self) -> int:
        return int(self.village)

    def of(self, village: str) -> "World":
        return self._replace(village=village)

    def close(self) -> None:
        """Hand back every connection, as a server that stops."""
        with self.app.app_context():
            db.engine.dispose()

    def do(self, step: Callable[[Work], T]) -> T:
        """Run a step in a unit of work of its own."""
        with self.app.app_context():
            return unit_of_work(step)

    def see(self, look: Callable[[Work], T]) -> T:
        """Read what is committed, as of one instant."""
        with self.app.app_context():
            return snapshot(look)

    def household(self, number: str = "0001", *, points: int = 0, **data: Any) -> HouseholdRow:
        """A household; points: what it can spend from the start. data: fields of HouseholdData."""
        self.do(lambda work: self.enter(work, number, points=points, **data))
        return self.see(lambda work: get_household(work, self.village_id, number))

    def enter(self, work: Work, number: str, *, points: int = 0, **data: Any) -> None:
        """The same inside a unit of work."""
        head = HEADS[sum(map(ord, number)) % len(HEADS)]
        plain = HouseholdData(head, 1, lane=None, address=None, phone=None, name_consent=None, members=[])
        known = plain._replace(**data)
        people.put_household(work, self.village_id, number, known, actor_id=SYSTEM.user_id, opening_points=points)

    def households(self, count: int, *, points: int = 0, **data: Any) -> list[HouseholdRow]:
        """Households 0001, 0002 …"""
        return [self.household(f"{number:04d}", points=points, **data) for number in range(1, count + 1)]

    def card(self, number: str = "0001") -> str:
        """A new card for a household; its code."""

        def issue(work: Work) -> str:
            household = get_household(work, self.village_id, number)
            return people.issue_card(work, self.village_id, household, card_id=new_name()).code

        return self.do(issue)

    def rule(self, code: str = "A1", **content: Any) -> str:
        """A rule in force from long ago: five points for sweeping, unless told otherwise; its code."""
        effective_from = content.pop("effective_from", None)
        rule = {
            "category": "环境卫生",
            "name": "集中清扫",
            "points": 5,
            "per": "次",
            "cap": None,
            "cap_period": None,
            "evidence": None,
            "track": "spend",
            "is_active": True,
        } | content
        self.do(
            lambda work: catalogue.put_rule(
                work, self.village_id, code, rule, effective_from=effective_from, actor_id=SYSTEM.user_id
            )
        )
        return code

    def merit(self, number: str = "0001", *, rule: str = "A1", quantity: int = 1, note: str = "") -> str:
        """A deed of today, logged by someone whose grid is the whole village; its name."""
        return self.do(lambda work: self.log(work, number, rule=rule, quantity=quantity, note=note))

    def log(self, work: Work, number: str, *, rule: str = "A1", quantity: int = 1, note: str = "") -> str:
        """The same inside a unit of work."""
        name = new_name()
        log.log_merit(
            work,
            self.village_id,
            name,
            Line(number, None, quantity),
            rule=rule,
            occurred_on=work.today,
            note=note,
            by=Logger(SYSTEM.user_id, grid=None),
        )
        return name

    def hang_notice(self) -> date:
        """Put all that waits for it on a notice, and prove that it hangs since today; the day its lines are due."""
        name = new_name()

        def publish(work: Work) -> None:
            wanted = SheetRequest("merit_notice", None, None, "电话 0393-5261234", "村委会", None)
            village = get_village(work, self.village)
            publish_sheet(work, village, wanted, id=name, site="http://127.0.0.1:8000", actor_id=SYSTEM.user_id)

        def prove(work: Work) -> date:
            sheet, hung = get_publication(work, self.village_id, name), Hung("村务公开栏", work.today)
            record_posting(
                work, self.village_id, sheet, new_name(), hung, Photo(b"", 1, 1, "0" * 64), actor_id=SYSTEM.user_id
            )
            days: int = sheet.content()["notice"]["days"]
            return work.today + timedelta(days=days)

        self.do(publish)
        return self.do(prove)

    def balance(self, number: str = "0001") -> int:
        return self.see(
            lambda work: get_balance(work, self.village_id, get_household(work, self.village_id, number).id)
        )

    def settings(self, **changes: Any) -> None:
        """Change how the village runs its scheme."""

        def step(work: Work) -> None:
            version = get_settings(work, self.village_id).version
            change_settings(work, self.village_id, version=version, changes=changes)

        self.do(step)
