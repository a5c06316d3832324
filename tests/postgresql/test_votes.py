"""What the lock on a round holds: the box is one row, read and written."""

from functools import partial

import pytest

from tests.api import Api
from tests.books import violations
from tests.evaluation import rounds
from tests.postgresql.unguarded import with_a_meeting, without_row_locks
from tests.together import at_once, outcomes
from tests.world import World

_MEET = "ballot_box.ballots"


def vote_at_once(api: Api, world: World) -> dict[object, int]:
    """Two households in the same moment."""
    rounds.furnish(world, 4)
    slips = rounds.codes(api, rounds.make(api))
    return outcomes(at_once([partial(rounds.vote, api, slips[number], 3) for number in ("0001", "0002")]))


def test_two_votes_at_once_are_both_in_the_box(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_meeting(monkeypatch, meet_after=_MEET)
    assert vote_at_once(api, world) == {201: 2}
    assert world.see(violations) == {}


@pytest.mark.breaks_the_books
def test_without_the_lock_on_the_round_one_ballot_is_lost_and_verify_finds_it(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_row_locks(monkeypatch, meet_after=_MEET)
    assert vote_at_once(api, world) == {201: 2}
    assert list(world.see(violations)) == ["one_ballot_each"]
