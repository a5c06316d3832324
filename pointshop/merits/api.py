"""HTTP of merits and their review."""

from collections.abc import Mapping
from typing import Any

from pointshop.accounts.queries import users_named
from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import reading
from pointshop.core.errors import NotFound
from pointshop.core.policy import PERMISSIONS, GridCell, grid_of
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.ledger.service import get_balance
from pointshop.merits import log, queries, review, schemas, service
from pointshop.merits.log_booking import Logged
from pointshop.merits.log_conditions import Line, Logger, Terms
from pointshop.merits.models import Merit
from pointshop.merits.queries import MeritRow
from pointshop.merits.review import Verdict

feature = Feature("merits", description="积分记录与审核")


@feature.command(
    "/villages/<village:v>/merits/<name:id>",
    kind="merit",
    permission="merit.log",
    body=schemas.MeritIn,
    answer=schemas.MeritOut,
    limit="merit",
)
def log_merit(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """记分：登记一件事。本村不要审核也不公示的，当场入账。"""
    body = call.body
    terms, logged = log.log_merit(
        work,
        call.village.id,
        id,
        Line(body["household"], body["member_id"], body["quantity"], body["self_dealing"]),
        rule=body["rule"],
        occurred_on=body["occurred_on"],
        note=body["note"] or "",
        by=_logger(call),
    )
    return _new_merit(work, terms, logged)


@feature.command(
    "/villages/<village:v>/merit-batches/<name:id>",
    kind="merit_batch",
    permission="merit.log",
    body=schemas.BatchIn,
    answer=schemas.BatchOut,
    limit="merit",
)
def log_batch(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """批量记分：一条细则记给许多户，要么全记要么全不记；被拒时指明是哪几行。"""
    body = call.body
    terms, logged = log.log_batch(
        work,
        call.village.id,
        id,
        [Line(line["household"], line["member_id"], line["quantity"]) for line in body["lines"]],
        rule=body["rule"],
        occurred_on=body["occurred_on"],
        note=body["note"] or "",
        by=_logger(call),
    )
    return {
        "id": id,
        "points": sum(merit.points for merit in logged),
        "merits": [_new_merit(work, terms, merit) for merit in logged],
    }


@feature.command(
    "/villages/<village:v>/merits/<name:id>/review",
    kind="merit_review",
    permission="merit.review",
    body=schemas.ReviewIn,
    answer=schemas.MeritOut,
    own_refusal=True,
)
def review_merit(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """审核一条积分记录：同意或退回；不能审自己登记的。"""
    return _one(work, call, review.review_merit(work, call.village.id, id, _verdict(call)))


@feature.command(
    "/villages/<village:v>/reviews/<name:id>",
    kind="review",
    permission="merit.review",
    body=schemas.ReviewsIn,
    answer=schemas.ReviewsOut,
)
def review_many(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """批量审核，要么全部要么全不。"""
    found = review.review_many(work, call.village.id, call.body["merits"], _verdict(call))
    merits = [_merit(merit) for merit in found]
    return {"id": id, "decision": call.body["decision"], "merits": merits}


@feature.command(
    "/villages/<village:v>/merits/<name:id>/reversal",
    kind="reversal",
    permission="merit.reverse",
    body=schemas.ReasonIn,
    answer=schemas.MeritOut,
    own_refusal=True,
)
def reverse_merit(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """冲正：收回积分（不低于零）和荣誉。"""
    merit = service.reverse_merit(work, call.village.id, id, reason=call.body["reason"], actor_id=call.actor.user_id)
    return _one(work, call, merit)


@feature.command(
    "/villages/<village:v>/merits/<name:id>/withdrawal",
    kind="withdrawal",
    permission="merit.log",
    body=schemas.ReasonIn,
    answer=schemas.MeritOut,
    own_refusal=True,
)
def withdraw_merit(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """撤回自己登记、还没有人审核的记录。"""
    merit = queries.get_merit(work, call.village.id, id)
    if merit.logged_by != call.actor.user_id:
        raise NotFound()
    return _one(work, call, service.withdraw_merit(work, call.village.id, id, reason=call.body["reason"]))


@feature.on(
    "GET",
    "/villages/<village:v>/merits",
    permission="merit.read",
    query=schemas.MeritQuery,
    answer=schemas.MeritPage,
)
def list_merits(call: Call) -> dict[str, Any]:
    """积分记录，最近的事在前；网格员看自己的网格。"""
    statement = paging.page(
        queries.merits(
            call.village.id,
            call.query,
            grid=reading_grid(call),
            logged_by=call.actor.user_id if call.query["mine"] == "true" else None,
        ),
        keys=[Merit.__table__.c.occurred_on, Merit.__table__.c.id],
        query=call.query,
        descending=True,
    )
    rows = [MeritRow(*row) for row in reading().read(statement)]
    photos = queries.photos_of(reading(), call.village.id, [row.id for row in rows])
    loggers = users_named(reading(), {row.logged_by for row in rows})
    rejected = [row.id for row in rows if row.state == "rejected"]
    reasons = queries.rejections_of(reading(), call.village.id, rejected)

    def item(row: MeritRow) -> dict[str, Any]:
        more = {"photos": photos.get(row.id, []), "head": row.head, "logged_by": loggers.get(row.logged_by)}
        return _merit(row) | more | ({"reason": reasons[row.id]} if row.id in reasons else {})

    return paging.answer(rows, query=call.query, key=lambda row: [row.occurred_on, row.id], item=item)


@feature.on("GET", "/villages/<village:v>/merits/<name:id>", permission="merit.read", answer=schemas.MeritOut)
def get_merit(call: Call, id: str) -> dict[str, Any]:
    """一条积分记录。"""
    merit = visible_merit(reading(), call, id)
    photos = queries.photos_of(reading(), call.village.id, [id])
    return _one(reading(), call, merit) | {"photos": photos.get(id, [])}


def visible_merit(work: Work, call: Call, name: str) -> MeritRow:
    """A merit that the caller may see. Raises NotFound."""
    merit = queries.get_merit(work, call.village.id, name)
    grid = reading_grid(call)
    if grid is not None and not any(cell.holds(merit.group_no, merit.lane) for cell in grid):
        raise NotFound()
    return merit


def reading_grid(call: Call) -> tuple[GridCell, ...] | None:
    """Which cells the caller may read merits of; None for the whole village."""
    readers = PERMISSIONS["merit.read"] - {"worker"}
    if any(grant.role in readers for grant in call.actor.grants_at(call.village.path)):
        return None
    return grid_of(call.actor, call.village.path)


def _logger(call: Call) -> Logger:
    return Logger(call.actor.user_id, grid_of(call.actor, call.village.path))


def _verdict(call: Call) -> Verdict:
    roles = {grant.role for grant in call.actor.grants_at(call.village.path)}
    return Verdict(
        call.body["decision"],
        call.body["comment"],
        call.actor.user_id,
        is_of_village=bool(roles & (PERMISSIONS["merit.review"] - {"admin"})),
        stands_above=call.actor.stands_above(call.village.path),
    )


def _new_merit(work: Work, terms: Terms, merit: Logged) -> dict[str, Any]:
    return {
        "id": merit.id,
        "state": merit.state,
        "points": merit.points,
        "household": merit.household,
        "member_id": merit.member_id,
        "rule": terms.rule.code,
        "rule_version": terms.rule.version,
        "rule_name": terms.rule.name,
        "category": terms.rule.category,
        "quantity": merit.quantity,
        "occurred_on": terms.occurred_on.isoformat(),
        "note": terms.note,
        "due_on": None,
        "batch": terms.batch_id,
        "self_dealing": merit.self_dealing,
        "logged_at": as_text(work.now),
        "balance": merit.balance,
    }


def _merit(row: MeritRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "points": row.points,
        "household": row.number,
        "member_id": row.member_id,
        "rule": row.rule,
        "rule_version": row.rule_version,
        "rule_name": row.rule_name,
        "category": row.category,
        "quantity": row.quantity,
        "occurred_on": row.occurred_on.isoformat(),
        "note": row.note,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "batch": row.batch_id,
        "self_dealing": bool(row.self_dealing),
        "logged_at": as_text(row.logged_at),
        "reason": row.end_reason,
    }


def _one(work: Work, call: Call, row: MeritRow) -> dict[str, Any]:
    return _merit(row) | {"balance": get_balance(work, call.village.id, row.household_id)}
