"""What a sheet makes known besides its lines (同时公开的变动): points moved by hand, other households, other settings.

None of it waits for objections before it counts, so the wall has to tell (threats.md B15).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select, tuple_

from pointshop.adjustments.models import Adjustment
from pointshop.core.clock import village_day
from pointshop.core.db import LONGEST_UNIT
from pointshop.core.work import Work
from pointshop.people.models import Household, HouseholdChange
from pointshop.people.public_names import household_code
from pointshop.publishing.models import Publication
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.table_sheet import LONGEST_REMARK, MAX_REMARKS
from pointshop.regions.models import SettingsChange, Village

_REASONS = {
    "paper_books": "旧账补录",
    "wrong_household": "记错户",
    "wrong_points": "记错分",
    "resolution": "两委决定",
}
_CHANGES = {
    "split": "{0}分户，{1}分走 {2} 分",
    "merge": "{0}并入{1}，带入 {2} 分",
    "departure": "{0}迁出，带走 {2} 分",
    "arrival": "{1}迁入，带来 {2} 分",
}
#: Settings that decide what points are worth and who watches over them, and how they are called.
_SETTINGS = {
    "review_levels": "审核级数",
    "notice_days": "公示天数",
    "backdate_days": "可补记天数",
    "void_minutes": "当面作废分钟",
    "period_budget": "每月积分总额",
    "card_daily_points": "每户每日可兑",
    "rate_fen": "每 1 积分折合人民币（分）",
}


class Window(NamedTuple):
    """From an instant on, before another one."""

    since: datetime
    until: datetime


def since_last_sheet(work: Work, village_id: int, kind: str, replaced: PublicationRow | None) -> Window:
    """What a sheet of no period has to tell: all since the one before. A correction tells what its old edition did."""
    statement = select(func.max(Publication.published_at)).where(
        Publication.village_id == village_id, Publication.kind == kind, Publication.edition == 1
    )
    if replaced is not None:
        number = tuple_(Publication.year, Publication.serial)
        statement = statement.where(number < tuple_(replaced.year, replaced.serial))
    founded = select(Village.founded_at).where(Village.village_id == village_id)
    before: datetime | None = work.read(statement).scalar()
    since = before or work.read(founded).scalar_one()
    # what still waits for its commit is told by the next sheet
    return Window(since - LONGEST_UNIT, (replaced.published_at if replaced else work.now) - LONGEST_UNIT)


def draw_remarks(work: Work, village_id: int, window: Window) -> tuple[str, ...]:
    """In the order of their instants; households by number, nobody by name."""
    told = sorted(
        [
            *_adjustments(work, village_id, window),
            *_household_changes(work, village_id, window),
            *_settings(work, village_id, window),
        ],
        key=itemgetter(0),
    )
    words = [f"{_day(at)}{text}"[:LONGEST_REMARK] for at, text in told]
    if len(words) > MAX_REMARKS:
        words = [*words[: MAX_REMARKS - 1], f"共 {len(words)} 项，其余请到村委会查阅"]
    return tuple(words)


def _adjustments(work: Work, village_id: int, window: Window) -> Iterator[tuple[datetime, str]]:
    of_household = and_(Household.village_id == Adjustment.village_id, Household.id == Adjustment.household_id)
    statement = (
        select(Adjustment.decided_at, Household.number, Adjustment.points, Adjustment.reason)
        .join(Household, of_household)
        .where(
            Adjustment.village_id == village_id,
            Adjustment.state == "posted",
            Adjustment.decided_at >= window.since,
            Adjustment.decided_at < window.until,
        )
    )
    rows: Any = work.read(statement)
    for at, number, points, reason in rows:
        yield at, f"{household_code(number)}人工调整 {points:+d} 分（{_REASONS[reason]}）"


def _household_changes(work: Work, village_id: int, window: Window) -> Iterator[tuple[datetime, str]]:
    columns = (HouseholdChange.household_id, HouseholdChange.to_household_id, HouseholdChange.points)
    statement = select(HouseholdChange.changed_at, HouseholdChange.kind, *columns).where(
        HouseholdChange.village_id == village_id,
        HouseholdChange.kind.in_(_CHANGES),
        HouseholdChange.changed_at >= window.since,
        HouseholdChange.changed_at < window.until,
    )
    rows = work.read(statement).all()
    codes = _codes(work, village_id, {row.household_id for row in rows} | {row.to_household_id for row in rows})
    for row in rows:
        words = _CHANGES[row.kind].format(codes.get(row.household_id), codes.get(row.to_household_id), row.points)
        yield row.changed_at, words


def _codes(work: Work, village_id: int, household_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = sorted(each for each in household_ids if each is not None)
    statement = select(Household.id, Household.number).where(
        Household.village_id == village_id, Household.id.in_(wanted)
    )
    return {household_id: household_code(number) for household_id, number in work.read(statement)}


def _settings(work: Work, village_id: int, window: Window) -> Iterator[tuple[datetime, str]]:
    statement = (
        select(SettingsChange.at, SettingsChange.settings)
        .where(SettingsChange.village_id == village_id, SettingsChange.at < window.until)
        .order_by(SettingsChange.version)
    )
    before: dict[str, Any] | None = None
    for at, settings in work.read(statement):
        if before is not None and at >= window.since:
            yield from ((at, words) for words in _differences(before, settings))
        before = settings


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name, label in _SETTINGS.items():
        # what was added to the settings later stands in no older version
        if name in before and before[name] != after[name]:
            yield f"{label}由{_value(before[name])}改为{_value(after[name])}"


def _value(value: int | None) -> str:
    return "不限" if value is None else str(value)


def _day(at: datetime) -> str:
    day = village_day(at)
    return f"{day.month}月{day.day}日："
