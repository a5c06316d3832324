"""The lines of a passbook in words (存折摘要): what was done, what was taken home."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from pointshop.core.work import Work
from pointshop.gifts.queries import Sides, sides_of
from pointshop.merits.models import Merit, RuleVersion
from pointshop.merits.queries import JUDGED_BY
from pointshop.shop.models import RedemptionLine


class PassbookLine(NamedTuple):
    """A line as the ledger has it, in the order of `ledger.queries.passbook`."""

    seq: int
    points: int
    balance_after: int
    kind: str
    occurred_on: date
    recorded_at: datetime
    source_kind: str
    source_id: str


_WORDS = {
    "opening": "期初积分",
    "adjustment": "调整",
    "expiry": "到期清零",
    "gift": "转赠",
    "transfer": "分户、并户或迁移",
    "void": "作废兑换",
    "reversal": "冲正",
}


def summaries(work: Work, village_id: int, lines: Iterable[PassbookLine]) -> dict[int, str]:
    """seq → what the line is for. Three queries for a page, whatever its length."""
    shown = list(lines)
    deeds = _deeds(work, village_id, {line.source_id for line in shown if line.source_kind == "merit"})
    goods = _goods(work, village_id, {line.source_id for line in shown if line.source_kind == "redemption"})
    # a client may give a merit the name of a redemption: each line is told by its own kind of record alone
    told = {"merit": deeds, "redemption": goods}
    sides = sides_of(work, village_id, {line.source_id for line in shown if line.source_kind == "gift"})
    words = {line.seq: _summary(line, told.get(line.source_kind, {}).get(line.source_id, "")) for line in shown}
    return words | {line.seq: _gift(line, sides[line.source_id]) for line in shown if _is_of(line, sides)}


def _summary(line: PassbookLine, what: str) -> str:
    words = _WORDS.get(line.kind)
    if words is None:
        return what
    return f"{words}：{what}" if what else words


def _is_of(line: PassbookLine, sides: Mapping[str, Sides]) -> bool:
    return line.source_kind == "gift" and line.source_id in sides


def _gift(line: PassbookLine, sides: Sides) -> str:
    """A gift as the one side or the other reads it; what is taken back moves the other way."""
    is_reversal = line.kind == "reversal"
    is_givers = (line.points < 0) != is_reversal
    what = f"转赠给{sides.receiver}" if is_givers else f"{sides.giver}转赠"
    return f"撤销：{what}" if is_reversal else what


def _deeds(work: Work, village_id: int, names: set[str]) -> dict[str, str]:
    if not names:
        return {}
    statement = (
        select(Merit.id, Merit.quantity, RuleVersion.name, RuleVersion.per)
        .join(RuleVersion, JUDGED_BY)
        .where(Merit.village_id == village_id, Merit.id.in_(names))
    )
    return {
        row.id: row.name if row.quantity == 1 else f"{row.name} {row.quantity}{row.per}" for row in work.read(statement)
    }


def _goods(work: Work, village_id: int, names: set[str]) -> dict[str, str]:
    if not names:
        return {}
    statement = (
        select(RedemptionLine.redemption_id, RedemptionLine.name, RedemptionLine.quantity)
        .where(RedemptionLine.village_id == village_id, RedemptionLine.redemption_id.in_(names))
        .order_by(RedemptionLine.redemption_id, RedemptionLine.line_no)
    )
    goods: dict[str, list[str]] = {}
    for row in work.read(statement):
        goods.setdefault(row.redemption_id, []).append(f"{row.name}×{row.quantity}")
    return {name: "兑换 " + "、".join(items) for name, items in goods.items()}
