"""A village that lived on SQLite goes on living on PostgreSQL, and back: same books, same answers, to the last row."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pointshop.app import SEALED, create_app
from pointshop.core import clock, transfer
from pointshop.core.db import Base, snapshot
from pointshop.core.ids import new_name
from pointshop.core.transfer import contents_of
from pointshop.ledger.seal import seal_village
from tests.api import Api, Caller
from tests.ground import HOME, Ground
from tests.honors.places import Place
from tests.installation import Installation
from tests.merits.deeds import deed, log
from tests.on_postgresql import PostgresqlGround
from tests.on_sqlite import SqliteGround
from tests.shop.conftest import open_shop
from tests.shop.counter import Counter
from tests.world import World


@pytest.fixture
def lived_in(sqlite_ground: SqliteGround) -> Iterator[Counter]:
    """On SQLite: deeds, a reversal, redemptions, one void, a refusal, a roll that replaces one, sealed once."""
    sqlite_ground.renew()
    world, api = World(sqlite_ground.app), Api(sqlite_ground)
    shop = open_shop(sqlite_ground.app, sqlite_ground, world)
    world.rule()
    shop.stock("P001", points=5)
    shop.stock("P002", points=8)
    worker, manager = api.as_("worker"), api.as_("manager")
    for number in range(30):
        assert log(worker, f"{number % 3 + 1:04d}", note=f"第{number}次，'\"\\🌾").status_code == 201
    taken_back = new_name()
    assert log(worker, "0002", name=taken_back, note="记错了").status_code == 201
    assert manager.put(f"/merits/{taken_back}/reversal", {"reason": "记错了"}).status_code == 201
    voided = new_name()
    for name, order in ((new_name(), shop.order(("P001", 2), ("P002", 1), points=18)), (voided, shop.order())):
        assert shop.redeem(order, name=name).status_code == 201
    assert shop.void(voided).status_code == 201
    assert shop.redeem(shop.order(("P002", 99), household="0003", points=792)).status_code == 422
    place, first = Place(api), new_name()
    assert place.publish(name=first).status_code == 201
    with clock.at(clock.now() + timedelta(minutes=2)):
        world.do(lambda work: seal_village(work, world.village_id, SEALED))
    api.stranger.post("/api/v1/sessions", {"username": "worker", "password": "wrong"})
    yield shop


@pytest.fixture
def target(bare: Installation) -> Installation:
    """An empty PostgreSQL database, as `init` leaves it."""
    assert bare.run("init").status == 0
    return bare


def url_of(ground: Ground) -> str:
    return ground.config().database_url


def contents(app_of: World) -> list[transfer.Contents]:
    with app_of.app.app_context():
        return snapshot(lambda work: contents_of(work, Base.metadata), patient=True)


def test_every_row_is_there_and_the_village_lives_on(
    lived_in: Counter, sqlite_ground: SqliteGround, target: Installation
) -> None:
    moved = target.run("move", url_of(sqlite_ground), target.config.database_url)
    assert moved.status == 0, moved
    assert "两边核对相符" in moved.out
    assert target.run("verify").status == 0
    new = World(create_app(target.config))
    try:
        assert contents(new) == contents(World(sqlite_ground.app))
        check_that_it_lives_on(new, lived_in, sqlite_ground)
    finally:
        new.close()


def check_that_it_lives_on(new: World, lived_in: Counter, old: SqliteGround) -> None:
    """Tokens, cards and names go on working; new rows find free ids."""
    worker = Caller(new.app, old.tokens["worker", HOME], HOME)
    root = Caller(new.app, old.tokens["root", "0"], HOME)
    assert log(worker, "0001", note="搬家以后").status_code == 201
    there = Counter(new.app, old, lived_in.tokens, lived_in.cards)
    assert there.redeem(there.order()).status_code == 201
    user = {"name": "新人", "password": "门前小河流过 1987", "grants": [{"role": "clerk", "region": HOME}]}
    assert root.put("/api/v1/users/newcomer", user).status_code == 201
    refused = root.post("/api/v1/sessions", {"username": "newcomer", "password": "wrong"})
    assert refused.status_code == 401


def test_a_name_used_before_the_move_is_answered_as_before(
    lived_in: Counter, sqlite_ground: SqliteGround, target: Installation
) -> None:
    name, body = new_name(), deed("0001", note="搬家以前")
    # the village was sealed two minutes from now
    with clock.at(clock.now() + timedelta(minutes=3)):
        before = Api(sqlite_ground).as_("worker").put(f"/merits/{name}", body)
    moved = target.run("move", url_of(sqlite_ground), target.config.database_url)
    assert moved.status == 0, moved
    new = World(create_app(target.config))
    again = Caller(new.app, sqlite_ground.tokens["worker", HOME], HOME).put(f"/merits/{name}", body)
    new.close()
    assert (before.status_code, again.status_code) == (201, 200)
    assert again.data == before.data


def test_back_again_to_sqlite_it_is_the_same(
    lived_in: Counter, sqlite_ground: SqliteGround, target: Installation, tmp_path: Path
) -> None:
    assert target.run("move", url_of(sqlite_ground), target.config.database_url).status == 0
    back = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    target.monkeypatch.setenv("POINTSHOP_DATABASE_URL", back)
    assert target.run("init").status == 0
    ran = target.run("move", target.config.database_url, back)
    assert ran.status == 0, ran
    assert target.run("verify").status == 0


def test_a_target_that_holds_anything_is_left_alone(
    lived_in: Counter, sqlite_ground: SqliteGround, installed: Installation
) -> None:
    before = installed.sql("SELECT count(*) FROM region")
    refused = installed.run("move", url_of(sqlite_ground), installed.config.database_url)
    assert refused.status == 1
    assert "已有数据" in refused.err
    assert installed.sql("SELECT count(*) FROM region") == before


def test_broken_books_are_not_moved(lived_in: Counter, sqlite_ground: SqliteGround, target: Installation) -> None:
    sqlite_ground.tamper("UPDATE account SET balance = balance + 1 WHERE id = 1")
    refused = target.run("move", url_of(sqlite_ground), target.config.database_url)
    assert refused.status == 1
    assert "原数据库核对不符" in refused.err
    assert target.sql("SELECT count(*) FROM household") == [(0,)]


def test_a_difference_undoes_all(
    lived_in: Counter, sqlite_ground: SqliteGround, target: Installation, ground: PostgresqlGround
) -> None:
    """A trigger that changes what comes in stands for anything that might."""
    target.sql(
        "CREATE FUNCTION spell() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.head := upper(NEW.head || 'x'); RETURN NEW; END $$",
        "CREATE TRIGGER spell BEFORE INSERT ON household FOR EACH ROW EXECUTE FUNCTION spell()",
    )
    refused = target.run("move", url_of(sqlite_ground), target.config.database_url)
    assert refused.status == 1
    assert "household" in refused.err
    assert target.sql("SELECT count(*) FROM entry") == [(0,)]


@pytest.mark.parametrize(
    ("source", "words"), [("sqlite:////nowhere.sqlite3", "没有找到数据库"), ("mysql://x", "sqlite:///")]
)
def test_what_is_no_database_of_ours_is_told(target: Installation, source: str, words: str) -> None:
    refused = target.run("move", source, target.config.database_url)
    assert refused.status == 1
    assert words in refused.err


def test_a_database_does_not_move_onto_itself(target: Installation) -> None:
    refused = target.run("move", target.config.database_url, target.config.database_url)
    assert refused.status == 1
    assert "同一个" in refused.err
