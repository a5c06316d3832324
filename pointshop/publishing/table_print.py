"""The pages of a frozen table: sheets to print and hang, and the public page its QR code opens.

Made for the same policy as those of honor rolls: no script, no style in the page.
"""

from collections.abc import Mapping
from typing import Any

from pointshop.publishing.pages import NOTHING_STRUCK, environment
from pointshop.publishing.qr import qr_path
from pointshop.publishing.sheets import Paper
from pointshop.publishing.table_words import read_frozen_table, words_of


def table_page(document: Mapping[str, object], *, digest: str, paper: Paper | str, stylesheet_url: str) -> str:
    """Sheets of A4 or A3 to print; the same document gives the same page for ever.

    Raises DigestMismatch, InvalidDocument, PrivateData; ValueError for other paper.
    """
    sheet = read_frozen_table(document, digest=digest)
    return environment.get_template("publishing/table.html").render(
        **words_of(sheet, digest=digest),
        kind=sheet.kind.name,
        paper=Paper(paper),
        qr=qr_path(sheet.public_url) if sheet.public_url else None,
        stylesheet_url=stylesheet_url,
    )


def public_table_page(
    document: Mapping[str, object], *, digest: str, stylesheet_url: str, struck: Mapping[int, str] = NOTHING_STRUCK
) -> str:
    """The same for telephones: large type, no script, not to be indexed.

    struck: line → why it is not shown any more. Raises as table_page.
    """
    sheet = read_frozen_table(document, digest=digest)
    words = words_of(sheet, digest=digest)
    return environment.get_template("publishing/public_table.html").render(
        **words,
        entries=[_entry(words["columns"], row) for row in words["rows"]],
        struck=struck,
        kind=sheet.kind.name,
        has_period=sheet.kind.has_period,
        objection_path=f"/b/{(sheet.public_url or '').rpartition('/')[2]}/objection",
        stylesheet_url=stylesheet_url,
    )


def _entry(columns: list[dict[str, Any]], row: list[str]) -> list[tuple[str, str, str]]:
    """A line as (field, label, words), what is empty left out; its number stands elsewhere."""
    cells = zip(columns, row, strict=True)
    return [(column["field"], column["label"], words) for column, words in cells if words and column["field"] != "no"]
