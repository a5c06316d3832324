"""HTTP of the list that people sign on paper."""

from flask import Response

from pointshop.config import current_config
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.events import schemas
from pointshop.events.queries import get_event, per_of_rule
from pointshop.publishing import assets
from pointshop.publishing.event_sheet import EventSheet, event_sheet_page
from pointshop.publishing.pdf.event_sheet import event_sheet_pdf

feature = Feature("event_sheets", description="活动的纸质签到表")


@feature.on(
    "GET",
    "/villages/<village:v>/events/<name:id>/sheet.html",
    permission="event.read",
    query=schemas.SheetQuery,
    answer="text/html",
)
def sheet_page(call: Call, id: str) -> Response:
    """纸质签到表（A4），在浏览器里打印。"""
    sheet = _sheet(call, reading(), id)
    return Response(event_sheet_page(sheet, stylesheet_url=assets.url("event_sheet.css")), mimetype="text/html")


@feature.on(
    "GET",
    "/villages/<village:v>/events/<name:id>/sheet.pdf",
    permission="event.read",
    query=schemas.SheetQuery,
    answer="application/pdf",
    refuses=[406],
)
def sheet_pdf(call: Call, id: str) -> Response:
    """纸质签到表（A4 PDF）。"""
    work = reading()
    return Response(event_sheet_pdf(_sheet(call, work, id), made_at=work.now), mimetype="application/pdf")


def _sheet(call: Call, work: Work, id: str) -> EventSheet:
    event = get_event(work, call.village.id, id)
    rule, per = per_of_rule(work, call.village.id, event.rule_code, event.held_on) or (event.rule_code, "次")
    return EventSheet(
        village=call.village.name,
        title=event.title,
        place=event.place,
        from_at=event.from_at,
        until_at=event.until_at,
        organiser=event.organiser,
        is_of_persons=event.level == "member",
        rule=rule,
        per=per,
        unit_minutes=event.unit_minutes,
        rounding=event.rounding,
        rows=call.query["rows"],
        url=f"{current_config().public_url}/e/{call.village.code}/{event.id}",
    )
