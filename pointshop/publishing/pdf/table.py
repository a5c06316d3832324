"""A sheet that is a table as PDF, or a page of it as a picture: type sizes after GB/T 9704."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pointshop.publishing.pdf.typesetter import set_pdf, set_png
from pointshop.publishing.qr import qr_svg
from pointshop.publishing.sheets import Paper
from pointshop.publishing.table_sheet import TableSheet
from pointshop.publishing.table_words import read_frozen_table, words_of

#: A wide sheet takes the table in two columns where one would not hold it, and where half the width is enough for it.
_ROWS_OF_ONE_COLUMN = 24
_WIDEST_HALF = 40.0


def table_pdf(document: Mapping[str, object], *, digest: str, paper: Paper, made_at: datetime) -> bytes:
    """Sheets of A4 upright or of A3 lying; the same document and instant give the same bytes for ever.

    Raises DigestMismatch, InvalidDocument, PrivateData, NoPdf, LacksGlyphs.
    """
    sheet = read_frozen_table(document, digest=digest)
    return set_pdf("table", _data(sheet, digest=digest, paper=paper), made_at=made_at)


def table_picture(document: Mapping[str, object], *, digest: str, paper: Paper, page: int) -> bytes | None:
    """One page as PNG for a screen, from 1; None behind the last. Raises as table_pdf."""
    sheet = read_frozen_table(document, digest=digest)
    return set_png("table", _data(sheet, digest=digest, paper=paper), page=page)


def _data(sheet: TableSheet, *, digest: str, paper: Paper) -> dict[str, Any]:
    wide = paper is Paper.A3
    width = sum(column.width for column in sheet.kind.columns)
    halves = wide and len(sheet.items) > _ROWS_OF_ONE_COLUMN and width <= _WIDEST_HALF
    qr = {"qr_drawing": qr_svg(sheet.public_url)} if sheet.public_url else {"qr_drawing": ""}
    return words_of(sheet, digest=digest) | qr | {"wide": wide, "halves": halves, "total_width": width}
