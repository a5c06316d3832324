"""Slips: who gets a code, and who printed it. Whoever has a code can vote, so each issue is on record."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, insert, update

from pointshop.core.codes import new_code
from pointshop.core.errors import Forbidden, Invalid
from pointshop.core.strictjson import dumps
from pointshop.core.work import Change, Work
from pointshop.evaluation.models import SlipIssue, Voter
from pointshop.evaluation.queries import IssueRow, VoterRow, hold_round, issues_of, nominees_of, roll_of
from pointshop.evaluation.refusals import AlreadyVoted, NotOpen
from pointshop.evaluation.voting import digest_of, refuse_late
from pointshop.kinship.service import refuse_self_dealing_among

_CODE = Change(
    update(Voter)
    .where(
        Voter.village_id == bindparam("in_village"),
        Voter.round_id == bindparam("in_round"),
        Voter.no == bindparam("at"),
    )
    .values(code_hash=bindparam("new_hash"))
)
_ISSUED = Change(insert(SlipIssue))


class Slip(NamedTuple):
    """A code to hand out to a voter."""

    voter: VoterRow
    code: str


def issue_slips(work: Work, village_id: int, round_id: str, named: Sequence[int], *, actor_id: int) -> list[Slip]:
    """New codes, of which only digests are kept: once for all who have not voted, then for those named (`named`).

    Earlier codes of those named die; nobody issues two to one voter. Raises NotFound, RoundClosed, NotOpen,
    SelfDealing for who belongs to a nominee, Forbidden, Invalid, AlreadyVoted.
    """
    found = hold_round(work, village_id, round_id)
    refuse_late(work, found)
    nominees = [(f"nominees.{each.no}", each.household_id) for each in nominees_of(work, village_id, round_id)]
    refuse_self_dealing_among(work, village_id, actor_id, nominees)
    roll = {each.no: each for each in roll_of(work, village_id, round_id) if each.is_drawn}
    issues = issues_of(work, village_id, round_id)
    if issues and not named:
        raise NotOpen("投票单已经印发；补发由另一人写明投票人的号")
    if named:
        _refuse_again(roll, issues, named, actor_id)
    slips = [Slip(each, new_code()) for each in roll.values() if (each.no in named if named else not each.voted)]
    fixed = {"in_village": village_id, "in_round": round_id}
    _CODE.run_all(work, [fixed | {"at": slip.voter.no, "new_hash": digest_of(slip.code)} for slip in slips])
    _ISSUED.run(
        work,
        village_id=village_id,
        round_id=round_id,
        no=len(issues) + 1,
        issued_at=work.now,
        issued_by=actor_id,
        voters=dumps([slip.voter.no for slip in slips]),
    )
    return slips


def _refuse_again(
    roll: Mapping[int, VoterRow], issues: Sequence[IssueRow], named: Sequence[int], actor_id: int
) -> None:
    def numbers(found: Sequence[int]) -> str:
        return "、".join(map(str, found))

    if unknown := [no for no in named if no not in roll]:
        raise Invalid(errors={"voters": [f"名册上没有 {numbers(unknown)} 号"]})
    if voted := [no for no in named if roll[no].voted]:
        raise AlreadyVoted(errors={"voters": [f"{numbers(voted)} 号已经投过票"]})
    if own := [no for no in named if any(no in each.numbers() for each in issues if each.issued_by == actor_id)]:
        raise Forbidden(f"{numbers(own)} 号的投票单由您印发过，补发须由另一人办理")
