"""One village per shard, on plain PostgreSQL: every village table partitioned by a hash of the village.

PostgreSQL then refuses any key that does not hold the village by itself, and every statement of the main flows shows
that it works where a village's rows lie apart from all others' (scale.md, "stand-in").
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import MetaData, text

from pointshop.cli.place import opened
from pointshop.core.db import Base, change_schema, reading, snapshot, unit_of_work
from pointshop.core.grants import grant_roles
from pointshop.core.guards import append_only_tables, trigger_statements
from pointshop.core.ids import new_name
from pointshop.core.schema import newest_revision
from pointshop.ledger.models import Entry
from tests.api import Api
from tests.books import violations
from tests.ground import HOME, OTHER, Tokens, settle
from tests.honors.places import Place
from tests.merits.deeds import batch, log
from tests.on_postgresql import PostgresqlGround
from tests.postgres_server import PostgresServer
from tests.shop.conftest import open_shop
from tests.world import World

SHARDS = 4


def partitioned() -> MetaData:
    """Our tables, those of villages partitioned."""
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        copy = table.to_metadata(metadata)
        # the copies forget that these CHECKs are for SQLite alone
        copy.constraints -= {each for each in copy.constraints if str(each.name).endswith("_is_whole")}
        if table.info["dist"] == "village_id":
            copy.dialect_options["postgresql"]["partition_by"] = "HASH (village_id)"
    return metadata


def make_schema() -> None:
    """What `init` would make, but partitioned."""

    def step(connection: object) -> None:
        work = reading()
        metadata = partitioned()
        metadata.create_all(work.held.connection)
        for table in Base.metadata.sorted_tables:
            if table.info["dist"] == "village_id":
                for shard in range(SHARDS):
                    work.raw.execute(
                        f"CREATE TABLE {table.name}_{shard} PARTITION OF {table.name} "
                        f"FOR VALUES WITH (MODULUS {SHARDS}, REMAINDER {shard})".encode()
                    )
        for words in trigger_statements("postgresql", [table.name for table in append_only_tables(Base.metadata)]):
            work.raw.execute(words.encode())
        work.held.connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)"))
        work.held.connection.execute(text(f"INSERT INTO alembic_version VALUES ('{newest_revision()}')"))

    change_schema(step)
    unit_of_work(grant_roles)


class PartitionedGround(PostgresqlGround):
    def _settle(self) -> Tokens:
        with opened(self.template_config()):
            make_schema()
            return unit_of_work(settle)


@pytest.fixture(scope="module")
def ground(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresqlGround]:
    found = PartitionedGround(postgres_server, tmp_path_factory.mktemp("partitioned"), name="partitioned")
    yield found
    found.close()


@pytest.fixture
def app(ground: PostgresqlGround) -> Flask:
    ground.renew()
    return ground.app


def test_villages_lie_apart(app: Flask, ground: PostgresqlGround) -> None:
    for village in (HOME, OTHER):
        World(app, village).household(points=5)
    shards = ground.run("SELECT tableoid::regclass::text, village_id FROM entry ORDER BY 2")
    assert len(shards) == 2
    assert all(name.startswith("entry_") for name, _ in shards)


def test_the_main_flows_work_as_on_one_table(app: Flask, ground: PostgresqlGround) -> None:
    world, api = World(app), Api(ground)
    shop = open_shop(app, ground, world)
    worker, manager = api.as_("worker"), api.as_("manager")
    world.rule(cap=3, cap_period="month")
    first = new_name()
    assert log(worker, "0001", name=first).status_code == 201
    assert log(worker, "0001", name=first).status_code == 200
    assert worker.put(f"/merit-batches/{new_name()}", batch("0002", "0003", note="清沟")).status_code == 201
    assert manager.put(f"/merits/{first}/reversal", {"reason": "记错了"}).status_code == 201
    shop.stock("P001")
    shop.stock("P002", points=8)
    voided = new_name()
    assert shop.scan(shop.cards["0001"]).status_code == 200
    for name in (voided, new_name()):
        assert shop.redeem(shop.order(("P001", 1), ("P002", 2), points=21), name=name).status_code == 201
    assert shop.void(voided).status_code == 201
    assert shop.redeem(shop.order(("P002", 50), household="0003", points=400)).status_code == 422
    assert Place(api).publish().status_code == 201
    for path in ("/households", "/merits", "/products", "/redemptions", "/stock-moves", "/refusals"):
        assert manager.get(path).status_code == 200
    assert manager.get("/households/0001/passbook").status_code == 200
    with app.app_context():
        assert snapshot(violations) == {}


def test_postgresql_itself_refuses_a_key_without_the_village(ground: PostgresqlGround) -> None:
    with pytest.raises(Exception, match="must include all partitioning columns"):
        ground.run(f"ALTER TABLE {Entry.__tablename__} ADD UNIQUE (source_id)")


def test_the_template_is_not_the_usual_one(app: Flask) -> None:
    with app.app_context():
        (kind,) = reading().raw.execute("SELECT relkind FROM pg_class WHERE relname = 'entry'").fetchone()
    assert kind == "p"
