"""Any frozen publication on paper, as a picture or as a page, whatever its kind."""

import json
from functools import lru_cache

from pointshop.core.errors import Invalid
from pointshop.publishing import assets
from pointshop.publishing.honor_roll_document import KIND as HONOR_ROLL
from pointshop.publishing.pdf.honor_roll import honor_roll_pdf, honor_roll_picture
from pointshop.publishing.pdf.table import table_pdf, table_picture
from pointshop.publishing.print import honor_roll_page, public_page
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.sheets import Paper
from pointshop.publishing.table_print import public_table_page, table_page


def paper_for(row: PublicationRow, paper: str | None) -> Paper:
    """The paper asked for, or what a kind is usually printed on. Raises Invalid for what a kind isn't printed on."""
    if row.kind == HONOR_ROLL:
        return Paper(paper or Paper.A3)
    if paper == Paper.POSTER:
        raise Invalid(errors={"paper": ["只有光荣榜可以打印成 570×840 毫米"]})
    return Paper(paper or Paper.A4)


def as_pdf(row: PublicationRow, paper: Paper) -> bytes:
    """The same bytes whenever it is printed. Raises NoPdf, LacksGlyphs, PrivateData."""
    make = honor_roll_pdf if row.kind == HONOR_ROLL else table_pdf
    return make(row.content(), digest=row.digest, paper=paper, made_at=row.published_at)


def as_picture(row: PublicationRow, paper: Paper, *, page: int) -> bytes | None:
    """One page, from 1, as PNG; None behind the last. Raises as as_pdf."""
    make = honor_roll_picture if row.kind == HONOR_ROLL else table_picture
    return make(row.content(), digest=row.digest, paper=paper, page=page)


def as_page(row: PublicationRow, paper: Paper) -> str:
    """The sheet for a browser to print, where there is no PDF."""
    if row.kind == HONOR_ROLL:
        url = assets.url("honor_roll.css")
        return honor_roll_page(row.content(), digest=row.digest, paper=paper, stylesheet_url=url)
    return table_page(row.content(), digest=row.digest, paper=paper, stylesheet_url=assets.url("table.css"))


@lru_cache(maxsize=64)
def as_public_page(kind: str, document: str, digest: str) -> str:
    """Frozen documents make the same page each time, and a new sheet is read by a whole village on one evening."""
    make = public_page if kind == HONOR_ROLL else public_table_page
    return make(json.loads(document), digest=digest, stylesheet_url=assets.url("public.css"))
