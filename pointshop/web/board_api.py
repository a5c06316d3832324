"""HTTP of the wall screen: a page for a television that turns by itself, and what it shows."""

from flask import Response, request

from pointshop.core import clock, limits
from pointshop.core.db import reading
from pointshop.core.errors import NotFound
from pointshop.core.routes import PUBLIC, Call, Feature, reply
from pointshop.regions.queries import get_village
from pointshop.web import assets, schemas
from pointshop.web.board_page import read_board
from pointshop.web.files_api import service_worker
from pointshop.web.pages import APP_POLICY, PLAIN_POLICY, page
from pointshop.web.words import Words

feature = Feature("board", description="大屏", prefix="")

_MODULES = ("core/html.js", "core/text.js", "board/")
_FILES = ("css/board.css", "text/catalogue.json", "vendor/htm.js")
#: Seconds a screen or a cache may keep what is shown: what was withdrawn is gone everywhere as soon as this.
_KEPT = 60


@feature.on("GET", "/board/<village:code>", permission=PUBLIC, answer="text/html", refuses=[429])
def show_board(call: Call, code: str) -> Response:
    """一个村的大屏。"""
    limits.admit_visitor(request.remote_addr or "", clock.now())
    village = get_village(reading(), code)
    if lacking := assets.missing():
        return page("missing.html", policy=PLAIN_POLICY, status=503, lacking=lacking)
    modules = [assets.url(name) for name in assets.modules(*_MODULES)]
    return page("board.html", policy=APP_POLICY, village=village, modules=modules, words=Words("zh"))


@feature.on("GET", "/board/<village:code>/published.json", permission=PUBLIC, answer=schemas.BoardOut, refuses=[429])
def read_published(call: Call, code: str) -> Response:
    """大屏上的内容：已公示的榜、商品、本周好事（不含姓名）。"""
    limits.admit_visitor(request.remote_addr or "", clock.now())
    work = reading()
    response = reply(read_board(work, get_village(work, code)))
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT
    return response


@feature.on("GET", "/board/<village:code>/sw.js", permission=PUBLIC, answer="text/javascript")
def board_worker(call: Call, code: str) -> Response:
    """大屏的离线程序：停电重启后，有没有网络都能打开。"""
    here = f"/board/{code}"
    if assets.missing():
        raise NotFound()
    kept = [assets.url(name) for name in (*assets.modules(*_MODULES), *_FILES)]
    return service_worker(scope=here, pages=[here], kept=kept, later=[])
