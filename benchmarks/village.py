"""A village to measure on: as many households as asked for, made through the services."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from flask import Flask

from benchmarks.databases import Database
from pointshop.accounts import passwords
from pointshop.accounts import service as accounts
from pointshop.accounts.queries import find_user
from pointshop.app import create_app
from pointshop.config import Config
from pointshop.core import clock
from pointshop.core.db import db, unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.policy import Actor, Grant
from pointshop.core.schema import upgrade_schema
from pointshop.core.work import Work
from pointshop.merits import catalogue
from pointshop.merits.log import log_batch
from pointshop.merits.log_conditions import Line, Logger
from pointshop.people import service as people
from pointshop.people.queries import get_household
from pointshop.people.service import HouseholdData
from pointshop.regions import service as regions
from pointshop.shop.goods import ProductData, put_product
from pointshop.shop.stock import record_move

T = TypeVar("T")

CODE = "410926100201"
ID = int(CODE)
RULE, CATEGORY, POINTS = "GOOD", "志愿服务", 5
#: The rule of long histories: how often it counts is limited, so that `verify` has that to prove too.
CAPPED = "OFTEN"
OPENING = 900_000
_PASSWORD = "benchmark 用的密码"
_SYSTEM = Actor(0, "system", "系统", (Grant("admin", "0", "/0/"),))
_ALL = Logger(actor_id=1, grid=None)


class BenchVillage(NamedTuple):
    """token: of a manager. cards: codes of the first households' cards. households: numbers."""

    config: Config
    app: Flask
    token: str
    cards: list[str]
    households: list[str]

    def close(self) -> None:
        """Hand back every connection."""
        with self.app.app_context():
            db.engine.dispose()

    def do(self, step: Callable[[Work], T]) -> T:
        with self.app.app_context():
            return unit_of_work(step)


def build(database: Database, *, households: int, cards: int = 200) -> BenchVillage:
    """An empty database filled with one village, a rule without cap, one product with stock, and cards."""
    config = Config(
        database_url=database.url,
        data_dir=database.folder,
        secret_key="benchmarks are not secret, but long enough",
        public_url="http://127.0.0.1:8000",
        is_production=False,
    )
    app = create_app(config)
    with app.app_context():
        upgrade_schema()
    numbers = [f"{index:05d}" for index in range(households)]
    village = BenchVillage(config, app, "", [], numbers)
    village.do(_found)
    for start in range(0, households, 1000):
        part = numbers[start : start + 1000]
        village.do(partial(_register, numbers=part))
    codes = village.do(lambda work: [_issue(work, number) for number in numbers[:cards]])
    return village._replace(token=village.do(_sign_in), cards=codes)


def add_history(village: BenchVillage, *, merits: int, months: int) -> None:
    """So many merits in batches of 500, spread over the households and the last `months` months."""
    now, count = clock.now(), len(village.households)
    for batch in range(merits // 500):
        numbers = [village.households[(batch * 500 + index) % count] for index in range(500)]
        with clock.at(now - timedelta(days=30 * (batch % months))):
            village.do(partial(_batch, numbers=numbers))


def _batch(work: Work, *, numbers: list[str]) -> None:
    lines = [Line(number, None, 1) for number in numbers]
    log_batch(work, ID, new_name(), lines, rule=RULE, occurred_on=work.today, note=new_name(), by=_ALL)


def _found(work: Work) -> None:
    regions.plant_root(work)
    for code in ("41", "4109", "410926", "410926100", CODE):
        regions.put_region(work, code=code, name="测试")
    accounts.put_user(
        work,
        _SYSTEM,
        username="bench",
        name="测试",
        password_hash=passwords.hash_password(_PASSWORD),
        grants=[{"role": "manager", "region": CODE, "grid": []}],
        is_active=True,
    )
    rule = {
        "category": CATEGORY,
        "name": "好事",
        "points": POINTS,
        "per": "次",
        "cap": None,
        "cap_period": None,
        "evidence": None,
        "track": "spend",
        "is_active": True,
    }
    for code, limit in ((RULE, {}), (CAPPED, {"cap": 1_000_000, "cap_period": "day"})):
        catalogue.put_rule(work, ID, code, rule | limit, effective_from=date(2000, 1, 1), actor_id=1)
    _stock(work)


def _stock(work: Work) -> None:
    soap = ProductData("肥皂", None, "组", 1, None, None, None, True)
    put_product(work, ID, "SOAP", soap)
    receive: dict[str, object] = {"product": "SOAP", "kind": "receive", "quantity": 9999}
    receive |= dict.fromkeys(("cost_fen", "donor", "note", "best_before", "supplier", "names_donor"))
    for _ in range(50):
        record_move(work, ID, new_name(), receive, actor_id=1)


def _register(work: Work, *, numbers: list[str]) -> None:
    for number in numbers:
        data = HouseholdData("王建国", 1 + int(number) % 6, None, None, None, True, ())
        people.put_household(work, ID, number, data, actor_id=1, opening_points=OPENING)


def _issue(work: Work, number: str) -> str:
    return people.issue_card(work, ID, get_household(work, ID, number), card_id=new_name()).code


def _sign_in(work: Work) -> str:
    user = find_user(work, "bench")
    assert user is not None
    return accounts.open_session(work, user, device_name="bench").token
