"""Reads of evaluation rounds."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from pointshop.core.errors import NotFound
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.evaluation.models import BallotBox, Nominee, PaperCount, Result, Round, SlipIssue, Voter
from pointshop.evaluation.rules import Award, Criterion
from pointshop.kinship.models import Tie
from pointshop.people.models import Household, Member


class RoundRow(NamedTuple):
    """A round as it stands."""

    id: str
    title: str
    subject: str
    group_no: int | None
    method: str
    electorate: str
    choices: int | None
    seats: int | None
    quorum: int
    terms: str
    opens_at: datetime
    closes_at: datetime
    state: str
    made_at: datetime
    made_by: int
    seed: str | None
    paper_ballots: int | None
    closed_at: datetime | None
    ballots: int | None
    publication_id: str | None

    @property
    def is_secret(self) -> bool:
        return self.electorate == "households"

    def criteria(self) -> list[Criterion]:
        return [Criterion(**each) for each in json.loads(self.terms)["criteria"]]

    def awards(self) -> list[Award]:
        return [Award(**each) for each in json.loads(self.terms)["awards"]]


class NomineeRow(NamedTuple):
    """Somebody put up. number, head: of the household. name, birth_year, consent: of the member, else None."""

    no: int
    household_id: int
    member_id: int | None
    number: str
    head: str
    group_no: int
    name: str | None
    birth_year: int | None
    consent: bool | None


class VoterRow(NamedTuple):
    """A line of the roll."""

    no: int
    household_id: int
    number: str
    head: str
    group_no: int
    name: str | None
    aside: str
    is_drawn: bool
    voted: str | None

    def steps_aside_for(self, nominees: Iterable[NomineeRow]) -> set[int]:
        """Numbers of the nominees of the own household and kin."""
        households = set(json.loads(self.aside))
        return {each.no for each in nominees if each.household_id in households}


class ResultRow(NamedTuple):
    """What a nominee came to."""

    nominee_no: int
    numerator: int | None
    denominator: int | None
    place: int | None
    rule_code: str | None
    merit_id: str | None
    unposted: str | None


_ROUND = select(*(getattr(Round, name) for name in RoundRow._fields))
_BY_ID = _ROUND.where(Round.village_id == bindparam("village_id"), Round.id == bindparam("id"))
_GET, _HOLD = Prepared(_BY_ID), Prepared(_BY_ID.with_for_update())
_BOX = Prepared(
    select(BallotBox.ballots).where(
        BallotBox.village_id == bindparam("village_id"), BallotBox.round_id == bindparam("round_id")
    )
)
_BY_CODE = Prepared(
    select(Voter.round_id, Voter.no).where(
        Voter.village_id == bindparam("village_id"), Voter.code_hash == bindparam("code_hash")
    )
)


def get_round(work: Work, village_id: int, name: str) -> RoundRow:
    """Raises NotFound."""
    return _round(_GET.first(work, village_id=village_id, id=name))


def hold_round(work: Work, village_id: int, name: str) -> RoundRow:
    """The same, kept from others until the unit of work ends: who votes, counts or closes does so one by one."""
    return _round(_HOLD.first(work, village_id=village_id, id=name))


def _round(found: Any) -> RoundRow:
    if found is None:
        raise NotFound("没有这项评选")
    return RoundRow(*found)


def rounds(village_id: int) -> AnySelect:
    """The rounds of a village; unordered."""
    return _ROUND.where(Round.village_id == village_id)


def nominees_of(work: Work, village_id: int, round_id: str) -> list[NomineeRow]:
    """In the order of the ballot."""
    statement = (
        select(
            Nominee.no,
            Nominee.household_id,
            Nominee.member_id,
            Household.number,
            Household.head,
            Household.group_no,
            Member.name,
            Member.birth_year,
            Member.name_consent,
        )
        .join(Household, and_(Household.village_id == Nominee.village_id, Household.id == Nominee.household_id))
        .outerjoin(Member, and_(Member.village_id == Nominee.village_id, Member.id == Nominee.member_id))
        .where(Nominee.village_id == village_id, Nominee.round_id == round_id)
        .order_by(Nominee.no)
    )
    return [NomineeRow(*row) for row in work.read(statement)]


def roll_of(work: Work, village_id: int, round_id: str) -> list[VoterRow]:
    """Who may vote, and candidates who were not drawn, by number."""
    return [VoterRow(*row) for row in work.read(_voters(village_id, round_id).order_by(Voter.no))]


def get_voter(work: Work, village_id: int, round_id: str, no: int) -> VoterRow:
    """A line of the roll that must be there."""
    found: Any = work.read(_voters(village_id, round_id).where(Voter.no == no)).one()
    return VoterRow(*found)


def _voters(village_id: int, round_id: str) -> AnySelect:
    statement: AnySelect = (
        select(
            Voter.no,
            Voter.household_id,
            Household.number,
            Household.head,
            Household.group_no,
            Member.name,
            Voter.aside,
            Voter.is_drawn,
            Voter.voted,
        )
        .join(Household, and_(Household.village_id == Voter.village_id, Household.id == Voter.household_id))
        .outerjoin(Member, and_(Member.village_id == Voter.village_id, Member.id == Voter.member_id))
        .where(Voter.village_id == village_id, Voter.round_id == round_id)
    )
    return statement


def find_by_code(work: Work, village_id: int, code_hash: str) -> tuple[str, int] | None:
    """The round and the number on its roll that a code was printed for."""
    return _BY_CODE.first(work, village_id=village_id, code_hash=code_hash)


def turnout(work: Work, village_id: int, round_id: str) -> tuple[int, int]:
    """How many may vote, and how many have."""
    statement = select(func.count(), func.count(Voter.voted)).where(
        Voter.village_id == village_id, Voter.round_id == round_id, Voter.is_drawn.is_(True)
    )
    may, have = work.read(statement).one()
    return may, have


def ballots_in(work: Work, village_id: int, round_id: str) -> list[Any]:
    """What lies in the box."""
    (ballots,) = _BOX.one(work, village_id=village_id, round_id=round_id)
    found: list[Any] = json.loads(ballots)
    return found


def salt_of(work: Work, village_id: int, round_id: str) -> str:
    """What the ballots are digested with; known to nobody."""
    (salt,) = work.read(
        select(BallotBox.salt).where(BallotBox.village_id == village_id, BallotBox.round_id == round_id)
    ).one()
    return str(salt)


class CountRow(NamedTuple):
    """Paper ballots as one user entered them."""

    user_id: int
    ballots: str
    signed: str


def paper_counts(work: Work, village_id: int, round_id: str) -> list[CountRow]:
    """What was entered from paper, by user."""
    statement = (
        select(PaperCount.user_id, PaperCount.ballots, PaperCount.signed)
        .where(PaperCount.village_id == village_id, PaperCount.round_id == round_id)
        .order_by(PaperCount.user_id)
    )
    return [CountRow(*row) for row in work.read(statement)]


class IssueRow(NamedTuple):
    """Slips that were printed. voters: JSON, their numbers."""

    no: int
    issued_at: datetime
    issued_by: int
    voters: str

    def numbers(self) -> list[int]:
        found: list[int] = json.loads(self.voters)
        return found


def issues_of(work: Work, village_id: int, round_id: str) -> list[IssueRow]:
    """In the order in which they were printed."""
    statement = (
        select(SlipIssue.no, SlipIssue.issued_at, SlipIssue.issued_by, SlipIssue.voters)
        .where(SlipIssue.village_id == village_id, SlipIssue.round_id == round_id)
        .order_by(SlipIssue.no)
    )
    return [IssueRow(*row) for row in work.read(statement)]


def results_of(work: Work, village_id: int, round_id: str) -> dict[int, ResultRow]:
    """Nominee's number → what it came to."""
    statement = select(*(getattr(Result, name) for name in ResultRow._fields)).where(
        Result.village_id == village_id, Result.round_id == round_id
    )
    return {row.nominee_no: ResultRow(*row) for row in work.read(statement)}


