"""HTTP of the page that an event's code opens. It tells and points; nothing is earned by opening it."""

from flask import Response, request

from pointshop.core import limits
from pointshop.core.clock import VILLAGE_TIME, as_text
from pointshop.core.db import reading
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.events.queries import get_event
from pointshop.regions.queries import get_village
from pointshop.web.pages import PLAIN_POLICY, page
from pointshop.web.words import Language, Words

feature = Feature("event_pages", description="活动的说明页", prefix="")


@feature.on("GET", "/e/<village:code>/<name:id>", permission=PUBLIC, answer="text/html", refuses=[429])
def read_event_page(call: Call, code: str, id: str) -> Response:
    """扫活动的码看说明：时间、地点、怎样签到；打开本页不签到，也不记分。"""
    return _answer(code, id, "zh")


@feature.on("GET", "/e/<village:code>/<name:id>/en", permission=PUBLIC, answer="text/html", refuses=[429])
def read_event_page_in_english(call: Call, code: str, id: str) -> Response:
    """活动说明的英文页。"""
    return _answer(code, id, "en")


def _answer(code: str, id: str, language: Language) -> Response:
    work = reading()
    limits.admit_visitor(request.remote_addr or "", work.now)
    village = get_village(work, code)
    event = get_event(work, village.id, id)
    begin, end = (instant.astimezone(VILLAGE_TIME) for instant in event.span)
    return page(
        "event.html",
        policy=PLAIN_POLICY,
        words=Words(language),
        other=f"/e/{code}/{id}" + ("/en" if language == "zh" else ""),
        village=village.name,
        event=event,
        first=f"{begin:%Y-%m-%d %H:%M}",
        last=f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%Y-%m-%d %H:%M}",
        from_at=as_text(event.from_at),
    )
