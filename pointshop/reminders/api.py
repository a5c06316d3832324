"""HTTP of reminders."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response

from pointshop.core import paging
from pointshop.core.clock import as_text, as_text_or_none
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Forbidden, NotFound
from pointshop.core.policy import grid_of
from pointshop.core.routes import Call, Feature, reply
from pointshop.core.work import Work
from pointshop.merits.photo_upload import MEDIA, photo_response, read_photo, refuse_other_media, store
from pointshop.publishing import assets
from pointshop.publishing.reminder import reminder_page
from pointshop.reminders import queries, schemas, service
from pointshop.reminders.models import Reminder
from pointshop.reminders.queries import ReminderRow

feature = Feature("reminders", description="整改提醒：限期改正，拍照销号")


@feature.command(
    "/villages/<village:v>/reminders/<name:id>",
    kind="reminder",
    permission="reminder.write",
    body=schemas.ReminderIn,
    answer=schemas.ReminderOut,
)
def give_reminder(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """请一户在期限前整改。"""
    grid = grid_of(call.actor, call.village.path)
    found = service.give_reminder(work, call.village.id, id, **call.body, grid=grid, actor_id=call.actor.user_id)
    return _reminder(found, today=work.today)


@feature.on(
    "PUT",
    "/villages/<village:v>/reminders/<name:id>/photos/<name:photo>",
    permission="reminder.write",
    uploads=MEDIA,
    answer=schemas.ReminderOut,
    status=201,
)
def clear_reminder(call: Call, id: str, photo: str) -> Response:
    """上传整改后的照片，销号。"""
    refuse_other_media()
    _within_grid(call, queries.get_reminder(reading(), call.village.id, id))
    picture = read_photo()
    # before the row that names it: no row is ever without its picture
    store().keep(picture.sha256, picture.data)
    is_new = unit_of_work(
        lambda work: service.clear_reminder(work, call.village.id, id, photo, picture, actor_id=call.actor.user_id)
    )
    work = reading()
    document = _reminder(queries.get_reminder(work, call.village.id, id), today=work.today)
    response = reply(document, status=201 if is_new else 200)
    if not is_new:
        response.headers["Idempotency-Replayed"] = "true"
    return response


@feature.on(
    "GET",
    "/villages/<village:v>/reminders/<name:id>/photos/<name:photo>",
    permission="reminder.read",
    answer="image/jpeg",
)
def get_photo(call: Call, id: str, photo: str) -> Response:
    """销号的照片。"""
    found = queries.get_reminder(reading(), call.village.id, id)
    if found.photo_id != photo or found.sha256 is None:
        raise NotFound()
    return photo_response(found.sha256, name=photo)


@feature.on(
    "GET",
    "/villages/<village:v>/reminders",
    permission="reminder.read",
    query=schemas.ReminderQuery,
    answer=schemas.ReminderPage,
)
def list_reminders(call: Call) -> dict[str, Any]:
    """整改提醒，最先到期的在前。"""
    work = reading()
    columns = Reminder.__table__.c
    statement = paging.page(
        queries.reminders(call.village.id, state=call.query["state"], today=work.today),
        keys=[columns.due_on, columns.id],
        query=call.query,
    )
    rows = [ReminderRow(*row) for row in work.read(statement)]
    return paging.answer(
        rows,
        query=call.query,
        key=lambda row: [row.due_on, row.id],
        item=lambda row: _reminder(row, today=work.today),
    )


@feature.on(
    "GET", "/villages/<village:v>/reminders/<name:id>/notice.html", permission="reminder.read", answer="text/html"
)
def notice(call: Call, id: str) -> Response:
    """交给该户的整改单：要改什么、何时以前。"""
    found = queries.get_reminder(reading(), call.village.id, id)
    page = reminder_page(
        call.village.name, item=found.item, due_on=found.due_on, stylesheet_url=assets.url("reminder.css")
    )
    return Response(page, mimetype="text/html")


def _within_grid(call: Call, found: ReminderRow) -> None:
    grid = grid_of(call.actor, call.village.path)
    if grid is not None and not any(cell.holds(found.group_no, found.lane) for cell in grid):
        raise Forbidden(f"户 {found.household} 不在您的网格内")


def _reminder(row: ReminderRow, *, today: date) -> dict[str, Any]:
    return {
        "id": row.id,
        "household": row.household,
        "item": row.item,
        "due_on": row.due_on.isoformat(),
        "state": row.state(today),
        "given_at": as_text(row.given_at),
        "cleared_at": as_text_or_none(row.cleared_at),
        "photo": row.photo_id,
    }
