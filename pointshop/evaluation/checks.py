"""I18: who voted, what lies in the boxes, what came of it and which points were given, held against each other."""

import json
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from pointshop.evaluation import rules
from pointshop.evaluation.models import BallotBox, Nominee, Result, Round, SlipIssue, Voter
from pointshop.evaluation.sheet import box_digest
from pointshop.ledger.verify import Check
from pointshop.merits.models import Merit
from pointshop.publishing.models import Publication

_in_round = and_(Round.village_id == BallotBox.village_id, Round.id == BallotBox.round_id)
_roll = (
    select(
        Voter.village_id,
        Voter.round_id,
        func.count(Voter.voted).label("voted"),
        func.count().filter(Voter.voted == "code").label("by_code"),
    )
    .group_by(Voter.village_id, Voter.round_id)
    .subquery()
)
_nominated = (
    select(Nominee.village_id, Nominee.round_id, func.count().label("nominees"))
    .group_by(Nominee.village_id, Nominee.round_id)
    .subquery()
)
_Other = aliased(Result)


def _is_more(one: type[Result], other: type[Result]) -> ColumnElement[bool]:
    return one.numerator * other.denominator > other.numerator * one.denominator


def _is_equal(one: type[Result], other: type[Result]) -> ColumnElement[bool]:
    return one.numerator * other.denominator == other.numerator * one.denominator


_HIDDEN = frozenset({"ballots", "document", "salt"})


def _box_is_wrong(row: Any) -> bool:
    """Whether the box holds other than one ballot of everybody who voted, or whoever signed and gave none."""
    try:
        ballots = json.loads(row.ballots)
        judges = [] if row.electorate == "households" else [no for no, _ in ballots]
    except (ValueError, TypeError):
        return True
    expected = row.by_code + (row.paper_ballots or 0)
    is_twice = len(set(judges)) != len(judges)
    return len(ballots) != expected or len(ballots) > row.voted or is_twice or row.counted not in (None, len(ballots))


@lru_cache(maxsize=8)
def _values(method: str, nominees: int, ballots: str, is_secret: bool, quorum: int) -> Mapping[int, Fraction | None]:
    said = json.loads(ballots)
    return rules.values(
        method, range(1, nominees + 1), said if is_secret else [ballot for _, ballot in said], quorum=quorum
    )


def _value_is_wrong(row: Any) -> bool:
    """Whether a nominee came to other than its ballots."""
    kept = None if row.numerator is None else Fraction(row.numerator, row.denominator)
    try:
        found = _values(row.method, row.nominees, row.ballots, row.electorate == "households", row.quorum)
        return found[row.nominee_no] != kept
    except (ValueError, TypeError, KeyError):
        return True


def _judge_is_wrong(row: Any) -> bool:
    """Whether a judge has a ballot in the box without having voted, or the other way round."""
    try:
        return (row.no in {no for no, _ in json.loads(row.ballots)}) != (row.voted is not None)
    except (ValueError, TypeError):
        return True


def _is_another_box(row: Any) -> bool:
    """Whether the box is another than the published sheet says."""
    try:
        return box_digest(row.salt, row.ballots) not in json.loads(row.document)["basis"]
    except (ValueError, KeyError, TypeError):
        return True


