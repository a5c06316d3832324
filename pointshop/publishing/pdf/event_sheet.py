"""The list that people sign at an event, as PDF."""

from datetime import datetime

from pointshop.publishing.event_sheet import EventSheet, sheet_data
from pointshop.publishing.pdf.typesetter import set_pdf
from pointshop.publishing.qr import qr_svg


def event_sheet_pdf(sheet: EventSheet, *, made_at: datetime) -> bytes:
    """A4 sheets. Raises NoPdf, LacksGlyphs."""
    return set_pdf("event_sheet", sheet_data(sheet) | {"qr_drawing": qr_svg(sheet.url)}, made_at=made_at)
