"""HTTP of the page that a card's code opens: for everybody who holds the card, without login and without script."""

from datetime import timedelta
from typing import Any

from flask import Response, request

from pointshop.config import Limit
from pointshop.core import limits
from pointshop.core.codes import clean_code
from pointshop.core.db import reading
from pointshop.core.errors import NotFound
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.people.queries import Holder, find_holder
from pointshop.web.card_page import read_card
from pointshop.web.pages import PLAIN_POLICY, page
from pointshop.web.words import Language, Words

feature = Feature("card_pages", description="积分卡的页面", prefix="")


@feature.on("GET", "/c/<code>", permission=PUBLIC, answer="text/html", refuses=[429])
def read_card_page(call: Call, code: str) -> Response:
    """扫卡看积分：一户有多少分、怎么来的；聊天软件附加的参数不理会。"""
    return _answer(code, "zh")


@feature.on("GET", "/c/<code>/en", permission=PUBLIC, answer="text/html", refuses=[429])
def read_card_page_in_english(call: Call, code: str) -> Response:
    """扫卡看积分的英文页。"""
    return _answer(code, "en")


@feature.on("GET", "/C/<code>", permission=PUBLIC, answer="text/html", refuses=[429])
def read_scanned_card_page(call: Call, code: str) -> Response:
    """卡上大写写法的扫卡看积分，老手机也认得。"""
    return _answer(code, "zh")


#: Codes of no card by one address, whatever the installation limits: who asks for more is guessing.
MISSES = Limit(20, timedelta(minutes=5))


def _answer(code: str, language: Language) -> Response:
    holder = _find(code)
    other = f"/c/{clean_code(code)}" + ("/en" if language == "zh" else "")
    shown: dict[str, Any] = {"words": Words(language), "other": other}
    if holder.is_revoked:
        return page("revoked.html", policy=PLAIN_POLICY, status=410, **shown)
    work = reading()
    return page("card.html", policy=PLAIN_POLICY, told=read_card(work, holder), today=work.today, **shown)


def _find(code: str) -> Holder:
    """Raises NotFound, and TooManyRequests for an address that keeps trying."""
    work, address = reading(), request.remote_addr or ""
    misses = limits.visitors("card", MISSES)
    misses.check(address, work.now)
    cleaned = clean_code(code)
    found = find_holder(work, cleaned) if cleaned else None
    if found is None:
        misses.count(address, work.now)
        raise NotFound()
    return found
