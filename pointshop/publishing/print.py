"""The pages of a frozen honor roll: sheets to print and hang, and the public page its QR code opens.

Pages are made for the policy `default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'`: no
script, no style in the page. Whatever depends on the data is a class, and the style sheets do the arithmetic.
"""

import math
from collections.abc import Mapping

from pointshop.publishing.honor_roll import HonorRoll
from pointshop.publishing.pages import NOTHING_STRUCK, environment
from pointshop.publishing.qr import qr_path
from pointshop.publishing.roll_words import has_groups, read_frozen, terms_of, words_of
from pointshop.publishing.sheets import Paper, Sheet, lay_out, measure
from pointshop.publishing.typeset import ems

#: Characters per line and lines, for each size of the terms in the foot (.terms-1 … in honor_roll.css).
_TERMS_ROOM = ((25, 5), (28, 6), (32, 8))
#: Characters that the corner holds, for each size of the board's name (.board-2, .board-3).
_BOARD_ROOM = (12, 28)


def honor_roll_page(document: Mapping[str, object], *, digest: str, paper: Paper | str, stylesheet_url: str) -> str:
    """Sheets of A3 or A4 to print; the same document gives the same page for ever.

    Raises DigestMismatch, InvalidDocument, PrivateData; ValueError for other paper.
    """
    roll = read_frozen(document, digest=digest)
    paper = Paper(paper)
    return environment.get_template("publishing/honor_roll.html").render(
        **words_of(roll, digest=digest),
        paper=paper,
        sheets=[(sheet, _sheet_classes(sheet)) for sheet in lay_out(roll.items, paper=paper)],
        roll_classes=_roll_classes(roll),
        board_size=_board_size(roll),
        terms=terms_of(roll),
        terms_size=_terms_size(roll),
        qr=qr_path(roll.public_url),
        stylesheet_url=stylesheet_url,
    )


def public_page(
    document: Mapping[str, object], *, digest: str, stylesheet_url: str, struck: Mapping[int, str] = NOTHING_STRUCK
) -> str:
    """The same roll for telephones: large type, no script, not to be indexed.

    struck: line → why it is not shown any more. Raises as honor_roll_page.
    """
    roll = read_frozen(document, digest=digest)
    return environment.get_template("publishing/public.html").render(
        **words_of(roll, digest=digest),
        struck=struck,
        stylesheet_url=stylesheet_url,
    )


def _board_size(roll: HonorRoll) -> int:
    """How many lines the name of the board takes in the corner of the head: 1 large … 3 small."""
    return next((size for size, room in enumerate(_BOARD_ROOM, start=1) if ems(roll.board) <= room), 3)


def _terms_size(roll: HonorRoll) -> int:
    """The largest of three sizes in which the terms fit the foot: 1 large … 3 small."""
    lengths = [ems(f"{label}：{text}") for label, text in terms_of(roll)]
    for size, (line_length, lines) in enumerate(_TERMS_ROOM, start=1):
        if sum(math.ceil(length / line_length) for length in lengths) <= lines:
            return size
    return len(_TERMS_ROOM)


def _roll_classes(roll: HonorRoll) -> str:
    shape = measure(roll.items)
    groups = "groups" if has_groups(roll) else "no-groups"
    return f"base-{shape.usual_name} digits-{shape.digits} {groups}"


def _sheet_classes(sheet: Sheet) -> str:
    podium = f"podium-{sheet.podium_size}" if sheet.podium else "no-podium"
    deep = " deep" if len(sheet.podium) > 3 else ""
    return f"{podium}{deep} cols-{len(sheet.columns)} rows-{sheet.rows}"