def evaluations_of(work: Work, village_id: int, household_id: int) -> list[dict[str, Any]]:
    """Rounds in which a household or one of its members was put up, or could vote; not what anybody voted."""
    put_up = (
        select(Round.made_at, Round.title, case((Round.state == "closed", Result.place)))
        .join(Nominee, and_(Nominee.village_id == Round.village_id, Nominee.round_id == Round.id))
        .outerjoin(
            Result,
            and_(
                Result.village_id == Nominee.village_id,
                Result.round_id == Nominee.round_id,
                Result.nominee_no == Nominee.no,
            ),
        )
        .where(Round.village_id == village_id, Nominee.household_id == household_id)
        .order_by(Round.made_at, Round.id, Nominee.no)
    )
    on_roll = (
        select(Round.made_at, Round.title, Voter.voted)
        .join(Voter, and_(Voter.village_id == Round.village_id, Voter.round_id == Round.id))
        .where(Round.village_id == village_id, Voter.household_id == household_id, Voter.is_drawn.is_(True))
        .order_by(Round.made_at, Round.id, Voter.no)
    )
    return [
        {"title": title, "nominated": True, "place": place, "voted": False} for _, title, place in work.read(put_up)
    ] + [
        {"title": title, "nominated": False, "place": None, "voted": voted is not None}
        for _, title, voted in work.read(on_roll)
    ]


_other = aliased(Tie)


def declared_kin(work: Work, village_id: int, household_ids: Collection[int]) -> dict[int, set[int]]:
    """Household → those that a member of staff has declared to be of one family with it."""
    statement = (
        select(Tie.household_id, _other.household_id)
        .join(_other, and_(_other.village_id == Tie.village_id, _other.user_id == Tie.user_id))
        .where(
            Tie.village_id == village_id,
            Tie.household_id.in_(sorted(household_ids)),
            Tie.ended_at.is_(None),
            _other.ended_at.is_(None),
        )
    )
    found: dict[int, set[int]] = {household_id: set() for household_id in household_ids}
    for household_id, other_id in work.read(statement):
        found[household_id].add(other_id)
    return found
