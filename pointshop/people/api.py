"""HTTP of households and cards."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from pointshop.config import current_config
from pointshop.core import paging
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Invalid, NotFound, UnsupportedMediaType
from pointshop.core.fields import check, household_number
from pointshop.core.policy import grid_of
from pointshop.core.routes import Call, Feature, reply
from pointshop.core.work import Work
from pointshop.ledger import queries as books
from pointshop.people import exporting, importing, lineage, qr, queries, schemas, service, sheet_out
from pointshop.people.household_sheet import COLUMNS
from pointshop.people.models import Household
from pointshop.people.queries import HouseholdRow, MemberRow, RosterRow
from pointshop.people.service import HouseholdData
from pointshop.people.spreadsheet import FILE_LIMIT

feature = Feature("people", description="户、成员与积分卡")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@feature.on(
    "PUT",
    "/villages/<village:v>/households/<number>",
    permission="people.write",
    body=schemas.HouseholdIn,
    answer=schemas.HouseholdOut,
    status=201,
)
def put_household(call: Call, number: str) -> Response:
    """立户，或更新一户的登记。"""
    check(household_number(), number, name="number")
    data = HouseholdData(**call.body)
    is_new = unit_of_work(
        lambda work: service.put_household(work, call.village.id, number, data, actor_id=call.actor.user_id)
    )
    return reply(_read(call, number), status=201 if is_new else 200)


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>",
    permission="people.read",
    answer=schemas.HouseholdOut,
)
def get_household(call: Call, number: str) -> dict[str, Any]:
    """一户：可用积分和今年的荣誉积分。"""
    return _read(call, number)


@feature.on(
    "GET",
    "/villages/<village:v>/households",
    permission="people.read",
    query=schemas.HouseholdQuery,
    answer=schemas.HouseholdPage,
)
def list_households(call: Call) -> dict[str, Any]:
    """按小组、街巷列出，或按姓名的一部分、拼音、首字母、户号查找。"""
    work, village_id = reading(), call.village.id
    statement = paging.page(
        queries.households(village_id, call.query), keys=[Household.__table__.c.number], query=call.query
    )
    rows = [HouseholdRow(*row) for row in work.read(statement)]
    ids = [row.id for row in rows]
    members = queries.members_of(work, village_id, ids)
    balances = books.balances_of(work, village_id, ids)
    return paging.answer(
        rows,
        query=call.query,
        key=lambda row: [row.number],
        item=lambda row: _household(call, row, members[row.id]) | {"balance": balances[row.id]},
    )


@feature.on(
    "GET",
    "/villages/<village:v>/roster",
    permission="merit.log",
    query=paging.PageQuery,
    answer=schemas.RosterPage,
)
def list_roster(call: Call) -> dict[str, Any]:
    """花名册：自己网格内的户，只含离线时找人所需的内容。"""
    work, village_id = reading(), call.village.id
    grid = grid_of(call.actor, call.village.path)
    statement = paging.page(
        queries.roster(village_id, grid=grid), keys=[Household.__table__.c.number], query=call.query
    )
    rows = [RosterRow(*row) for row in work.read(statement)]
    members = queries.members_of(work, village_id, [row.id for row in rows])
    return paging.answer(
        rows, query=call.query, key=lambda row: [row.number], item=lambda row: _on_roster(row, members[row.id])
    )


@feature.command(
    "/villages/<village:v>/households/<number>/cards/<name:id>",
    kind="card",
    permission="card.issue",
    body=schemas.CardIn,
    answer=schemas.CardOut,
)
def issue_card(call: Call, work: Work, number: str, id: str) -> Mapping[str, Any]:
    """发积分卡；旧卡当场作废。"""
    household = queries.get_household(work, call.village.id, number)
    card = service.issue_card(work, call.village.id, household, card_id=id)
    return {"code": card.code, "serial": card.serial, "url": card_url(card.code)}


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/card.svg",
    permission="card.print",
    answer="image/svg+xml",
)
def card_svg(call: Call, number: str) -> Response:
    """有效积分卡的二维码，打印用。"""
    return Response(qr.card_qr_svg(_card_in_force(call, number)), mimetype="image/svg+xml")


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/card.png",
    permission="card.print",
    answer="image/png",
)
def card_png(call: Call, number: str) -> Response:
    """有效积分卡的二维码图片。"""
    return Response(qr.card_qr_png(_card_in_force(call, number)), mimetype="image/png")


@feature.on(
    "POST",
    "/villages/<village:v>/imports/households",
    permission="people.write",
    query=schemas.ImportQuery,
    uploads=("multipart/form-data",),
    answer=schemas.ImportOut,
    limit="upload",
)
def import_households(call: Call) -> dict[str, Any]:
    """导入户名册（.xlsx、.xls 或 .csv，表单字段 file）；表里没有的列不动；dry_run 只检查不写入。"""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("请以 multipart/form-data 上传文件")
    request.max_content_length = FILE_LIMIT + 64 * 1024
    uploaded = request.files.get("file")
    if uploaded is None:
        raise Invalid(errors={"file": ["请以 multipart/form-data 上传一个名为 file 的文件"]})
    sheet = importing.read_household_sheet(uploaded.read(), uploaded.filename or "")
    dry_run = call.query["dry_run"] in ("true", "1")
    planned = importing.plan_import(reading(), call.village.id, sheet)
    report = unit_of_work(
        lambda work: importing.import_households(
            work, call.village.id, sheet, planned, actor_id=call.actor.user_id, dry_run=dry_run
        )
    )
    return {"dry_run": dry_run, **report._asdict()}


@feature.on(
    "GET",
    "/villages/<village:v>/exports/households",
    permission="people.write",
    query=schemas.ExportQuery,
    answer=("text/csv", XLSX),
    limit="export",
)
def export_households(call: Call) -> Response:
    """导出户名册，可以原样再导入。"""
    rows = exporting.household_rows(reading(), call.village.id)
    if call.query["format"] == "csv":
        return _download(sheet_out.to_csv(COLUMNS, rows), "text/csv", "households.csv")
    return _download(sheet_out.to_xlsx(COLUMNS, rows), XLSX, "households.xlsx")


def _download(data: bytes, media: str, filename: str) -> Response:
    response = Response(data, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def card_url(code: str) -> str:
    """Where a card's QR code leads."""
    return f"{current_config().public_url}/c/{code}"


