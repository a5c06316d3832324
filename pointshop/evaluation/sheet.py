"""The result sheet (评选结果): who is given what, and how that came about."""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from pointshop.core.clock import village_day
from pointshop.core.routes import VillageRef
from pointshop.core.strictjson import dumps
from pointshop.core.work import Work
from pointshop.evaluation.queries import IssueRow, NomineeRow, RoundRow
from pointshop.evaluation.rules import TRIMMED_FROM, spelled
from pointshop.merits.queries import RuleRow
from pointshop.people.public_names import Person, called_in_public, heads_in_public
from pointshop.publishing import tables
from pointshop.publishing.kinds import EVALUATION
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.service import Reserved
from pointshop.publishing.table_sheet import Total
from pointshop.publishing.tables import Draft
from pointshop.regions.queries import get_settings


class Line(NamedTuple):
    """An award. points, merit_id: None where the rule gave none, and `unposted` says why."""

    nominee: NomineeRow
    value: Fraction
    place: int
    rule: RuleRow
    points: int | None
    merit_id: str | None
    unposted: str | None


class Counted(NamedTuple):
    """A round that was counted. may, have: how many could vote, and did."""

    round: RoundRow
    lines: Sequence[Line]
    ballots: Sequence[Any]
    may: int
    have: int
    salt: str
    issues: Sequence[IssueRow]


def freeze(
    work: Work,
    village: VillageRef,
    counted: Counted,
    *,
    id: str,
    reserved: Reserved,
    contact: str,
    office: str,
    site: str,
    actor_id: int,
) -> PublicationRow:
    """Publish the result under a number that was reserved. Raises PrivateDataRefused, Invalid."""
    found = counted.round
    names = names_in_public(work, village.id, [line.nominee for line in counted.lines])
    draft = Draft(
        kind=EVALUATION,
        label=found.title,
        first_on=village_day(found.opens_at),
        last_on=max(village_day(found.opens_at), min(village_day(found.closes_at), work.today)),
        items=tuple(_item(line, names[line.nominee.no], counted.lines) for line in counted.lines),
        totals=(
            Total(label="授奖", value=len(counted.lines), unit="项"),
            Total(label="奖励积分合计", value=sum(line.points or 0 for line in counted.lines), unit="分"),
        ),
        basis=basis_of(counted),
        contact=contact,
        office=office,
    )
    sheet = tables.prepare(work, village, draft, site=site)
    return tables.freeze(work, village.id, sheet, id=id, reserved=reserved, actor_id=actor_id)


def number_words(reserved: Reserved) -> str:
    """As the sheet is quoted in passbooks: 评选结果2026年第3期."""
    return f"{EVALUATION.title}{reserved.year}年第{reserved.serial}期"


def box_digest(salt: str, ballots: str) -> str:
    """What the sheet says of the box, so that none is changed, added or lost unseen: 16 letters (rules.spelled)."""
    return spelled(hashlib.sha256(f"{salt}\x1f{ballots}".encode()).hexdigest()[:16])


def decimal(value: Fraction) -> str:
    """A value as printed: at most two decimals, rounded half up; the books keep it exactly."""
    hundredths = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def basis_of(counted: Counted) -> str:
    """How it was voted and counted, for the village to judge."""
    found = counted.round
    unit = "户" if found.is_secret else "人"
    parts = [
        f"{_electorate(found)}，{_method(found)}",
        f"应投{counted.may}{unit}，参加{counted.have}{unit}，选票{len(counted.ballots)}张，达到法定票数{found.quorum}张",
        "得分相等的名次并列，并列者同得该名次的奖励",
    ]
    printed = [no for issue in counted.issues for no in issue.numbers()]
    parts.append(f"投票单印发{len(counted.issues)}次，补发{len(printed) - len(set(printed))}张")
    if found.seed is not None:
        parts.append(f"评委抽签种子：{found.seed}")
    parts.append(f"票箱校验码：{box_digest(counted.salt, dumps(list(counted.ballots)))}")
    return "；".join(parts) + "。"


def _electorate(found: RoundRow) -> str:
    return "每户一票，秘密投票" if found.is_secret else f"从候选人中抽签产生评委{found.seats}人，本户和亲属回避"


def _method(found: RoundRow) -> str:
    if found.method == "rank":
        return f"按名次计分（波达计数），每票至多填{found.choices}个，未填的平分余分"
    most = sum(each.most for each in found.criteria())
    return f"按{len(found.criteria())}项评分，满分{most}分，满{TRIMMED_FROM}个评分去掉最高、最低各一个后平均"


def _item(line: Line, name: str, lines: Sequence[Line]) -> dict[str, Any]:
    shared = sum(each.place == line.place for each in lines) > 1
    remarks = [*(["并列"] if shared else []), *(["已达积分上限"] if line.unposted == "cap_exceeded" else [])]
    return {
        "place": line.place,
        "group_no": line.nominee.group_no,
        "name": name,
        "value": decimal(line.value),
        "award": line.rule.name,
        "points": line.points,
        "remark": "，".join(remarks) or None,
    }


def names_in_public(work: Work, village_id: int, nominees: Sequence[NomineeRow]) -> dict[int, str]:
    policy, year = get_settings(work, village_id).public_names, work.today.year
    households = {each.household_id for each in nominees if each.member_id is None}
    heads = heads_in_public(work, village_id, households, policy=policy, year=year)
    return {
        each.no: heads[each.household_id]
        if each.name is None
        else called_in_public(Person(each.name, each.number, each.consent, each.birth_year), policy=policy, year=year)
        for each in nominees
    }
