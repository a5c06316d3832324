"""HTTP of the fund's book, the budget line and settlements."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import reading, snapshot
from pointshop.core.ids import derived_name
from pointshop.core.periods import parse_period
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.treasury import queries, rules, schemas, service
from pointshop.treasury.models import FundEntry
from pointshop.treasury.queries import FundRow
from pointshop.treasury.rules import Account
from pointshop.treasury.service import Payment

feature = Feature("treasury", description="经费、积分兑付预算与供货商结算")


@feature.command(
    "/villages/<village:v>/fund-entries/<name:id>",
    kind="fund_entry",
    permission="fund.write",
    body=schemas.FundEntryIn,
    answer=schemas.FundEntryOut,
)
def book(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """记一笔经费收支：集体拨入、捐款、付供货商、其他支出；账上不够的不能支出。"""
    found = service.book(work, call.village.id, id, Payment(**call.body), actor_id=call.actor.user_id)
    return _entry(found)


@feature.command(
    "/villages/<village:v>/fund-entries/<name:id>/reversal",
    kind="fund_reversal",
    permission="fund.write",
    body=schemas.FundReversalIn,
    answer=schemas.FundEntryOut,
    own_refusal=True,
)
def reverse(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """冲正一笔经费收支：另记一笔相反的，原来的不改。"""
    name = derived_name(id, "reversal")
    found = service.reverse(work, call.village.id, name, of=id, reason=call.body["reason"], actor_id=call.actor.user_id)
    return _entry(found)


@feature.on(
    "GET",
    "/villages/<village:v>/fund-entries",
    permission="fund.read",
    query=schemas.FundQuery,
    answer=schemas.FundPage,
)
def list_entries(call: Call) -> dict[str, Any]:
    """经费收支账，最近的在前。"""
    statement = paging.page(
        queries.fund_entries(call.village.id, first=call.query["first"], last=call.query["last"]),
        keys=[FundEntry.__table__.c.seq],
        query=call.query,
        descending=True,
    )
    rows = [FundRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.seq], item=_entry)


@feature.on(
    "GET",
    "/villages/<village:v>/budget",
    permission="budget.read",
    query=schemas.BudgetQuery,
    answer=schemas.BudgetOut,
)
def get_budget(call: Call) -> dict[str, Any]:
    """积分兑付预算：现有积分折合多少钱，经费和存货够不够；adding 试算再发这些积分会怎样，不记账。"""
    adding = call.query["adding"]
    means = snapshot(lambda work: queries.means_of(work, call.village.id))
    line = rules.budget_line(means, adding=adding)
    told = means._asdict()
    del told["unpriced"]
    warnings = [{"code": code, "detail": words} for code, words in rules.warnings(means, line)]
    return told | line._asdict() | {"adding_points": adding, "warnings": warnings}


@feature.on(
    "GET",
    "/villages/<village:v>/settlements",
    permission="fund.read",
    query=schemas.SettlementQuery,
    answer=schemas.SettlementOut,
)
def get_settlement(call: Call) -> dict[str, Any]:
    """一个月各供货商送了多少货、付了多少、还欠多少。"""
    month, village_id = parse_period(call.query["month"]), call.village.id
    after = date.fromordinal(month.last.toordinal() + 1)

    def look(work: Work) -> tuple[list[Account], list[Account]]:
        return (
            queries.suppliers_in(work, village_id, month.first, after),
            queries.suppliers_until(work, village_id, month.first),
        )

    accounts, before = snapshot(look)
    open_before = {account.supplier: account.open_fen for account in before if account.open_fen}
    named = {account.supplier: account for account in accounts}
    items = [
        _supplier(named.get(supplier, Account(supplier, 0, 0)), open_before.get(supplier, 0))
        for supplier in sorted(named.keys() | open_before.keys())
    ]
    sums = {key: sum(item[key] for item in items) for key in ("delivered_fen", "paid_fen", "open_fen")}
    return {"month": call.query["month"], "items": items} | sums


def _supplier(account: Account, before: int) -> dict[str, Any]:
    return account._asdict() | {"open_fen": account.open_fen, "open_before_fen": before}


def _entry(row: FundRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "seq": row.seq,
        "kind": row.kind,
        "amount_fen": row.amount_fen,
        "balance_after_fen": row.balance_after_fen,
        "party": row.party,
        "purpose": row.purpose,
        "settles": row.settles,
        "names_party": row.names_party,
        "occurred_on": row.occurred_on.isoformat(),
        "reverses": row.reverses,
        "at": as_text(row.recorded_at),
        "by": row.actor,
    }
