"""Ballots: what is put into the box, by code or from paper.

Nothing here is a command under a client-made name: such a record would join who asked to what was said.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, or_, update
from sqlalchemy.dialects.postgresql import insert

from pointshop.core.codes import clean_code
from pointshop.core.errors import Invalid, NotFound
from pointshop.core.strictjson import dumps
from pointshop.core.work import Change, Work
from pointshop.evaluation import rules
from pointshop.evaluation.models import BallotBox, PaperCount, Round, Voter
from pointshop.evaluation.queries import (
    CountRow,
    NomineeRow,
    RoundRow,
    VoterRow,
    ballots_in,
    find_by_code,
    get_round,
    get_voter,
    hold_round,
    nominees_of,
    paper_counts,
    roll_of,
)
from pointshop.evaluation.refusals import AlreadyVoted, NotOpen, NotYet, RoundClosed
from pointshop.kinship.refusals import SelfDealing

_voter = (
    Voter.village_id == bindparam("in_village"),
    Voter.round_id == bindparam("in_round"),
    Voter.no == bindparam("at"),
)
_VOTED = Change(update(Voter).where(*_voter).values(voted=bindparam("way")))
_FILL = Change(
    update(BallotBox)
    .where(BallotBox.village_id == bindparam("in_village"), BallotBox.round_id == bindparam("in_round"))
    .values(ballots=bindparam("all_ballots"))
)
_ON_PAPER = Change(
    update(Round)
    .where(Round.village_id == bindparam("in_village"), Round.id == bindparam("in_round"))
    .values(paper_ballots=bindparam("count"))
)
#: what didn't agree says nothing any more
_DROP = Change(
    delete(PaperCount).where(
        PaperCount.village_id == bindparam("in_village"),
        PaperCount.round_id == bindparam("in_round"),
        or_(PaperCount.ballots != bindparam("ballots"), PaperCount.signed != bindparam("signed")),
    )
)
_count = insert(PaperCount)
_ENTER = Change(
    _count.on_conflict_do_update(
        index_elements=[PaperCount.village_id, PaperCount.round_id, PaperCount.user_id],
        set_={"ballots": _count.excluded.ballots, "signed": _count.excluded.signed},
    )
)
#: So many persons' counts have to say a thing.
_COUNTS = 2


class Given(NamedTuple):
    """A ballot as it was filled in. voter: the judge's number, on paper."""

    ranking: Sequence[int] | None
    scores: Sequence[Mapping[str, Any]] | None
    voter: int | None = None


class Paper(NamedTuple):
    """What lies before a voter: the round, who can be chosen, and for whom this voter steps aside."""

    round: RoundRow
    nominees: list[NomineeRow]
    aside: set[int]


def paper_of(work: Work, village_id: int, code: str) -> Paper:
    """The ballot paper that a code opens. Raises NotFound, AlreadyVoted, RoundClosed, NotYet."""
    round_id, no = _holder(work, village_id, code)
    found, voter = get_round(work, village_id, round_id), get_voter(work, village_id, round_id, no)
    _refuse_vote(work, village_id, found, voter)
    nominees = nominees_of(work, village_id, round_id)
    return Paper(found, nominees, voter.steps_aside_for(nominees))


def vote(work: Work, village_id: int, code: str, given: Given) -> RoundRow:
    """Put a ballot into the box, once.

    Raises NotFound for a code of nobody, AlreadyVoted, RoundClosed, NotYet, Invalid, SelfDealing.
    """
    round_id, no = _holder(work, village_id, code)
    found = hold_round(work, village_id, round_id)
    # once the round is held: new slips may have ended this code meanwhile, or it may have voted
    round_id, no = _holder(work, village_id, code)
    voter = get_voter(work, village_id, round_id, no)
    _refuse_vote(work, village_id, found, voter)
    nominees = nominees_of(work, village_id, round_id)
    ballot = read_ballot(found, nominees, given, aside=voter.steps_aside_for(nominees))
    _put_in(work, village_id, found, [(no, ballot)])
    _VOTED.run(work, in_village=village_id, in_round=round_id, at=no, way="code")
    return found


