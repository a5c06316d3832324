"""HTTP of the counter: scan, redeem, void, look up, what was refused."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from pointshop.core import paging
from pointshop.core.clock import VILLAGE_TIME, as_text, as_text_or_none
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Forbidden, Refused
from pointshop.core.routes import Call, Feature
from pointshop.core.text import mask_name
from pointshop.core.work import Work
from pointshop.people.refusals import CardRevoked, CardUnknown
from pointshop.publishing import assets
from pointshop.publishing.receipt import Receipt, ReceiptLine, receipt_page
from pointshop.shop import queries, refusal_log, schemas
from pointshop.shop.conditions import Item, Order
from pointshop.shop.models import Redemption
from pointshop.shop.queries import LineRow, RedemptionRow
from pointshop.shop.redeeming import redeem
from pointshop.shop.refusal_log import RefusalRow
from pointshop.shop.rules import receipt_number
from pointshop.shop.scanning import scan
from pointshop.shop.voiding import void_redemption

feature = Feature("shop", description="积分商店：扫卡、兑换、作废")

_SCAN_WORDS = {kind.code: kind.title for kind in (CardUnknown, CardRevoked)}


@feature.on(
    "POST",
    "/villages/<village:v>/scans",
    permission="shop.scan",
    body=schemas.ScanIn,
    answer=schemas.ScanOut,
    refuses=[429],
)
def scan_card(call: Call) -> dict[str, Any]:
    """扫卡：是谁家的卡、有多少积分、今天还能换多少。每次扫卡都记录。"""
    village_id, clerk_id = call.village.id, call.actor.user_id
    shown = unit_of_work(lambda work: scan(work, village_id, call.body["code"], clerk_id=clerk_id))
    if isinstance(shown, Refused):
        raise shown
    return {
        "household": {"number": shown.number, "head": shown.head},
        "balance": shown.balance,
        "today": {
            "open": shown.is_open,
            "points_left": shown.points_left,
            "without_pin": shown.without_pin,
            "pin": shown.pin,
        },
        "self_dealing": shown.is_tied,
    }


@feature.command(
    "/villages/<village:v>/redemptions/<name:id>",
    kind="redemption",
    permission="shop.redeem",
    body=schemas.RedemptionIn,
    answer=schemas.RedemptionOut,
    limit="redeem",
    unkept=("pin",),
)
def put_redemption(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """凭卡兑换，超过免密额度须输兑换密码；村管理员可凭户号补录纸质单。"""
    body = call.body
    if body["household"] is not None and not call.may("shop.redeem_slip"):
        raise Forbidden("只有村管理员可以补录纸质兑换单")
    order = Order(
        card=body["card"],
        household=body["household"],
        items=[Item(**line) for line in body["lines"]],
        expected_points=body["expected_points"],
        occurred_on=body["occurred_on"],
        note=body["note"],
        pin=body["pin"],
    )
    return _redemption(*redeem(work, call.village.id, id, order, clerk=call.actor))


@feature.command(
    "/villages/<village:v>/redemptions/<name:id>/void",
    kind="void",
    permission="shop.void",
    body=schemas.VoidIn,
    answer=schemas.VoidOut,
    own_refusal=True,
)
def void(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """作废兑换单：积分和商品一起退回，缺一件也不能作废；过了时限须由村管理员作废，returned 写明清点退回了多少。"""
    voided = void_redemption(
        work,
        call.village.id,
        id,
        reason=call.body["reason"],
        returned=_counted(call.body["returned"]),
        actor=call.actor,
        is_manager=call.may("shop.void_late"),
    )
    return _redemption(voided.redemption, voided.lines) | {"balance": voided.balance}


@feature.on(
    "GET",
    "/villages/<village:v>/redemptions/<name:id>",
    permission="redemption.read",
    answer=schemas.RedemptionOut,
)
def get_redemption(call: Call, id: str) -> dict[str, Any]:
    """一张兑换单和各行商品。"""
    found = queries.get_redemption(reading(), call.village.id, id)
    return _redemption(found, queries.lines_of(reading(), call.village.id, [id])[id])


@feature.on(
    "GET",
    "/villages/<village:v>/redemptions/<name:id>/receipt.html",
    permission="redemption.read",
    query=schemas.ReceiptQuery,
    answer="text/html",
)
def receipt(call: Call, id: str) -> Response:
    """小票：58、80 毫米纸卷或 A5；不指明时用打印机的纸。"""
    found = queries.get_redemption(reading(), call.village.id, id)
    lines = queries.lines_of(reading(), call.village.id, [id])[id]
    slip = Receipt(
        village=call.village.name,
        receipt_no=receipt_number(found.household, found.entry_seq),
        household=found.household,
        # slips are left lying on the counter
        head=mask_name(found.head),
        lines=tuple(ReceiptLine(name=line.name, quantity=line.quantity, points=line.points) for line in lines),
        points=found.points,
        balance_after=found.balance_after,
        at=found.at.astimezone(VILLAGE_TIME),
        clerk=found.clerk,
        is_voided=found.state == "voided",
    )
    page = receipt_page(slip, stylesheet_url=assets.url("receipt.css"), paper=call.query["paper"])
    return Response(page, mimetype="text/html")


@feature.on(
    "GET",
    "/villages/<village:v>/redemptions",
    permission="redemption.read",
    query=schemas.RedemptionQuery,
    answer=schemas.RedemptionPage,
)
def list_redemptions(call: Call) -> dict[str, Any]:
    """兑换单，按所记的日期，最近的在前。"""
    work, village_id, columns = reading(), call.village.id, Redemption.__table__.c
    statement = paging.page(
        queries.redemptions(
            village_id, household=call.query["household"], first=call.query["first"], last=call.query["last"]
        ),
        keys=[columns.occurred_on, columns.at, columns.id],
        query=call.query,
        descending=True,
    )
    rows = [RedemptionRow(*row) for row in work.read(statement)]
    lines = queries.lines_of(work, village_id, [row.id for row in rows])
    return paging.answer(
        rows,
        query=call.query,
        key=lambda row: [row.occurred_on, row.at, row.id],
        item=lambda row: _redemption(row, lines[row.id]),
    )


@feature.on(
    "GET",
    "/villages/<village:v>/refusals",
    permission="refusal.read",
    query=paging.PageQuery,
    answer=schemas.RefusalPage,
)
def list_refusals(call: Call) -> dict[str, Any]:
    """柜台上被拒的兑换、作废和扫卡，最近的在前。"""
    found, keys = refusal_log.refusals(call.village.id)
    statement = paging.page(found, keys=keys, query=call.query, descending=True)
    rows = [RefusalRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.at, row.id, row.kind], item=_refusal)


def _counted(returned: Sequence[Mapping[str, Any]] | None) -> dict[str, int] | None:
    return None if returned is None else {line["product"]: line["quantity"] for line in returned}


def _redemption(row: RedemptionRow, lines: Sequence[LineRow]) -> dict[str, Any]:
    return {
        "id": row.id,
        "receipt_no": receipt_number(row.household, row.entry_seq),
        "household": row.household,
        "head": row.head,
        "points": row.points,
        "balance_after": row.balance_after,
        "lines": [line._asdict() for line in lines],
        "state": row.state,
        "occurred_on": row.occurred_on.isoformat(),
        "note": row.note,
        "at": as_text(row.at),
        "clerk": row.clerk,
        "voided_at": as_text_or_none(row.voided_at),
        "voided_by": row.voided_by,
        "void_reason": row.void_reason,
    }


def _refusal(row: RefusalRow) -> dict[str, Any]:
    answered = json.loads(row.answer) if row.answer else {}
    data = answered.get("data", {})
    return {
        "kind": row.kind,
        "id": data.get("redemption", row.id),
        "at": as_text(row.at),
        "code": row.code,
        "detail": answered.get("detail") or _SCAN_WORDS[row.code],
        "household": row.household or data.get("household"),
        "clerk": row.clerk,
    }
