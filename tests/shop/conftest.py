"""A village with a shop, made once and copied for each test. Every test that uses it ends with the books in balance."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from pointshop.accounts import queries as users
from pointshop.accounts import service as accounts
from pointshop.app import create_app
from pointshop.config import Config
from pointshop.core.db import db, unit_of_work
from pointshop.core.ids import new_name
from pointshop.core.policy import Actor, Grant
from pointshop.core.work import Work
from pointshop.people import service as people
from pointshop.people.queries import get_household
from pointshop.people.service import HouseholdData
from pointshop.regions import service as regions
from tests.shop.counter import OTHER_VILLAGE, VILLAGE, Counter

_SYSTEM = Actor(0, "system", "系统", (Grant("admin", "0", "/0/"),))
_STAFF = {
    "manager": ("王主任", "manager", VILLAGE),
    "clerk": ("李店员", "clerk", VILLAGE),
    "clerk2": ("赵店员", "clerk", VILLAGE),
    "worker": ("孙网格", "worker", VILLAGE),
    "supervisor": ("周监督", "supervisor", VILLAGE),
    "stranger": ("吴外村", "manager", OTHER_VILLAGE),
}
#: number → points at the start
_HOUSEHOLDS = {"0001": 100, "0002": 40, "0003": 0}


class Village(NamedTuple):
    """tokens: by user name; cards: code by household number; template: the database as it was founded."""

    app: Flask
    database: Path
    template: Path
    tokens: dict[str, str]
    cards: dict[str, str]


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Village:
    folder = tmp_path_factory.mktemp("village")
    database = folder / "village.sqlite3"
    app = create_app(Config(f"sqlite:///{database}", folder, "x" * 40, "http://points.example.cn", False))
    with app.app_context():
        db.create_all()
        unit_of_work(regions.plant_root)
        tokens, cards = unit_of_work(_found)
    _close(app)
    template = folder / "template.sqlite3"
    shutil.copy(database, template)
    return Village(app, database, template, tokens, cards)


@pytest.fixture
def shop(village: Village) -> Iterator[Counter]:
    shutil.copy(village.template, village.database)
    counter = Counter(village.app, village.tokens, village.cards)
    yield counter
    found = {} if counter.is_corrupted else counter.broken()
    _close(village.app)
    assert found == {}


def _close(app: Flask) -> None:
    """The last connection to go writes the log back and removes it."""
    with app.app_context():
        db.engine.dispose()


def _found(work: Work) -> tuple[dict[str, str], dict[str, str]]:
    for code in (VILLAGE[:2], VILLAGE[:4], VILLAGE[:6], VILLAGE[:9], VILLAGE, OTHER_VILLAGE):
        regions.put_region(work, code=code, name=f"区划{code}")
    tokens = {username: _sign_in(work, username, *words) for username, words in _STAFF.items()}
    cards = {number: _settle(work, int(VILLAGE), number, points) for number, points in _HOUSEHOLDS.items()}
    cards["other"] = _settle(work, int(OTHER_VILLAGE), "0001", 100)
    return tokens, cards


def _sign_in(work: Work, username: str, name: str, role: str, region: str) -> str:
    grants = [{"role": role, "region": region, "grid": []}]
    accounts.put_user(
        work, _SYSTEM, username=username, name=name, password_hash="nobody types it", grants=grants, is_active=True
    )
    user = users.find_user(work, username)
    assert user is not None
    return accounts.open_session(work, user, device_name="柜台").token


def _settle(work: Work, village_id: int, number: str, points: int) -> str:
    data = HouseholdData(f"户主{number[-1]}", 1, None, None, None, None, None)
    people.put_household(work, village_id, number, data, actor_id=0, opening_points=points)
    household = get_household(work, village_id, number)
    return people.issue_card(work, village_id, household, card_id=new_name()).code