def enter_paper(
    work: Work, village_id: int, round_id: str, given: Sequence[Given], signed: Sequence[int], *, user_id: int
) -> RoundRow:
    """Take one person's count of the paper ballots; once two persons' counts say the same, they count.

    signed: numbers of those who signed for a ballot; for judges whose ballots they are. One's own count may be entered
    anew until then. Raises NotFound, RoundClosed, NotOpen, NotYet, Invalid, AlreadyVoted, SelfDealing.
    """
    found = hold_round(work, village_id, round_id)
    if found.state not in ("open", "prepared"):
        raise RoundClosed()
    if found.state == "prepared" or found.paper_ballots is not None:
        raise NotOpen("纸质选票已经核对一致" if found.paper_ballots is not None else "评委还没有抽取")
    if work.now < found.opens_at:
        raise NotYet()
    ballots, signed = _read_paper(work, village_id, found, given, signed)
    row = CountRow(user_id, dumps(ballots), dumps(signed))
    _ENTER.run(work, village_id=village_id, round_id=round_id, **row._asdict())
    others = [each for each in paper_counts(work, village_id, round_id) if each.user_id != user_id]
    if any(each[1:] == row[1:] for each in others):
        _settle(work, village_id, found, ballots, signed)
    return get_round(work, village_id, round_id)


class Difference(NamedTuple):
    """A ballot, or a signature, that the counts don't have equally often."""

    what: Any
    counts: list[int]


class Differences(NamedTuple):
    """Between all counts of a round."""

    ballots: list[Difference]
    signed: list[Difference]


def differences_for(found: RoundRow, counts: Sequence[CountRow], user_id: int) -> Differences:
    """What of the counts differs, for who entered a ballot and until two agree; of judges, whose sheets do."""
    own = next((count for count in counts if count.user_id == user_id), None)
    if found.paper_ballots is not None or own is None or not json.loads(own.ballots):
        return Differences([], [])
    bags = [Counter(map(dumps, json.loads(count.ballots))) for count in counts]
    differ = _different(bags)
    if not found.is_secret:
        judges = sorted({each.what[0] for each in differ})
        named = [Counter(json.loads(ballot)[0] for ballot in bag) for bag in bags]
        differ = [Difference(no, [bag[no] for bag in named]) for no in judges]
    return Differences(differ, _different([Counter(map(dumps, json.loads(count.signed))) for count in counts]))


def _different(bags: Sequence[Counter[str]]) -> list[Difference]:
    """What is not in all of them equally often, in a fixed order."""
    every = sorted(set().union(*bags)) if bags else []
    found = [Difference(json.loads(each), [bag[each] for bag in bags]) for each in every]
    return [each for each in found if len(set(each.counts)) > 1]


def read_ballot(
    found: RoundRow, nominees: Sequence[NomineeRow], given: Given, *, aside: set[int], path: str = ""
) -> Any:
    """The ballot as the box keeps it. path: where it stands in a request. Raises Invalid, SelfDealing."""
    numbers = {each.no for each in nominees}
    if (given.ranking is None) != (found.method != "rank") or (given.scores is None) != (found.method != "score"):
        raise Invalid(errors={f"{path}{'ranking' if found.method == 'rank' else 'scores'}": ["必填，且只填这一项"]})
    if given.ranking is not None:
        ballot: Any = list(given.ranking)
        wrong = rules.wrong_ranking(ballot, numbers, choices=found.choices or len(numbers), aside=aside)
    else:
        ballot = [[each["nominee"], each["points"]] for each in given.scores or ()]
        wrong = rules.wrong_scores(ballot, numbers, criteria=found.criteria(), aside=aside)
    if wrong:
        refusal = SelfDealing if all(each.is_own for each in wrong) else Invalid
        raise refusal(errors={f"{path}{each.path}": [each.words] for each in wrong})
    return ballot if found.method == "rank" else sorted(ballot)


def digest_of(code: str) -> str:
    """What is kept of a code."""
    # 80 random bits need no slow digest
    return hashlib.sha256(code.encode()).hexdigest()