def _card_in_force(call: Call, number: str) -> str:
    household = queries.get_household(reading(), call.village.id, number)
    card = queries.find_card(reading(), call.village.id, household.id)
    if card is None:
        raise NotFound("该户还没有积分卡")
    return card_url(card.code)


def _read(call: Call, number: str) -> dict[str, Any]:
    work, village_id = reading(), call.village.id
    found = queries.get_household(work, village_id, number)
    return _household(call, found, queries.list_members(work, village_id, found.id)) | {
        "balance": books.balances_of(work, village_id, [found.id])[found.id],
        "honor_points": books.honour_points(work, village_id, found.id, work.today.year),
        "successor": lineage.successor_of(work, village_id, found.id) if found.status == "merged" else None,
    }


def _household(call: Call, row: HouseholdRow, members: list[MemberRow]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "number": row.number,
        "head": row.head,
        "group_no": row.group_no,
        "lane": row.lane,
        "address": row.address,
        "name_consent": row.name_consent,
        "status": row.status,
        "members": [_member(member) for member in members],
    }
    if call.may("people.phone"):
        document["phone"] = row.phone
    return document


def _on_roster(row: RosterRow, members: list[MemberRow]) -> dict[str, Any]:
    return {
        "number": row.number,
        "head": row.head,
        "group_no": row.group_no,
        "lane": row.lane,
        "key": row.search_key,
        "card": None if row.code is None else hashlib.sha256(row.code.encode()).hexdigest()[:16],
        "members": [{"id": member.id, "name": member.name} for member in members],
    }


def _member(member: MemberRow) -> dict[str, Any]:
    document = member._asdict()
    document.pop("household_id")
    return document