CHECKS = (
    Check(
        "codes_were_issued",
        "I18",
        "有投票码而没有印发记录",
        select(Voter.village_id, Voter.round_id, Voter.no)
        .outerjoin(SlipIssue, and_(SlipIssue.village_id == Voter.village_id, SlipIssue.round_id == Voter.round_id))
        .where(Voter.code_hash.is_not(None), SlipIssue.no.is_(None)),
    ),
    Check(
        "one_ballot_each",
        "I18",
        "票箱里的选票与已投票的人数不符，或同一人投了两次",
        select(
            Round.village_id,
            Round.id,
            Round.electorate,
            Round.paper_ballots,
            Round.ballots.label("counted"),
            BallotBox.ballots,
            _roll.c.voted,
            _roll.c.by_code,
        )
        .join(BallotBox, _in_round)
        .join(_roll, and_(_roll.c.village_id == Round.village_id, _roll.c.round_id == Round.id)),
        is_wrong=_box_is_wrong,
        hides=_HIDDEN,
    ),
    Check(
        "judges_ballots_are_of_the_panel",
        "I18",
        "票箱里的评分不是抽中的评委所投，或评委已投而票箱没有",
        select(Voter.village_id, Voter.round_id, Voter.no, Voter.voted, BallotBox.ballots)
        .join(Round, and_(Round.village_id == Voter.village_id, Round.id == Voter.round_id))
        .join(BallotBox, _in_round)
        .where(Round.electorate == "judges"),
        is_wrong=_judge_is_wrong,
        hides=_HIDDEN,
    ),
    Check(
        "result_follows_from_ballots",
        "I18",
        "评选结果与选票不符",
        select(
            Result.village_id,
            Result.round_id,
            Result.nominee_no,
            Result.numerator,
            Result.denominator,
            Round.method,
            Round.electorate,
            Round.quorum,
            BallotBox.ballots,
            _nominated.c.nominees,
        )
        .join(Round, and_(Round.village_id == Result.village_id, Round.id == Result.round_id))
        .join(BallotBox, _in_round)
        .join(
            _nominated,
            and_(_nominated.c.village_id == Round.village_id, _nominated.c.round_id == Round.id),
        ),
        is_wrong=_value_is_wrong,
        hides=_HIDDEN,
    ),
    Check(
        "places_follow_from_values",
        "I18",
        "得分高的名次反而靠后，或同分不同名次",
        select(Result.village_id, Result.round_id, Result.nominee_no, Result.place)
        .join(_Other, and_(_Other.village_id == Result.village_id, _Other.round_id == Result.round_id))
        .where(
            Result.place.is_not(None),
            _Other.place.is_not(None),
            or_(
                and_(_is_more(Result, _Other), Result.place >= _Other.place),
                and_(_is_equal(Result, _Other), Result.place != _Other.place),
            ),
        )
        .distinct(),
    ),
    Check(
        "closed_round_has_its_results",
        "I18",
        "已结束的评选缺少结果，或没有结束的评选已有结果",
        select(Nominee.village_id, Nominee.round_id, Nominee.no, Round.state)
        .join(Round, and_(Round.village_id == Nominee.village_id, Round.id == Nominee.round_id))
        .outerjoin(
            Result,
            and_(
                Result.village_id == Nominee.village_id,
                Result.round_id == Nominee.round_id,
                Result.nominee_no == Nominee.no,
            ),
        )
        .where(Round.state.in_(("closed", "failed")) == Result.nominee_no.is_(None)),
    ),
    Check(
        "box_is_as_published",
        "I18",
        "票箱与公布的校验码不符",
        select(Round.village_id, Round.id, BallotBox.salt, BallotBox.ballots, Publication.document)
        .join(BallotBox, _in_round)
        .join(
            Publication,
            and_(Publication.village_id == Round.village_id, Publication.id == Round.publication_id),
        )
        .where(Round.state == "closed"),
        is_wrong=_is_another_box,
        hides=_HIDDEN,
    ),
    Check(
        "award_has_its_merit",
        "I18",
        "评选奖励与积分记录不符",
        select(Result.village_id, Result.round_id, Result.nominee_no, Result.merit_id)
        .join(
            Nominee,
            and_(
                Nominee.village_id == Result.village_id,
                Nominee.round_id == Result.round_id,
                Nominee.no == Result.nominee_no,
            ),
        )
        .join(Round, and_(Round.village_id == Result.village_id, Round.id == Result.round_id))
        .outerjoin(Merit, and_(Merit.village_id == Result.village_id, Merit.id == Result.merit_id))
        .where(
            Result.merit_id.is_not(None),
            or_(
                Merit.id.is_(None),
                Round.state != "closed",
                Merit.household_id != Nominee.household_id,
                func.coalesce(Merit.member_id, 0) != func.coalesce(Nominee.member_id, 0),
                Merit.rule_code != Result.rule_code,
                Merit.quantity != 1,
            ),
        ),
    ),
)
