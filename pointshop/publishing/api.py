"""HTTP of publications: the page anyone may read, and its looks."""

import re
from datetime import date, timedelta

from flask import Response, request

from pointshop.core import clock, limits
from pointshop.core.db import reading
from pointshop.core.errors import Gone, NotFound
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.core.work import Work
from pointshop.publishing import assets
from pointshop.publishing.kinds import is_public
from pointshop.publishing.queries import PublicationRow, Struck, counts_since, find_by_token, last_day_of, struck_lines
from pointshop.publishing.rendering import as_public_page

feature = Feature("publishing", description="公示：冻结的公示件与公开页", prefix="")

#: Seconds a public page may be kept by browsers and caches: after its end it is gone everywhere as soon as this.
LONGEST_CACHED = 300
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


class Withdrawn(Gone):
    title = "公示已撤下"


@feature.on("GET", "/b/<token>", permission=PUBLIC, answer="text/html", refuses=[410, 429])
def read_public_page(call: Call, token: str) -> Response:
    """公示的公开网页：开始前 404，结束或撤下后 410。"""
    limits.admit_visitor(request.remote_addr or "", clock.now())
    if TOKEN.fullmatch(token) is None:
        raise NotFound()
    work = reading()
    village_id, found = find_by_token(work, token)
    if found is None or work.today < found.from_on or not is_public(found.kind):
        raise NotFound()
    if found.withdrawn_at is not None:
        raise Withdrawn()
    if found.replaced_by_token is not None:
        # the old sheet may still hang: its code leads to the corrected one
        return Response(status=303, headers={"Location": f"/b/{found.replaced_by_token}"})
    last_day = last_day_of(found, counts_since(work, village_id, found.id))
    if work.today > last_day:
        raise Gone()
    struck = struck_lines(work, village_id, found.id)
    return _page(found, struck, seconds_left=_seconds_left(work, last_day))


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


def _page(found: PublicationRow, struck: Struck, *, seconds_left: int) -> Response:
    response = Response(as_public_page(found.kind, found.document, found.digest, struck), mimetype="text/html")
    response.cache_control.public = True
    response.cache_control.max_age = min(LONGEST_CACHED, seconds_left)
    # weak: a later version may set the same document in other type
    response.set_etag("-".join([found.digest, *(str(line) for line, _ in struck)]), weak=True)
    response.make_conditional(request)
    return response


def _seconds_left(work: Work, last_day: date) -> int:
    ends_at = clock.day_starts_at(last_day + timedelta(days=1))
    return int((ends_at - work.now).total_seconds())
