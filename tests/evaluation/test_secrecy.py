"""Who voted and what was voted are apart, in every table, log and answer."""

import json
import logging
from hashlib import sha256
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from pointshop.core import clock
from pointshop.core.columns import UTCDateTime
from pointshop.core.commands import Command
from pointshop.core.db import Base
from pointshop.core.work import Work
from pointshop.evaluation import rules
from pointshop.evaluation.models import BallotBox, PaperCount, Voter
from pointshop.evaluation.sheet import box_digest
from tests.api import Api
from tests.evaluation import rounds
from tests.together import outcome
from tests.world import World


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    rounds.furnish(world, 6)


def box(world: World) -> list[Any]:
    def look(work: Work) -> list[Any]:
        (text,) = work.read(select(BallotBox.ballots).where(BallotBox.village_id == world.village_id)).one()
        found: list[Any] = json.loads(text)
        return found

    return world.see(look)


def test_the_box_is_in_the_order_of_what_was_said_not_of_who_came(api: Api, world: World) -> None:
    slips = rounds.codes(api, rounds.make(api))
    for number, ranking in (("0001", (5, 2)), ("0002", (4,)), ("0003", (1, 2)), ("0004", (5, 2)), ("0005", (3,))):
        assert outcome(rounds.vote(api, slips[number], *ranking)) == 201
        assert box(world) == sorted(box(world))
    assert box(world) == [[1, 2], [3], [4], [5, 2], [5, 2]]


def test_the_same_ballots_leave_the_same_rows_whoever_gave_which(api: Api, world: World) -> None:
    """Swap what two households say, and in what order they come: not a byte of the stored rows differs."""

    def rows(work: Work) -> Any:
        told = (
            select(Voter.no, Voter.voted).where(Voter.village_id == world.village_id).order_by(Voter.round_id, Voter.no)
        )
        boxes = select(BallotBox.ballots).where(BallotBox.village_id == world.village_id)
        return [tuple(row) for row in work.read(told)], [tuple(row) for row in work.read(boxes)]

    stored = []
    for order in ((("0001", 3), ("0002", 4)), (("0002", 3), ("0001", 4))):
        slips = rounds.codes(api, rounds.make(api))
        for number, choice in order:
            assert outcome(rounds.vote(api, slips[number], choice)) == 201
        voters, boxes = world.see(rows)
        stored.append((voters[:6], boxes[:1]))
        assert {tuple(voters[at : at + 6]) for at in range(0, len(voters), 6)} == {tuple(voters[:6])}
        assert set(boxes) == {boxes[0]}
    assert stored[0] == stored[1]


def test_no_instant_and_no_name_stands_by_a_voter_or_a_ballot() -> None:
    for table in (Voter.__table__, BallotBox.__table__, PaperCount.__table__):
        assert not [column.name for column in table.columns if isinstance(column.type, UTCDateTime)]
        assert not [column.name for column in table.columns if column.name.endswith("_at")]
    assert {column.name for column in BallotBox.__table__.columns} == {
        "village_id",
        "round_id",
        "salt",
        "ballots",
    }
    # nothing else points to a voter
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is Voter.__table__
    }
    assert pointing == set()


def test_neither_commands_nor_logs_know_codes_or_ballots(
    api: Api, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    name = rounds.make(api)
    with caplog.at_level(logging.DEBUG):
        slips = rounds.codes(api, name)
        assert outcome(rounds.vote(api, slips["0003"], 5, 4, 2)) == 201
        assert outcome(rounds.vote(api, slips["0003"], 5, 4, 2)) == (422, "already_voted")
    for record in caplog.records:
        told = f"{record.getMessage()} {vars(record)}"
        assert not any(code in told for code in slips.values())
        assert "[5, 4, 2]" not in told and "[5,4,2]" not in told

    def answers(work: Work) -> list[str]:
        return [row.answer for row in work.read(select(Command.answer).where(Command.village_id == world.village_id))]

    kept = "".join(world.see(answers))
    assert not any(code in kept for code in slips.values())
    assert "ranking" not in kept


def test_the_code_itself_is_not_stored(api: Api, world: World) -> None:
    slips = rounds.codes(api, rounds.make(api))

    def hashes(work: Work) -> list[str | None]:
        return [row.code_hash for row in work.read(select(Voter.code_hash).where(Voter.village_id == world.village_id))]

    stored = world.see(hashes)
    assert len(set(stored)) == 6
    assert all(code not in str(stored) for code in slips.values())


def test_every_ballot_leaves_somebody_out_so_none_shows_whose_it_is(api: Api) -> None:
    """A ballot of everybody but one would be that one's: nobody may rank the own household."""
    name = rounds.make(api)
    assert api.as_("manager").get(f"/evaluations/{name}").get_json()["choices"] == 5
    answer = api.as_("manager").put("/evaluations/01890a5d-ac96-774b-bcce-b302099a8057", rounds.terms(choices=6))
    assert outcome(answer) == (422, "validation")
    assert list(answer.get_json()["errors"]) == ["choices"]


def test_who_reads_the_sheet_and_knows_the_own_ballot_cannot_try_out_the_others(api: Api, world: World) -> None:
    """All boxes that three ballots of the five nominees could make: none has the digest that hangs in the village."""
    name = rounds.make(api)
    slips = rounds.codes(api, name)
    for number, choice in (("0001", 2), ("0002", 1), ("0003", 1)):
        assert outcome(rounds.vote(api, slips[number], choice)) == 201
    with clock.at(rounds.later()):
        result = rounds.close(api, name).get_json()["id"]
        basis = api.as_("viewer").get(f"/publications/{result}").get_json()["document"]["basis"]
    every = [list(each) for length in (1, 2, 3) for each in permutations(range(1, 6), length)]
    for one in every:
        for other in every:
            tried = json.dumps(sorted([[2], one, other]), separators=(",", ":"))
            digest = sha256(tried.encode()).hexdigest()[:16]
            assert digest not in basis and rules.spelled(digest) not in basis
            assert box_digest("", tried) not in basis


def test_a_round_that_failed_tells_nobody_what_the_few_said(api: Api) -> None:
    name = rounds.make(api)
    assert outcome(rounds.vote(api, rounds.codes(api, name)["0001"], 2)) == 201
    with clock.at(rounds.later()):
        assert rounds.close(api, name).get_json()["state"] == "failed"
    shown = api.as_("manager").get(f"/evaluations/{name}").get_json()["nominees"]
    assert {(each["value"], each["place"]) for each in shown} == {(None, None)}


def test_single_ballots_are_for_the_supervisor_and_secret_ones_for_nobody(api: Api) -> None:
    secret, judged = (
        rounds.make(api),
        rounds.judge(api, judges=range(2, 7), nominees=[{"household": "0001"}, {"household": "0002"}], seats=3),
    )
    for role in ("manager", "reviewer", "worker"):
        assert outcome(api.as_(role).get(f"/evaluations/{judged}/ballots")) == (403, "forbidden")
    assert api.as_("supervisor").get(f"/evaluations/{judged}/ballots").get_json() == {"items": [], "far_off": []}
    assert outcome(api.as_("supervisor").get(f"/evaluations/{secret}/ballots")) == (404, "not_found")
    with clock.at(rounds.later()):
        rounds.close(api, secret)
        assert outcome(api.as_("supervisor").get(f"/evaluations/{secret}/ballots")) == (404, "not_found")
