"""HTTP of objections as villagers send them: a form behind the public page, without script, login or name."""

import re
from typing import Any

from flask import Response, request

from pointshop.core import forms, limits
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Gone, Invalid, NameReused, NotFound, Refused
from pointshop.core.fields import load
from pointshop.core.forms import read_form
from pointshop.core.ids import new_name
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.core.work import Work
from pointshop.notices import objections, schemas
from pointshop.notices.objections import NewObjection
from pointshop.publishing import assets
from pointshop.publishing.api import TOKEN
from pointshop.publishing.kinds import KINDS, is_public
from pointshop.publishing.pages import environment
from pointshop.publishing.queries import PublicationRow, counts_since, find_by_token, last_day_of

feature = Feature("public_objections", description="公开页上的异议", prefix="")

_FORM_LIMIT = 16 * 1024
_LINE = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_FIELDS = {"line": "第几条", "words": "异议内容", "name": "姓名", "contact": "联系方式"}
_NOTHING = dict.fromkeys(_FIELDS, "")
_said = schemas.SaidIn()


@feature.on("GET", "/b/<token>/objection", permission=PUBLIC, answer="text/html", refuses=[410, 429])
def show_form(call: Call, token: str) -> Response:
    """公开页上的异议表，任何人都可以对整份或某一条提出。"""
    _, sheet = _hanging(reading(), token)
    line = request.args.get("line", "")
    return _page(sheet, token, said=_NOTHING | {"line": line if _LINE.fullmatch(line) else ""})


@feature.on(
    "POST",
    "/b/<token>/objection",
    permission=PUBLIC,
    uploads=[forms.MEDIA],
    answer="text/html",
    status=303,
    refuses=[410, 429],
)
def send_objection(call: Call, token: str) -> Response:
    """收下一份异议；同一份发两次只记一次。"""
    village_id, sheet = _hanging(reading(), token)
    limits.admit_visitor(request.remote_addr or "", reading().now, kind="objection")
    given = read_form(limit=_FORM_LIMIT)
    try:
        said = load(_said, {name: text for name, text in given.items() if text.strip()})
        unit_of_work(lambda work: _record(work, village_id, sheet.id, said))
    except (Invalid, objections.PeriodClosed) as refusal:
        return _page(sheet, token, said=_NOTHING | given, faults=_faults(refusal), status=refusal.status)
    return Response(status=303, headers={"Location": f"/b/{token}/objection/{said['id']}"})


@feature.on("GET", "/b/<token>/objection/<name:id>", permission=PUBLIC, answer="text/html", refuses=[410, 429])
def show_receipt(call: Call, token: str, id: str) -> Response:
    """异议的回执；不显示所写的内容。"""
    work = reading()
    village_id, sheet = _hanging(work, token)
    found = objections.find_objection(work, village_id, id)
    if found is None or found.publication_id != sheet.id:
        raise NotFound()
    return _page(sheet, token, said=_NOTHING | {"line": str(found.line_no or "")}, received=True)


def _hanging(work: Work, token: str) -> tuple[int, PublicationRow]:
    """The village and the sheet of a public page that is open. Raises NotFound, Gone, TooManyRequests."""
    limits.admit_visitor(request.remote_addr or "", work.now)
    village_id, found = find_by_token(work, token) if TOKEN.fullmatch(token) else (0, None)
    if found is None or not is_public(found.kind) or work.today < found.from_on:
        raise NotFound()
    is_over = work.today > last_day_of(found, counts_since(work, village_id, found.id))
    if found.withdrawn_at is not None or found.replaced_by is not None or is_over:
        raise Gone()
    return village_id, found


def _record(work: Work, village_id: int, publication_id: str, said: dict[str, Any]) -> None:
    """Once under its name; what was sent before under it stays as it was. Raises NameReused for another sheet's."""
    known = objections.find_objection(work, village_id, said["id"])
    if known is not None and known.publication_id != publication_id:
        raise NameReused()
    if known is None:
        new = NewObjection(said["line"], said["words"], said["name"], said["contact"])
        objections.record_objection(work, village_id, publication_id, said["id"], new)


def _faults(refusal: Refused) -> list[str]:
    if not refusal.errors:
        return [refusal.detail]
    return [f"{_FIELDS.get(name, '表单')}：{word}" for name, words in refusal.errors.items() for word in words]


def _page(
    sheet: PublicationRow,
    token: str,
    *,
    said: dict[str, str],
    faults: list[str] | None = None,
    received: bool = False,
    status: int = 200,
) -> Response:
    content = sheet.content()
    page = environment.get_template("publishing/objection.html").render(
        village=content["village"]["township"] + content["village"]["name"],
        kind_title=KINDS[sheet.kind].title if sheet.kind in KINDS else sheet.title(),
        number_label=f"{sheet.year}年第{sheet.serial}期",
        action=f"/b/{token}/objection",
        back=f"/b/{token}",
        id=new_name(),
        said=said,
        line=said["line"],
        faults=faults or [],
        received=received,
        stylesheet_url=assets.url("public.css"),
    )
    return Response(page, status=status, mimetype="text/html")
