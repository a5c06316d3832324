"""Every statement the app prepares keeps to one village; those built per call are watched while all tests run."""

import gc

import pytest
from flask import Flask
from sqlalchemy import BigInteger, Executable, and_, bindparam, delete, func, select, update
from sqlalchemy.orm import aliased

from pointshop.core.db import reading
from pointshop.core.work import Change, Prepared
from pointshop.ledger.models import Account, Entry
from pointshop.people.models import Household, Member
from tests.one_village import untied_tables

#: in an order that every process finds
PREPARED = sorted((found.statement for found in gc.get_objects() if isinstance(found, Prepared | Change)), key=str)
_given = bindparam("village_id", type_=BigInteger)
_other = aliased(Entry)
_sums = (
    select(Entry.village_id, Entry.account_id, func.sum(Entry.points).label("points"))
    .group_by(Entry.village_id, Entry.account_id)
    .subquery()
)
_of_members = select(Member.household_id)
_same_village = Account.village_id == Entry.village_id


def test_there_are_statements_to_look_at() -> None:
    assert len(PREPARED) > 50


@pytest.mark.parametrize("statement", PREPARED, ids=lambda statement: " ".join(str(statement).split())[:90])
def test_prepared_statement_keeps_to_one_village(statement: Executable) -> None:
    assert statement.get_execution_options().get("all_villages") or untied_tables(statement) == set()


def test_what_a_request_builds_is_looked_at_when_it_runs(app: Flask) -> None:
    of_all, of_one = select(Household.number), select(Household.number).where(Household.village_id == 1)
    with app.test_request_context():
        assert reading().read(of_one).all() == reading().read(of_one).all() == []
        for _ in range(2):
            with pytest.raises(AssertionError, match="household"):
                reading().read(of_all)
        assert reading().read(of_all.execution_options(all_villages=True)).all() == []


@pytest.mark.parametrize(
    ("statement", "untied"),
    [
        (select(Entry.seq), {"entry"}),
        (select(Entry.seq).where(Entry.account_id == 1), {"entry"}),
        (select(Entry.seq).where(Entry.village_id == _given), set()),
        (select(Entry.seq).where(Entry.village_id.in_([1, 2])), {"entry"}),
        (select(Entry.seq).join(Account, and_(_same_village)).where(Entry.village_id == 1), set()),
        (select(Entry.seq).join(Account, Account.id == Entry.account_id).where(Entry.village_id == 1), {"account"}),
        (select(Entry.seq, Account.id).where(_same_village), {"entry", "account"}),
        (select(Entry.seq).join(_other, _other.village_id == Entry.village_id).where(_other.village_id == 1), set()),
        (select(_sums.c.points), {"entry"}),
        (select(_sums.c.points).where(_sums.c.village_id == _given), set()),
        (
            select(Household.id).where(Household.village_id == 1, Household.id.in_(select(Member.household_id))),
            {"member"},
        ),
        (update(Account).values(balance=0), {"account"}),
        (update(Account).where(Account.id == 1, Account.village_id == _given).values(balance=0), set()),
        (delete(Entry), {"entry"}),
    ],
)
def test_tells_statements_that_keep_to_one_village_from_others(statement: Executable, untied: set[str]) -> None:
    assert untied_tables(statement) == untied
