"""Points cards (积分卡) to cut out: ten to a sheet of A4, or one alone.

85.6 × 54 mm, as identity cards are: they fit the sleeves that shops sell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pointshop.core.codes import in_groups
from pointshop.people.qr import card_qr_svg
from pointshop.publishing.pdf.typesetter import set_pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCard:
    """number, head: of the household. serial: 2 for the card after a lost one. url: what the QR says; code: what a
    clerk types whose phone has no camera."""

    number: str
    head: str
    group_no: int
    serial: int
    url: str
    code: str


def card_sheets_pdf(cards: Sequence[PrintedCard], *, village: str, committee: str, made_at: datetime) -> bytes:
    """Sheets of A4 in the order given. committee: where a lost card is reported. Raises NoPdf, LacksGlyphs."""
    return set_pdf("cards", card_sheets_data(cards, village=village, committee=committee), made_at=made_at)


def card_sheets_data(cards: Sequence[PrintedCard], *, village: str, committee: str) -> dict[str, Any]:
    """What the template `cards` is filled with."""
    return {"village": village, "committee": committee, "cards": [_card(card) for card in cards]}


def single_card_pdf(card: PrintedCard, *, village: str, committee: str, made_at: datetime) -> bytes:
    """One card on a page of its own size. Raises NoPdf, LacksGlyphs."""
    return set_pdf("card", {"village": village, "committee": committee, "card": _card(card)}, made_at=made_at)


def _card(card: PrintedCard) -> dict[str, Any]:
    return {
        "number": card.number,
        "head": card.head,
        "group": f"{card.group_no}组",
        "serial": card.serial,
        "code": in_groups(card.code).replace("-", " "),
        "qr_drawing": card_qr_svg(card.url),
    }