def _holder(work: Work, village_id: int, code: str) -> tuple[str, int]:
    cleaned = clean_code(code)
    found = find_by_code(work, village_id, digest_of(cleaned)) if cleaned else None
    if found is None:
        raise NotFound("没有这个投票码，请核对，或请工作人员重新打印")
    return found


def refuse_late(work: Work, found: RoundRow) -> None:
    """Raises RoundClosed, NotOpen where nobody can vote any more, or not yet for want of judges."""
    if found.state in ("closed", "failed") or work.now >= found.closes_at:
        raise RoundClosed()
    if found.state == "prepared":
        raise NotOpen("评委还没有抽取")


def _refuse_vote(work: Work, village_id: int, found: RoundRow, voter: VoterRow) -> None:
    refuse_late(work, found)
    if work.now < found.opens_at:
        raise NotYet()
    if voter.voted is not None:
        raise AlreadyVoted()
    if found.paper_ballots is None:
        counts = paper_counts(work, village_id, found.id)
        # one person alone must not take away another's vote
        if sum(voter.no in json.loads(count.signed) for count in counts) >= _COUNTS:
            raise AlreadyVoted("已经领取纸质选票")


def _put_in(work: Work, village_id: int, found: RoundRow, ballots: Sequence[tuple[int, Any]]) -> None:
    """Add to the box, in the order of what the ballots say: the last to come doesn't lie on top."""
    kept = [ballot if found.is_secret else [no, ballot] for no, ballot in ballots]
    every = sorted([*ballots_in(work, village_id, found.id), *kept])
    _FILL.run(work, in_village=village_id, in_round=found.id, all_ballots=dumps(every))


def _read_paper(
    work: Work, village_id: int, found: RoundRow, given: Sequence[Given], signed: Sequence[int]
) -> tuple[list[Any], list[int]]:
    """The ballots, sorted, of judges with their numbers; and who signed."""
    nominees = nominees_of(work, village_id, found.id)
    roll = {each.no: each for each in roll_of(work, village_id, found.id) if each.is_drawn}
    ballots = []
    for at, each in enumerate(given):
        if (each.voter is None) != found.is_secret or (each.voter is not None and each.voter not in roll):
            raise Invalid(errors={f"ballots.{at}.voter": ["评委打分须填评委号，秘密投票不填"]})
        aside = set() if each.voter is None else roll[each.voter].steps_aside_for(nominees)
        ballot = read_ballot(found, nominees, each, aside=aside, path=f"ballots.{at}.")
        ballots.append(ballot if each.voter is None else [each.voter, ballot])
    signers = sorted(signed) if found.is_secret else sorted(no for no, _ in ballots)
    _check_signed(found, roll, signers, len(ballots))
    return sorted(ballots), signers


def _check_signed(found: RoundRow, roll: Mapping[int, VoterRow], signed: Sequence[int], ballots: int) -> None:
    if len(set(signed)) != len(signed):
        raise Invalid(errors={"signed": ["同一人只能列一次"]})
    if unknown := [no for no in signed if no not in roll]:
        raise Invalid(errors={"signed": [f"名册上没有 {'、'.join(map(str, unknown))} 号"]})
    if ballots > len(signed):
        raise Invalid(errors={"ballots": [f"选票 {ballots} 张，多于签名的 {len(signed)} 人"]})
    if twice := [no for no in signed if roll[no].voted is not None]:
        raise AlreadyVoted(errors={"signed": [f"{'、'.join(map(str, twice))} 号已凭投票码投过票"]})


def _settle(work: Work, village_id: int, found: RoundRow, ballots: Sequence[Any], signed: Sequence[int]) -> None:
    given = [(0, ballot) for ballot in ballots] if found.is_secret else [(no, ballot) for no, ballot in ballots]
    _put_in(work, village_id, found, given)
    _VOTED.run_all(work, [{"in_village": village_id, "in_round": found.id, "at": no, "way": "paper"} for no in signed])
    _ON_PAPER.run(work, in_village=village_id, in_round=found.id, count=len(ballots))
    agreed = {"ballots": dumps(list(ballots)), "signed": dumps(list(signed))}
    _DROP.run(work, in_village=village_id, in_round=found.id, **agreed)
