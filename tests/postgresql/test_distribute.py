"""`pointshop distribute` asks Citus for the right things in the right order, and says plainly where there is no Citus.

No Citus runs here: functions of its names, which write down how they were called, stand in for it.
"""

import pytest

from pointshop.core.citus import calls
from pointshop.core.db import Base
from tests.installation import Installation

_STAND_IN = (
    "CREATE TABLE calls (number bigint GENERATED ALWAYS AS IDENTITY, name text, dist text, beside text, shards int)",
    "CREATE VIEW pg_dist_partition AS SELECT name::regclass AS logicalrel FROM calls",
    "CREATE FUNCTION create_reference_table(name text) RETURNS void LANGUAGE sql AS "
    "$$ INSERT INTO calls (name, dist) VALUES (name, 'reference') $$",
    "CREATE FUNCTION create_distributed_table(name text, dist text, colocate_with text, shard_count int DEFAULT NULL) "
    "RETURNS void LANGUAGE sql AS $$ INSERT INTO calls (name, dist, beside, shards) "
    "VALUES (name, dist || ' ' || current_setting('citus.multi_shard_modify_mode'), colocate_with, shard_count) $$",
    "GRANT ALL ON calls, pg_dist_partition TO pointshop_owner",
    "SET allow_system_table_mods = on",
    "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion) "
    "VALUES (99999, 'citus', 10, 'public'::regnamespace, false, '13.2')",
)

_PLACED = {"village": ("none", 64)}


@pytest.fixture
def cluster(installed: Installation) -> Installation:
    installed.sql(*_STAND_IN)
    return installed


def test_without_the_extension_it_says_so_and_changes_nothing(installed: Installation) -> None:
    refused = installed.run("distribute")
    assert (refused.status, refused.out) == (1, "")
    assert "没有 Citus 扩展，没有改动" in refused.err


def test_every_table_is_distributed_after_those_it_points_to(cluster: Installation) -> None:
    ran = cluster.run("distribute", "--shards", "64")
    assert ran.status == 0, ran
    rows = cluster.sql("SELECT name, dist, beside, shards FROM calls ORDER BY number")
    assert [row[0] for row in rows] == [table for table, _ in calls(Base.metadata, shards=64)]
    assert {row[0] for row in rows} == Base.metadata.tables.keys()
    done: set[str] = set()
    for name, dist, beside, shards in rows:
        table = Base.metadata.tables[name]
        assert {key.referred_table.name for key in table.foreign_key_constraints} - {name} <= done
        is_reference = table.info["dist"] == "reference"
        # a table of its own key lies beside no other
        is_alone = name == "village" or table.info["dist"] not in ("reference", "village_id")
        assert dist == ("reference" if is_reference else f"{table.info['dist']} sequential")
        assert (beside, shards) == ((None, None) if is_reference else ("none", 64) if is_alone else ("village", None))
        done.add(name)


def test_a_second_time_changes_nothing_and_a_new_table_is_added(cluster: Installation) -> None:
    cluster.run("distribute")
    again = cluster.run("distribute")
    assert again.status == 0
    assert "没有改动" in again.out
    cluster.sql("DELETE FROM calls WHERE name = 'tally'")
    assert "已分布 1 张表：tally" in cluster.run("distribute").out
