"""The pages of a frozen honor roll: sheets to print and hang, and the public page its QR code opens.

Pages are made for the policy `default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'`: no
script, no style in the page. Whatever depends on the data is a class, and the style sheets do the arithmetic.
"""

import math
from collections.abc import Mapping

from pointshop.publishing import document as frozen
from pointshop.publishing.dates import civil_date, date_range
from pointshop.publishing.honor_roll import HonorRoll
from pointshop.publishing.honor_roll_document import read_honor_roll
from pointshop.publishing.lunar import lunar_label
from pointshop.publishing.pages import environment
from pointshop.publishing.privacy import PrivateData, check_document
from pointshop.publishing.qr import qr_path
from pointshop.publishing.sheets import Paper, Sheet, lay_out, measure
from pointshop.publishing.typeset import ems, set_title

#: Characters per line and lines, for each size of the terms in the foot (.terms-1 … in honor_roll.css).
_TERMS_ROOM = ((25, 5), (28, 6), (32, 8))
#: Characters that the corner holds, for each size of the board's name (.board-2, .board-3).
_BOARD_ROOM = (12, 28)


class DigestMismatch(ValueError):
    """The document isn't the one that was frozen under this digest."""


def honor_roll_page(document: Mapping[str, object], *, digest: str, paper: Paper | str, stylesheet_url: str) -> str:
    """Sheets of A3 or A4 to print; the same document gives the same page for ever.

    Raises DigestMismatch, InvalidDocument, PrivateData; ValueError for other paper.
    """
    roll = _read(document, digest=digest)
    paper = Paper(paper)
    return environment.get_template("publishing/honor_roll.html").render(
        **_words(roll, digest=digest),
        paper=paper,
        sheets=[(sheet, _sheet_classes(sheet)) for sheet in lay_out(roll.items, paper=paper)],
        roll_classes=_roll_classes(roll),
        board_size=_board_size(roll),
        terms=_terms(roll),
        terms_size=_terms_size(roll),
        qr=qr_path(roll.public_url),
        stylesheet_url=stylesheet_url,
    )


def public_page(document: Mapping[str, object], *, digest: str, stylesheet_url: str) -> str:
    """The same roll for telephones: large type, no script, not to be indexed. Raises as honor_roll_page."""
    roll = _read(document, digest=digest)
    return environment.get_template("publishing/public.html").render(
        **_words(roll, digest=digest),
        stylesheet_url=stylesheet_url,
    )


def _read(document: Mapping[str, object], *, digest: str) -> HonorRoll:
    if frozen.digest(document) != digest:
        raise DigestMismatch(digest)
    if findings := check_document(document):
        raise PrivateData(findings)
    return read_honor_roll(document)


def _words(roll: HonorRoll, *, digest: str) -> dict[str, object]:
    """What both pages say."""
    return {
        "roll": roll,
        "digest": digest,
        "number_label": f"{roll.year}年第{roll.serial}期",
        "name_label": "户主" if roll.subject == "household" else "姓名",
        "has_groups": _has_groups(roll),
        "title": set_title(roll.title),
        "scope": _scope(roll),
        "notice": _notice(roll),
        "correction": _correction(roll),
        "until": civil_date(roll.notice.until_on),
        "issued_on": civil_date(roll.issued_on),
        "lunar": lunar_label(roll.issued_on),
    }


def _scope(roll: HonorRoll) -> list[str]:
    group = f"{roll.group_no}组" if roll.group_no else None
    return [part for part in (roll.period_label, roll.scope, group, roll.category) if part]


def _notice(roll: HonorRoll) -> str:
    days = f"（不少于{roll.notice.days}天）" if roll.notice.days else ""
    return date_range(roll.notice.from_on, roll.notice.until_on) + days


def _correction(roll: HonorRoll) -> str:
    if roll.replaces is None:
        return ""
    return f"本榜为第{roll.edition}版，代替校验码 {frozen.short_digest(roll.replaces)} 的一版"


def _board_size(roll: HonorRoll) -> int:
    """How many lines the name of the board takes in the corner of the head: 1 large … 3 small."""
    return next((size for size, room in enumerate(_BOARD_ROOM, start=1) if ems(roll.board) <= room), 3)


def _terms(roll: HonorRoll) -> list[tuple[str, str]]:
    """Label and text of each line in the foot."""
    terms = [("排名办法", roll.rule), ("公示期", _notice(roll)), ("如有异议", roll.contact)]
    return terms + ([("更正", _correction(roll))] if roll.replaces else [])


def _terms_size(roll: HonorRoll) -> int:
    """The largest of three sizes in which the terms fit the foot: 1 large … 3 small."""
    lengths = [ems(f"{label}：{text}") for label, text in _terms(roll)]
    for size, (line_length, lines) in enumerate(_TERMS_ROOM, start=1):
        if sum(math.ceil(length / line_length) for length in lengths) <= lines:
            return size
    return len(_TERMS_ROOM)


def _has_groups(roll: HonorRoll) -> bool:
    """A roll of one group says so in its head; its lines need not."""
    return roll.group_no is None and any(item.group_no is not None for item in roll.items)


def _roll_classes(roll: HonorRoll) -> str:
    shape = measure(roll.items)
    groups = "groups" if _has_groups(roll) else "no-groups"
    return f"base-{shape.usual_name} digits-{shape.digits} {groups}"


def _sheet_classes(sheet: Sheet) -> str:
    podium = f"podium-{sheet.podium_size}" if sheet.podium else "no-podium"
    deep = " deep" if len(sheet.podium) > 3 else ""
    return f"{podium}{deep} cols-{len(sheet.columns)} rows-{sheet.rows}"
