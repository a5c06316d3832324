"""Setting up a round: who is put up, who may vote, on what terms; and drawing the judges."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update

from pointshop.core.errors import Forbidden, Invalid
from pointshop.core.many import insert_many
from pointshop.core.strictjson import dumps
from pointshop.core.work import Change, Work
from pointshop.evaluation import rules
from pointshop.evaluation.models import BallotBox, Nominee, Round, Voter
from pointshop.evaluation.queries import RoundRow, declared_kin, get_round, hold_round, nominees_of, roll_of
from pointshop.evaluation.refusals import NotOpen, refuse_private_words
from pointshop.merits.queries import find_newest_rule
from pointshop.people.queries import HouseholdRow, all_households, members_of


class Person(NamedTuple):
    """A household by number, or a member of it. kin: numbers of households for which a judge steps aside too."""

    household: str
    member_id: int | None
    kin: tuple[str, ...] = ()


class NewRound(NamedTuple):
    """What a manager decides before anybody votes. nominees: None for every household in scope."""

    title: str
    subject: str
    group_no: int | None
    nominees: Sequence[Person] | None
    method: str
    choices: int | None
    criteria: Sequence[Mapping[str, Any]]
    electorate: str
    candidates: Sequence[Person]
    seats: int | None
    quorum: int
    opens_at: datetime
    closes_at: datetime
    awards: Sequence[Mapping[str, Any]]


#: Most that a ballot has room for.
MOST_NOMINEES = 500

_ROUNDS = Change(insert(Round))
_NOMINEES, _VOTERS = insert_many(Nominee), insert_many(Voter)
_BOXES = Change(insert(BallotBox))
_DRAWN = Change(
    update(Round)
    .where(Round.village_id == bindparam("in_village"), Round.id == bindparam("round_id"))
    .values(state="open", seed=bindparam("new_seed"), drawn_at=bindparam("now"), drawn_by=bindparam("actor_id"))
)


def make_round(work: Work, village_id: int, round_id: str, wanted: NewRound, *, actor_id: int) -> RoundRow:
    """Set up a round; of households it is open from its hour on, judges have to be drawn first.

    The roll is taken now: who moves in later votes the next time. Raises Invalid, PrivateWords.
    """
    refuse_private_words(title=wanted.title)
    people = _People(work, village_id, wanted.group_no)
    nominees = _nominees(people, wanted)
    voters = _voters(people, wanted)
    choices = _choices(wanted, len(nominees))
    _check_awards(work, village_id, wanted)
    _ROUNDS.run(work, **_row(work, village_id, round_id, wanted, choices, actor_id=actor_id))
    fixed = {"village_id": village_id, "round_id": round_id}
    _NOMINEES.run(work, [fixed | {"no": no} | each for no, each in enumerate(nominees, start=1)])
    _VOTERS.run(work, [fixed | {"no": no} | each for no, each in enumerate(voters, start=1)])
    _BOXES.run(work, **fixed, salt=secrets.token_hex(16), ballots="[]")
    return get_round(work, village_id, round_id)


def draw_judges(work: Work, village_id: int, round_id: str, *, words: str, actor_id: int) -> RoundRow:
    """Draw the judges; the seed stays with the round, so that anyone can draw again (rules.draw).

    words: read out at a meeting, say; chance of our own follows them, since whoever could try seeds at home would
    choose the judges. For rankings whoever belongs to a nominee is left out; on a score sheet they skip that one.
    Raises NotFound, PrivateWords, Forbidden for who set the round up, NotOpen, Invalid where too few are left.
    """
    refuse_private_words(seed=words)
    found = hold_round(work, village_id, round_id)
    if found.made_by == actor_id:
        raise Forbidden("评委须由另一人抽取")
    if found.state != "prepared" or found.seats is None:
        raise NotOpen("评委已经抽取，或本评选不用评委")
    nominees = nominees_of(work, village_id, round_id)
    free = [
        each.no
        for each in roll_of(work, village_id, round_id)
        if len(each.steps_aside_for(nominees)) < (1 if found.method == "rank" else len(nominees))
    ]
    if len(free) < found.seats:
        raise Invalid(errors={"seed": [f"除去应当回避的，候选评委只有 {len(free)} 人，不足 {found.seats} 人"]})
    seed = f"{words} {rules.spelled(secrets.token_hex(8))}"
    drawn = rules.draw(free, seats=found.seats, seed=seed)
    work.write(
        update(Voter)
        .where(Voter.village_id == village_id, Voter.round_id == round_id, Voter.no.in_(drawn))
        .values(is_drawn=True)
    )
    _DRAWN.run(work, in_village=village_id, round_id=round_id, new_seed=seed, now=work.now, actor_id=actor_id)
    return get_round(work, village_id, round_id)


class _People:
    """The households that take part, and how to find persons among them."""

    def __init__(self, work: Work, village_id: int, group_no: int | None) -> None:
        self.work, self.village_id = work, village_id
        everyone = [each for each in all_households(work, village_id) if each.status == "active"]
        self.known = {each.number: each for each in everyone}
        self.in_scope = [each for each in everyone if group_no in (None, each.group_no)]

    def find(self, persons: Sequence[Person], *, field: str, scope: Iterable[HouseholdRow]) -> list[dict[str, Any]]:
        """household_id and member_id of each. Raises Invalid that names every one who is not there or comes twice."""
        inside = {each.number: each.id for each in scope}
        homes = members_of(
            self.work, self.village_id, [inside[each.household] for each in persons if each.household in inside]
        )
        errors: dict[str, list[str]] = {}
        found: list[dict[str, Any]] = []
        for at, each in enumerate(persons):
            household_id = inside.get(each.household)
            row = {"household_id": household_id, "member_id": each.member_id}
            if household_id is None:
                errors[f"{field}.{at}.household"] = [f"范围内没有户号 {each.household}"]
            elif each.member_id is not None and each.member_id not in {member.id for member in homes[household_id]}:
                errors[f"{field}.{at}.member_id"] = [f"户 {each.household} 没有这位成员"]
            elif row in found:
                errors[f"{field}.{at}.household"] = ["列了两次"]
            found.append(row)
        if errors:
            raise Invalid(errors=errors)
        return found


def _nominees(people: _People, wanted: NewRound) -> list[dict[str, Any]]:
    if wanted.nominees is None:
        if wanted.subject == "member":
            raise Invalid(errors={"nominees": ["评选个人须逐一列出"]})
        found = [{"household_id": each.id, "member_id": None} for each in people.in_scope]
    else:
        for at, each in enumerate(wanted.nominees):
            if (each.member_id is not None) != (wanted.subject == "member"):
                raise Invalid(errors={f"nominees.{at}.member_id": ["评选个人须填成员，评选户不填"]})
        found = people.find(wanted.nominees, field="nominees", scope=people.in_scope)
    if not 2 <= len(found) <= MOST_NOMINEES:
        raise Invalid(errors={"nominees": [f"须有 2 到 {MOST_NOMINEES} 个评选对象，现有 {len(found)} 个"]})
    return found


def _voters(people: _People, wanted: NewRound) -> list[dict[str, Any]]:
    """Rows of the roll, without numbers."""
    blank = {"voted": None, "code_hash": None}
    if wanted.electorate == "households":
        # declared ties are between staff and households; a household's ballot leaves out the household itself
        return [
            {"household_id": each.id, "member_id": None, "aside": dumps([each.id]), "is_drawn": True} | blank
            for each in people.in_scope
        ]
    found = people.find(wanted.candidates, field="candidates", scope=people.known.values())
    kin = declared_kin(people.work, people.village_id, {row["household_id"] for row in found})
    rows = []
    for at, (each, row) in enumerate(zip(wanted.candidates, found, strict=True)):
        if unknown := [number for number in each.kin if number not in people.known]:
            raise Invalid(errors={f"candidates.{at}.kin": [f"没有户号 {'、'.join(unknown)}"]})
        said = {people.known[number].id for number in each.kin}
        aside = sorted({row["household_id"]} | said | kin[row["household_id"]])
        rows.append(row | {"aside": dumps(aside), "is_drawn": False} | blank)
    if wanted.seats is None or wanted.seats > len(rows):
        raise Invalid(errors={"seats": [f"候选评委只有 {len(rows)} 人"]})
    return rows


def _choices(wanted: NewRound, nominees: int) -> int | None:
    """How many a ballot may rank. A secret one leaves somebody out: else it would show who may not stand on it."""
    if wanted.method != "rank":
        return None
    most = nominees - 1 if wanted.electorate == "households" else nominees
    if wanted.choices is not None and wanted.choices > most:
        raise Invalid(errors={"choices": [f"最多填 {most} 个"]})
    return wanted.choices or most


def _check_awards(work: Work, village_id: int, wanted: NewRound) -> None:
    for at, award in enumerate(wanted.awards):
        rule = find_newest_rule(work, village_id, award["rule"])
        if rule is None or not rule.is_active or rule.points <= 0:
            raise Invalid(errors={f"awards.{at}.rule": [f"没有可以加分的细则 {award['rule']}"]})


def _row(
    work: Work, village_id: int, round_id: str, wanted: NewRound, choices: int | None, *, actor_id: int
) -> dict[str, Any]:
    terms = {"criteria": list(map(dict, wanted.criteria)), "awards": list(map(dict, wanted.awards))}
    unknown_yet = (
        "seed",
        "drawn_at",
        "drawn_by",
        "paper_ballots",
        "closed_at",
        "closed_by",
        "ballots",
        "publication_id",
    )
    return dict.fromkeys(unknown_yet) | {
        "village_id": village_id,
        "id": round_id,
        "title": wanted.title,
        "subject": wanted.subject,
        "group_no": wanted.group_no,
        "method": wanted.method,
        "electorate": wanted.electorate,
        "choices": choices,
        "seats": wanted.seats,
        "quorum": wanted.quorum,
        "terms": dumps(terms),
        "opens_at": wanted.opens_at,
        "closes_at": wanted.closes_at,
        "state": "open" if wanted.electorate == "households" else "prepared",
        "made_at": work.now,
        "made_by": actor_id,
    }
