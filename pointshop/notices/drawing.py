"""What every sheet is drawn from the books with: its lines and sums, before it has a number."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pointshop.core.clock import day_starts_at
from pointshop.core.errors import Invalid
from pointshop.core.periods import PERIOD_HINT, Period, parse_period, period_label
from pointshop.core.work import Work
from pointshop.publishing.table_sheet import Holder, Total, Value
from pointshop.regions.queries import get_settings

#: A line of a sheet, by the cells of its kind.
Item = Mapping[str, Value]


class Span(NamedTuple):
    """The days a sheet tells of, and how they are called on it: 2026年5月."""

    first: date
    last: date
    label: str

    def instants(self) -> tuple[datetime, datetime]:
        """When its first day begins, and when its last is over."""
        return day_starts_at(self.first), day_starts_at(self.last + timedelta(days=1))


class Drawn(NamedTuple):
    """A sheet's own content. merits: of a merit notice, its lines' merits in order. holder: of a passbook page."""

    span: Span
    items: tuple[Item, ...]
    totals: tuple[Total, ...] = ()
    holder: Holder | None = None
    household_id: int | None = None
    merits: tuple[str, ...] = ()


class Naming(NamedTuple):
    """How a village lets its people be called on a sheet of this year."""

    policy: str
    year: int


def span_of(work: Work, period: str | None) -> Span:
    """The days of a period that has begun, up to today. Raises Invalid."""
    if period is None:
        raise Invalid(errors={"period": ["必填"]})
    try:
        found: Period = parse_period(period)
    except ValueError as error:
        raise Invalid(errors={"period": [PERIOD_HINT]}) from error
    if found.first > work.today:
        raise Invalid(errors={"period": ["这个期间还没有开始"]})
    return Span(found.first, min(found.last, work.today), period_label(period))


def naming(work: Work, village_id: int) -> Naming:
    return Naming(get_settings(work, village_id).public_names, work.today.year)


#: How a giver is called who did not agree to be named.
NAMELESS = "爱心人士"


def giver_in_public(name: str, *, is_named: bool, policy: str) -> str:
    """How someone who gave goods or money is called on a sheet: by name only where they agreed.

    What is written down of a giver is free text, a firm or 乡贤张先生, of which no part can be masked for sure. policy:
    of the village; under `masked` nobody is named.
    """
    return name if is_named and policy != "masked" else NAMELESS


def joined(words: list[str], *, longest: int) -> str:
    """香皂×2、食用油×1; what doesn't fit is counted: … 等12种."""
    text = "、".join(words)
    count = len(words)
    while len(text) > longest and count:
        count -= 1
        text = "、".join(words[:count]) + f"等{len(words)}种"
    return text
