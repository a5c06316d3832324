"""An honor roll as PDF: the drawing of honor_roll.css in typst."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pointshop.publishing.document import short_digest
from pointshop.publishing.honor_roll import HonorRoll
from pointshop.publishing.pdf.typesetter import set_pdf, set_png
from pointshop.publishing.qr import qr_svg
from pointshop.publishing.roll_words import read_frozen, terms_of, words_of
from pointshop.publishing.sheets import BODY, SIZES, Paper, lay_out, measure
from pointshop.publishing.typeset import set_title


def honor_roll_pdf(document: Mapping[str, object], *, digest: str, paper: str, made_at: datetime) -> bytes:
    """Sheets of A3, A4 or poster paper; the same document and instant give the same bytes for ever.

    Raises DigestMismatch, InvalidDocument, PrivateData, NoPdf, LacksGlyphs; ValueError for other paper.
    """
    roll = read_frozen(document, digest=digest)
    return set_pdf("honor_roll", _data(roll, digest=digest, paper=Paper(paper)), made_at=made_at)


def honor_roll_picture(document: Mapping[str, object], *, digest: str, paper: str, page: int) -> bytes | None:
    """One sheet as PNG for a screen, from 1; None behind the last. Raises as honor_roll_pdf."""
    roll = read_frozen(document, digest=digest)
    return set_png("honor_roll", _data(roll, digest=digest, paper=Paper(paper)), page=page)


def _data(roll: HonorRoll, *, digest: str, paper: Paper) -> dict[str, Any]:
    words = words_of(roll, digest=digest)
    width, height = SIZES[paper]
    shape = measure(roll.items)
    own = ("number_label", "name_label", "has_groups", "scope", "issued_on", "lunar", "nobody", "until", "seal")
    return {
        "paper": {"width": width, "height": height, "body": BODY[paper]},
        "heading": f"{roll.title} {roll.village.name} {words['number_label']}",
        "title": asdict(set_title(roll.title)),
        "village": roll.village.township + roll.village.name,
        "village_name": roll.village.name,
        "board": roll.board,
        "edition": roll.edition,
        "issued_by": roll.issued_by,
        "terms": terms_of(roll),
        "usual_name": shape.usual_name,
        "digits": shape.digits,
        "sheets": [asdict(sheet) for sheet in lay_out(roll.items, paper=paper)],
        "digest": short_digest(digest),
        "qr_drawing": qr_svg(roll.public_url),
        **{name: words[name] for name in own},
    }
