"""HTTP of cards on paper."""

from flask import Response

from pointshop.core.db import reading
from pointshop.core.errors import NotFound
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.people.api import card_url
from pointshop.people.queries import cards_in_force, find_card, get_household
from pointshop.publishing.pdf.cards import PrintedCard, card_sheets_pdf, single_card_pdf
from pointshop.publishing.schemas import CardsQuery
from pointshop.regions.queries import township_name
from pointshop.regions.rules import committee_name

feature = Feature("cards", description="打印积分卡")


@feature.on(
    "GET",
    "/villages/<village:v>/cards.pdf",
    permission="card.print",
    query=CardsQuery,
    answer="application/pdf",
    refuses=[406],
)
def print_cards(call: Call) -> Response:
    """一组或全村的积分卡，A4 排版，裁开即可，按组和编号排列。"""
    work = reading()
    cards = [
        PrintedCard(number=number, head=head, group_no=group_no, serial=serial, url=card_url(code), code=code)
        for number, head, group_no, code, serial in cards_in_force(
            work, call.village.id, group_no=call.query["group_no"]
        )
    ]
    if not cards:
        raise NotFound("没有可打印的积分卡，请先发卡")
    return _pdf(card_sheets_pdf(cards, **_places(call, work), made_at=work.now))


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/card.pdf",
    permission="card.print",
    answer="application/pdf",
    refuses=[406],
)
def print_card(call: Call, number: str) -> Response:
    """一户现用的积分卡，单独一页。"""
    work = reading()
    household = get_household(work, call.village.id, number)
    found = find_card(work, call.village.id, household.id)
    if found is None:
        raise NotFound("该户还没有积分卡")
    card = PrintedCard(
        number=household.number,
        head=household.head,
        group_no=household.group_no,
        serial=found.serial,
        url=card_url(found.code),
        code=found.code,
    )
    return _pdf(single_card_pdf(card, **_places(call, work), made_at=work.now))


def _places(call: Call, work: Work) -> dict[str, str]:
    return {
        "village": township_name(work, call.village.code) + call.village.name,
        "committee": committee_name(call.village.name),
    }


def _pdf(content: bytes) -> Response:
    return Response(content, mimetype="application/pdf")
