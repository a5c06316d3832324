"""What the sheets and the public page of an honor roll say, whatever they are set with."""

from collections.abc import Mapping

from pointshop.publishing import document as frozen
from pointshop.publishing.dates import civil_date, date_range
from pointshop.publishing.honor_roll import HonorRoll
from pointshop.publishing.honor_roll_document import read_honor_roll
from pointshop.publishing.lunar import lunar_label
from pointshop.publishing.parts import Seal
from pointshop.publishing.privacy import PrivateData, check_document
from pointshop.publishing.typeset import set_title


class DigestMismatch(ValueError):
    """The document isn't the one that was frozen under this digest."""


def read_frozen(document: Mapping[str, object], *, digest: str) -> HonorRoll:
    """The roll, if it may be shown. Raises DigestMismatch, InvalidDocument, PrivateData."""
    if frozen.digest(document) != digest:
        raise DigestMismatch(digest)
    if findings := check_document(document):
        raise PrivateData(findings)
    return read_honor_roll(document)


def words_of(roll: HonorRoll, *, digest: str) -> dict[str, object]:
    """What every page of a roll says, by name."""
    return {
        "roll": roll,
        "digest": digest,
        "number_label": f"{roll.year}年第{roll.serial}期",
        "name_label": "户主" if roll.subject == "household" else "姓名",
        "has_groups": has_groups(roll),
        "title": set_title(roll.title),
        "scope": _scope(roll),
        "notice": _notice(roll),
        "correction": _correction(roll),
        "until": civil_date(roll.notice.until_on),
        "issued_on": civil_date(roll.issued_on),
        "lunar": lunar_label(roll.issued_on),
        "seal": seal_words(roll.seal),
        "nobody": f"{roll.period_label}没有符合上榜条件的{'农户' if roll.subject == 'household' else '村民'}",
    }


def terms_of(roll: HonorRoll) -> list[tuple[str, str]]:
    """Label and text of each line in the foot."""
    terms = [("排名办法", roll.rule), ("公示期", _notice(roll)), ("如有异议", roll.contact)]
    return terms + ([("更正", _correction(roll))] if roll.replaces else [])


def seal_words(seal: Seal | None) -> str:
    """日结封存第12号 6f1e 90ab 1234 cdef; empty where the books were never sealed."""
    return f"日结封存第{seal.number}号 {frozen.short_digest(seal.digest)}" if seal else ""


def has_groups(roll: HonorRoll) -> bool:
    """A roll of one group says so in its head; its lines need not."""
    return roll.group_no is None and any(item.group_no is not None for item in roll.items)


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
