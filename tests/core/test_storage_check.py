"""Damage below the books is found, whatever the books themselves say."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from pointshop.core.db import reading
from pointshop.core.storage_check import storage_faults
from tests.hurry import patient
from tests.world import World

pytestmark = pytest.mark.breaks_the_books


@pytest.fixture(autouse=True)
def durable(app: Flask) -> Iterator[None]:
    with patient(app):
        yield


def faults(app: Flask, *statements: str) -> list[dict[str, Any]]:
    with app.app_context():
        for statement in statements:
            reading().raw.execute(statement)
        return list(storage_faults(reading()))


def test_sound_database_has_no_faults(app: Flask, world: World) -> None:
    world.households(2, points=5)
    assert faults(app) == []


def test_finds_rows_that_point_nowhere(app: Flask, world: World) -> None:
    world.household()
    found = faults(app, "PRAGMA foreign_keys=OFF", "DELETE FROM household", "PRAGMA foreign_keys=ON")
    assert found == []
    found = faults(app, "PRAGMA foreign_keys=OFF", "DELETE FROM village", "PRAGMA foreign_keys=ON")
    assert {"fault": "points nowhere", "table": "account", "rowid": None, "parent": "village"} in found


def test_finds_a_number_that_its_check_forbids(app: Flask, world: World) -> None:
    world.household()
    found = faults(
        app,
        "PRAGMA ignore_check_constraints=ON",
        "UPDATE account SET balance = 'viel'",
        "PRAGMA ignore_check_constraints=OFF",
    )
    assert found == [{"fault": "CHECK constraint failed in account"}]


def test_finds_an_index_that_misses_a_row(app: Flask, world: World) -> None:
    world.household()
    hide = "UPDATE sqlite_master SET sql = replace(sql, 'lane)', 'lane) WHERE lane IS NOT NULL')"
    show = "UPDATE sqlite_master SET sql = replace(sql, 'lane) WHERE lane IS NOT NULL', 'lane)')"
    found = faults(
        app,
        "PRAGMA writable_schema=ON",
        f"{hide} WHERE name = 'ix_household_place'",
        "PRAGMA writable_schema=RESET",
        "REINDEX ix_household_place",
        "PRAGMA writable_schema=ON",
        f"{show} WHERE name = 'ix_household_place'",
        "PRAGMA writable_schema=RESET",
    )
    assert any("ix_household_place" in fault["fault"] for fault in found)


def test_finds_settings_that_let_damage_in(app: Flask) -> None:
    found = faults(app, "PRAGMA foreign_keys=OFF", "PRAGMA recursive_triggers=OFF", "PRAGMA synchronous=NORMAL")
    assert {fault["name"] for fault in found} == {"foreign_keys", "recursive_triggers", "synchronous"}
