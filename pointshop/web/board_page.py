"""What a wall screen shows: frozen publications on show today as they were published; the goods with their prices; how
often each good deed was booked this week. Deeds without names and without those that take points away: whoever is to be
named is named by a publication."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from pointshop.core.clock import as_text
from pointshop.core.periods import period_of
from pointshop.core.routes import VillageRef
from pointshop.core.work import Work
from pointshop.merits.models import Merit, RuleVersion
from pointshop.merits.queries import JUDGED_BY
from pointshop.publishing.honor_roll_document import KIND
from pointshop.publishing.queries import PublicationRow, in_force, struck_lines
from pointshop.regions.queries import get_settings
from pointshop.shop.goods_queries import ProductRow, goods_on_offer
from pointshop.web.card_page import next_open_day

#: Publications, goods and deeds on one screen's round; more is never read to its end.
MOST_ROLLS, MOST_GOODS, MOST_DEEDS = 3, 40, 8


def read_board(work: Work, village: VillageRef) -> dict[str, Any]:
    """The document of `schemas.BoardOut`."""
    next_day = next_open_day(get_settings(work, village.id).redemption_weekdays, work.today)
    return {
        "village": village.name,
        "at": as_text(work.now),
        "today": work.today.isoformat(),
        "next_day": next_day.isoformat() if next_day else None,
        "rolls": [
            _roll(row, dict(struck_lines(work, village.id, row.id)))
            for row in in_force(work, village.id, KIND)[:MOST_ROLLS]
        ],
        "goods": [_product(row) for row in goods_on_offer(work, village.id)[:MOST_GOODS]],
        "deeds": _deeds(work, village.id, work.today),
    }


def _roll(row: PublicationRow, struck: Mapping[int, str]) -> dict[str, Any]:
    content = row.content()
    items = [item for line, item in enumerate(content["items"], start=1) if line not in struck]
    group = f"{content['group_no']}组" if content["group_no"] else None
    parts = [content["period_label"], content["scope"], group, content["category"]]
    return {
        "title": content["title"],
        "number": row.number,
        "scope": " · ".join(part for part in parts if part),
        "until_on": row.until_on.isoformat(),
        "contact": content["contact"],
        "items": [{name: item[name] for name in ("place", "name", "group_no", "points")} for item in items],
    }


def _product(row: ProductRow) -> dict[str, Any]:
    return {"name": row.name, "spec": row.spec, "points": row.points, "is_there": row.on_hand > 0}


def _deeds(work: Work, village_id: int, today: date) -> list[dict[str, Any]]:
    week = period_of(today, "week")
    count = func.count().label("count")
    statement = (
        select(RuleVersion.name, count)
        .select_from(Merit)
        .join(RuleVersion, JUDGED_BY)
        .where(
            Merit.village_id == village_id,
            Merit.occurred_on.between(week.first, week.last),
            Merit.state == "posted",
            Merit.points > 0,
        )
        .group_by(RuleVersion.name)
        .order_by(count.desc(), RuleVersion.name)
        .limit(MOST_DEEDS)
    )
    return [{"name": name, "count": times} for name, times in work.read(statement)]
