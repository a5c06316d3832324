"""What is looked up for many at once is looked up by its key, not by reading a village's every row."""

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects import sqlite

from pointshop.core.many import among
from pointshop.core.work import Work
from pointshop.ledger.models import Account
from pointshop.merits.log_queries import EarlierMerit
from pointshop.merits.models import LIVE, Merit
from pointshop.people.models import Household
from tests.world import World

_ASKED = {
    "household by number": select(Household.id).where(
        Household.village_id == bindparam("village"), among(Household.number, "numbers")
    ),
    "account": select(Account.balance).where(Account.village_id == bindparam("village"), among(Account.id, "ids")),
    "earlier deeds": select(*(getattr(Merit, name) for name in EarlierMerit._fields)).where(
        Merit.village_id == bindparam("village"),
        among(Merit.household_id, "ids"),
        Merit.rule_code == bindparam("rule"),
        text(LIVE),
    ),
}


@pytest.mark.parametrize("name", _ASKED)
def test_a_list_is_looked_up_by_the_index(world: World, name: str) -> None:
    def explain(work: Work) -> str:
        words = str(_ASKED[name].compile(dialect=sqlite.dialect()))
        rows = work.raw.execute(f"EXPLAIN QUERY PLAN {words}", ["1"] * words.count("?")).fetchall()
        return " | ".join(row[3] for row in rows)

    plan = world.see(explain).partition(" | ")[0]
    column = {"household by number": "number", "account": "id", "earlier deeds": "household_id"}[name]
    assert plan.startswith("SEARCH"), plan
    assert f"{column}=?" in plan, plan
