"""HTTP of publications: made, listed, printed, taken down."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from pointshop.config import current_config
from pointshop.core import clock, paging
from pointshop.core.db import reading
from pointshop.core.errors import Gone, NotFound
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.notices import schemas, service
from pointshop.notices.due import Missing, missing_sheets
from pointshop.notices.service import SheetRequest
from pointshop.publishing import queries as published
from pointshop.publishing.kinds import KINDS, is_public
from pointshop.publishing.models import Publication
from pointshop.publishing.queries import FirstPosting, PublicationRow
from pointshop.publishing.rendering import as_page, as_pdf, as_picture, paper_for

feature = Feature("notices", description="公示与公开：制作、打印、张贴、异议")


@feature.command(
    "/villages/<village:v>/publications/<name:id>",
    kind="publication",
    permission="notice.publish",
    body=schemas.PublicationIn,
    answer=schemas.PublicationOut,
)
def publish_sheet(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """按账制作一份公示件，编号定稿；replaces 指明更正哪一期。"""
    site = current_config().public_url
    made = service.publish_sheet(
        work, call.village, SheetRequest(**call.body), id=id, site=site, actor_id=call.actor.user_id
    )
    return publication_document(work, call, made)


@feature.on(
    "GET",
    "/villages/<village:v>/publications",
    permission="notice.read",
    query=schemas.PublicationQuery,
    answer=schemas.PublicationPage,
)
def list_publications(call: Call) -> dict[str, Any]:
    """公示件，最近的在前；overdue=true 列出该挂未挂的，false 列出接下来的。"""
    work, query = reading(), call.query
    if query["overdue"] is not None:
        return {"items": _duties(work, call, is_overdue=query["overdue"] == "true"), "next": None}
    columns = Publication.__table__.c
    statement = published.publications(call.village.id, query["kind"])
    if not call.may("passbook.read"):
        statement = statement.where(Publication.kind.not_in([kind for kind in KINDS if not is_public(kind)]))
    rows = work.read(paging.page(statement, keys=[columns.published_at, columns.id], query=query, descending=True))
    found = [PublicationRow(*row) for row in rows]
    postings = published.first_postings(work, call.village.id, [row.id for row in found])
    return paging.answer(
        found,
        query=query,
        key=lambda row: [row.published_at, row.id],
        item=lambda row: _summary(row, postings.get(row.id)),
    )


@feature.on(
    "GET",
    "/villages/<village:v>/publications/<name:id>",
    permission="notice.read",
    answer=schemas.PublicationOut,
)
def get_publication(call: Call, id: str) -> dict[str, Any]:
    """一份公示件及其定稿。"""
    work = reading()
    return publication_document(work, call, readable(work, call, id))


@feature.on(
    "GET",
    "/villages/<village:v>/publications/<name:id>.pdf",
    permission="notice.read",
    query=schemas.PrintQuery,
    answer="application/pdf",
    refuses=[406, 410],
)
def print_as_pdf(call: Call, id: str) -> Response:
    """公示件的 PDF：A4、A3，光荣榜另有大幅；何时打印都逐字节相同。"""
    found = printable(call, id)
    return Response(as_pdf(found, paper_for(found, call.query["paper"])), mimetype="application/pdf")


@feature.on(
    "GET",
    "/villages/<village:v>/publications/<name:id>.png",
    permission="notice.read",
    query=schemas.PictureQuery,
    answer="image/png",
    refuses=[406, 410],
)
def preview(call: Call, id: str) -> Response:
    """公示件某一页的图片。"""
    found = printable(call, id)
    picture = as_picture(found, paper_for(found, call.query["paper"]), page=call.query["page"])
    if picture is None:
        raise NotFound("没有这一页")
    return Response(picture, mimetype="image/png")


@feature.on(
    "GET",
    "/villages/<village:v>/publications/<name:id>.html",
    permission="notice.read",
    query=schemas.PrintQuery,
    answer="text/html",
    refuses=[410],
)
def print_as_page(call: Call, id: str) -> Response:
    """供浏览器打印的公示件。"""
    found = printable(call, id)
    return Response(as_page(found, paper_for(found, call.query["paper"])), mimetype="text/html")


@feature.command(
    "/villages/<village:v>/publications/<name:id>/withdrawal",
    kind="publication_end",
    permission="roll.publish",
    body=schemas.WithdrawalIn,
    answer=schemas.WithdrawalOut,
    own_refusal=True,
)
def withdraw(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """撤下一份公示，网页当场关闭；定稿留在账里。"""
    found = service.withdraw_sheet(work, call.village.id, id, reason=call.body["reason"], actor_id=call.actor.user_id)
    return {"id": found.id, "number": found.number, "withdrawn_at": clock.as_text(work.now)}


def readable(work: Work, call: Call, id: str) -> PublicationRow:
    """A publication that the caller may see: a passbook page is no notice. Raises NotFound."""
    found = published.get_publication(work, call.village.id, id)
    if not is_public(found.kind) and not call.may("passbook.read"):
        raise NotFound()
    return found


def printable(call: Call, id: str) -> PublicationRow:
    """The same, unless it was taken down. Raises Gone."""
    found = readable(reading(), call, id)
    if found.withdrawn_at is not None:
        raise Gone("该公示已撤下，不再打印")
    return found


def publication_document(work: Work, call: Call, row: PublicationRow) -> dict[str, Any]:
    first = published.first_postings(work, call.village.id, [row.id]).get(row.id)
    return _summary(row, first) | {"document": row.content()}


def _summary(row: PublicationRow, first: FirstPosting | None) -> dict[str, Any]:
    content = row.content()
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title(),
        "number": row.number,
        "edition": row.edition,
        "replaced_by": row.replaced_by,
        "digest": row.digest,
        "public_url": content["public_url"],
        "lines": len(content["items"]),
        "published_at": clock.as_text(row.published_at),
        "withdrawn_at": None if row.withdrawn_at is None else clock.as_text(row.withdrawn_at),
        "posted_on": None if first is None else first.posted_on.isoformat(),
        "until_on": published.last_day_of(row, first.counts_from if first else None).isoformat(),
    }


def _duties(work: Work, call: Call, *, is_overdue: bool) -> list[dict[str, Any]]:
    return [_duty(lack) for lack in missing_sheets(work, call.village.id) if (lack.due_on < work.today) == is_overdue]


def _duty(lack: Missing) -> dict[str, Any]:
    return {
        "kind": lack.kind,
        "missing": lack.missing,
        "due_on": lack.due_on.isoformat(),
        "rhythm": lack.rhythm,
        "period": lack.period,
        "first_on": lack.first.isoformat() if lack.first else None,
        "last_on": lack.last.isoformat() if lack.last else None,
        "waiting": lack.waiting,
        "publication": lack.publication,
        "number": lack.number,
    }
