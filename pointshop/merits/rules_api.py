"""HTTP of the rule catalogue."""

from typing import Any

from flask import Response

from pointshop.core import paging
from pointshop.core.db import reading, unit_of_work
from pointshop.core.fields import check, item_code
from pointshop.core.routes import Call, Feature, reply
from pointshop.merits import catalogue, queries, schemas
from pointshop.merits.models import RuleVersion
from pointshop.merits.queries import RuleRow

feature = Feature("rules", description="积分细则")


@feature.on(
    "PUT",
    "/villages/<village:v>/rules/<code>",
    permission="rule.write",
    body=schemas.RuleIn,
    answer=schemas.RuleOut,
    status=201,
)
def put_rule(call: Call, code: str) -> Response:
    """Set a rule (积分细则); a change makes a new version, valid from today or a later day."""
    check(item_code(), code, name="code")
    content = dict(call.body)
    effective_from, is_active = content.pop("effective_from"), content.pop("active")
    version, is_new = unit_of_work(
        lambda work: catalogue.put_rule(
            work,
            call.village.id,
            code,
            content | {"is_active": is_active},
            effective_from=effective_from,
            actor_id=call.actor.user_id,
        )
    )
    return reply(_rule(version), status=201 if is_new else 200)


@feature.on(
    "GET",
    "/villages/<village:v>/rules",
    permission="rule.read",
    query=schemas.RuleQuery,
    answer=schemas.RulePage,
)
def list_rules(call: Call) -> dict[str, Any]:
    """The rules in force on a day, today by default."""
    work = reading()
    statement = paging.page(
        queries.rules_on(call.village.id, call.query["on"] or work.today),
        keys=[RuleVersion.__table__.c.code],
        query=call.query,
    )
    rows = [RuleRow(*row) for row in work.read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.code], item=_rule)


def _rule(row: RuleRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "version": row.version,
        "category": row.category,
        "name": row.name,
        "points": row.points,
        "per": row.per,
        "cap": row.cap,
        "cap_period": row.cap_period,
        "evidence": row.evidence,
        "track": row.track,
        "active": row.is_active,
        "effective_from": row.effective_from.isoformat(),
    }
