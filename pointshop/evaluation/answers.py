"""What is answered about evaluations."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pointshop.core.clock import as_text
from pointshop.core.work import Work
from pointshop.evaluation import queries, rules
from pointshop.evaluation.closing import Ended
from pointshop.evaluation.issuing import Slip
from pointshop.evaluation.queries import IssueRow, NomineeRow, ResultRow, RoundRow, VoterRow
from pointshop.evaluation.sheet import Line, decimal, names_in_public
from pointshop.evaluation.voting import Paper


def line(found: RoundRow) -> dict[str, Any]:
    """A round in a list."""
    same = ("id", "title", "subject", "group_no", "method", "electorate", "state", "quorum", "ballots")
    return {name: getattr(found, name) for name in same} | {
        "opens_at": as_text(found.opens_at),
        "closes_at": as_text(found.closes_at),
        "publication": found.publication_id,
    }


def evaluation(work: Work, village_id: int, found: RoundRow) -> dict[str, Any]:
    """A round with its nominees, and what they came to once it is over."""
    voters, voted = queries.turnout(work, village_id, found.id)
    # of a round that failed they would tell what the few who voted said
    results = queries.results_of(work, village_id, found.id) if found.state == "closed" else {}
    return line(found) | {
        "choices": found.choices,
        "seats": found.seats,
        "seed": found.seed,
        "criteria": [each._asdict() for each in found.criteria()],
        "awards": [each._asdict() for each in found.awards()],
        "voters": voters,
        "voted": voted,
        "nominees": [_nominee(each, results.get(each.no)) for each in queries.nominees_of(work, village_id, found.id)],
    }


def voter(row: VoterRow) -> dict[str, Any]:
    """A line of the roll."""
    return _person(row) | {"group_no": row.group_no, "drawn": row.is_drawn, "voted": row.voted}


def issue(row: IssueRow, username: str) -> dict[str, Any]:
    """Who printed slips, when and for whom."""
    return {"no": row.no, "issued_at": as_text(row.issued_at), "issued_by": username, "voters": row.numbers()}


def slip(each: Slip) -> dict[str, Any]:
    """What is printed on a slip."""
    return _person(each.voter) | {"code": each.code}


def paper(work: Work, village_id: int, found: Paper) -> dict[str, Any]:
    """A ballot paper, with names as they may stand in public."""
    names = names_in_public(work, village_id, found.nominees)
    return {
        "title": found.round.title,
        "method": found.round.method,
        "choices": found.round.choices,
        "criteria": [each._asdict() for each in found.round.criteria()],
        "closes_at": as_text(found.round.closes_at),
        "nominees": [
            {"no": each.no, "group_no": each.group_no, "name": names[each.no], "aside": each.no in found.aside}
            for each in found.nominees
        ],
    }


def ballots(work: Work, village_id: int, found: RoundRow) -> dict[str, Any]:
    """What each judge said, and which marks are far off the others'."""
    roll = {each.no: each for each in queries.roll_of(work, village_id, found.id)}
    said = queries.ballots_in(work, village_id, found.id)
    return {
        "items": [
            {"voter": no, "household": roll[no].number, "name": roll[no].name or roll[no].head, "ballot": ballot}
            for no, ballot in said
        ],
        "far_off": _far_off(found, said) if found.method == "score" else [],
    }


def ended(result_id: str, round_id: str, found: Ended) -> Mapping[str, Any]:
    """How a round ended."""
    sheet = found.sheet
    return {
        "id": result_id,
        "evaluation": round_id,
        "state": found.state,
        "ballots": found.ballots,
        "quorum": found.quorum,
        "number": sheet.number if sheet else None,
        "digest": sheet.digest if sheet else None,
        "public_url": sheet.content()["public_url"] if sheet else None,
        "items": [_awarded(each) for each in found.lines],
    }


def _far_off(found: RoundRow, said: list[Any]) -> list[dict[str, Any]]:
    most = sum(each.most for each in found.criteria())
    marks: dict[int, dict[int, int]] = {}
    for judge, sheet in said:
        for nominee, points in sheet:
            marks.setdefault(nominee, {})[judge] = sum(points)
    return [
        {"voter": judge, "nominee": nominee, "total": totals[judge], "differs": _signed(differs)}
        for nominee, totals in sorted(marks.items())
        for judge, differs in sorted(rules.far_off(totals, most=most).items())
    ]


def _signed(value: Fraction) -> str:
    return f"{'-' if value < 0 else '+'}{decimal(abs(value))}"


def _person(row: VoterRow) -> dict[str, Any]:
    return {"no": row.no, "household": row.number, "head": row.head, "member": row.name}


def _nominee(row: NomineeRow, result: ResultRow | None) -> dict[str, Any]:
    came_to = None
    if result is not None and result.numerator is not None and result.denominator is not None:
        came_to = decimal(Fraction(result.numerator, result.denominator))
    return {
        "no": row.no,
        "household": row.number,
        "head": row.head,
        "group_no": row.group_no,
        "member": row.name,
        "value": came_to,
        "place": result.place if result else None,
        "rule": result.rule_code if result else None,
        "merit": result.merit_id if result else None,
        "unposted": result.unposted if result else None,
    }


def _awarded(each: Line) -> dict[str, Any]:
    return {
        "nominee": each.nominee.no,
        "place": each.place,
        "household": each.nominee.number,
        "value": decimal(each.value),
        "rule": each.rule.code,
        "points": each.points,
        "merit": each.merit_id,
        "unposted": each.unposted,
    }
