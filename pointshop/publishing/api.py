"""HTTP of publications: the page anyone may read, and its early end."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Response, request

from pointshop.core import clock, limits
from pointshop.core.db import reading
from pointshop.core.errors import Gone, NotFound
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.core.work import Work
from pointshop.publishing import assets, closing_statement, schemas, service
from pointshop.publishing.print import public_page
from pointshop.publishing.queries import PublicationRow, find_by_token

feature = Feature("publishing", description="公示：冻结的公示件与公开页", prefix="")

#: Seconds a public page may be kept by browsers and caches: after its end it is gone everywhere as soon as this.
LONGEST_CACHED = 300
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


class Withdrawn(Gone):
    title = "公示已撤下"


@feature.on("GET", "/b/<token>", permission=PUBLIC, answer="text/html", refuses=[410, 429])
def read_public_page(call: Call, token: str) -> Response:
    """公示的公开网页：开始前 404，结束或撤下后 410。"""
    limits.admit_visitor(request.remote_addr or "", clock.now())
    if _TOKEN.fullmatch(token) is None:
        raise NotFound()
    work = reading()
    found = find_by_token(work, token)
    if found is None or work.today < found.from_on:
        raise NotFound()
    if found.withdrawn_at is not None:
        raise Withdrawn()
    if work.today > found.until_on:
        raise Gone()
    return _page(found, seconds_left=_seconds_left(work, found))


@feature.command(
    "/api/v1/villages/<village:v>/publications/<name:id>/withdrawal",
    kind="publication_end",
    permission="roll.publish",
    body=schemas.WithdrawalIn,
    answer=schemas.WithdrawalOut,
    own_refusal=True,
)
def withdraw(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """撤下一份公示，网页当场关闭；定稿留在账里。"""
    found = service.withdraw(work, call.village.id, id, reason=call.body["reason"], actor_id=call.actor.user_id)
    return {"id": found.id, "number": found.number, "withdrawn_at": clock.as_text(work.now)}


@feature.on("GET", "/static/publishing/<file>", permission=PUBLIC, answer="text/css")
def read_asset(call: Call, file: str) -> Response:
    """榜和网页的样式与图案。"""
    found = assets.FILES.get(file)
    if found is None:
        raise NotFound()
    response = Response(found.content, mimetype=found.media)
    response.cache_control.public = True
    response.cache_control.max_age = assets.MAX_AGE
    response.set_etag(found.digest)
    response.make_conditional(request)
    return response


def _page(found: PublicationRow, *, seconds_left: int) -> Response:
    response = Response(_public_html(found.document, found.digest), mimetype="text/html")
    response.cache_control.public = True
    response.cache_control.max_age = min(LONGEST_CACHED, seconds_left)
    # weak: a later version may set the same document in other type
    response.set_etag(found.digest, weak=True)
    response.make_conditional(request)
    return response


def _seconds_left(work: Work, found: PublicationRow) -> int:
    ends_at = clock.day_starts_at(found.until_on + timedelta(days=1))
    return int((ends_at - work.now).total_seconds())


@lru_cache(maxsize=64)
def _public_html(document: str, digest: str) -> str:
    """Frozen documents make the same page each time, and a new roll is read by a whole village on one evening."""
    content = json.loads(document)
    if content["kind"] == closing_statement.KIND:
        sheet = assets.url("closing_statement.css")
        return closing_statement.statement_page(content, digest=digest, stylesheet_url=sheet)
    return public_page(content, digest=digest, stylesheet_url=assets.url("public.css"))
