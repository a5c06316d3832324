"""What has to hang by when (村务公开的节奏). Pure: days in, duties out.

The law wants village affairs published at least quarterly, and the money monthly where much of it moves
(村民委员会组织法, 村务公开). So each of the three disclosures is due for every month in which something of its kind
moved, and for every quarter of which nothing of it was due by month.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from pointshop.core.periods import Period, parse_period, period_label, period_of
from pointshop.publishing.kinds import GOODS, LEDGER, REDEMPTIONS

#: Days after the end of a period until its sheet has to hang.
GRACE = 10
#: Months that are looked back on.
LOOK_BACK = 12
#: Days after a sheet was made until it has to hang.
HANG_AT_ONCE = 3
DISCLOSURES = (REDEMPTIONS.name, GOODS.name, LEDGER.name)

Rhythm = Literal["monthly", "quarterly"]


class Duty(NamedTuple):
    """A sheet that has to hang for a period. period: 2026-11 or 2026-Q4. due_on: the last day it may be missing."""

    kind: str
    period: str
    first: date
    last: date
    due_on: date
    rhythm: Rhythm

    @property
    def label(self) -> str:
        return period_label(self.period)


def duties(today: date, *, since: date, moved: Mapping[str, Collection[str]]) -> list[Duty]:
    """What was or is to be published for the periods that ended within a year.

    since: the day the village began. moved: kind → the months (YYYY-MM) in which something moved. By due day, kind.
    """
    quarters = _ended_quarters(today, since)
    found = [duty for kind in DISCLOSURES for quarter in quarters for duty in _in(quarter, kind, moved.get(kind, ()))]
    this_quarter = period_of(today, "quarter")
    found += [duty for kind in DISCLOSURES for duty in _monthly(this_quarter, kind, moved.get(kind, ()))]
    # of the period in which a village began, only its own days have to be told
    over = [duty._replace(first=max(duty.first, since)) for duty in found if since <= duty.last < today]
    return sorted(over, key=lambda duty: (duty.due_on, duty.kind, duty.period))


def _in(quarter: Period, kind: str, months: Collection[str]) -> list[Duty]:
    monthly = _monthly(quarter, kind, months)
    name = f"{quarter.first.year}-Q{(quarter.first.month + 2) // 3}"
    return monthly or [_duty(kind, name, quarter, "quarterly")]


def _monthly(quarter: Period, kind: str, months: Collection[str]) -> list[Duty]:
    return [_duty(kind, month, parse_period(month), "monthly") for month in quarter.months() if month in months]


def _duty(kind: str, name: str, period: Period, rhythm: Rhythm) -> Duty:
    return Duty(kind, name, period.first, period.last, period.last + timedelta(days=GRACE), rhythm)


def _ended_quarters(today: date, since: date) -> list[Period]:
    """Whole quarters that ended before today, within the last year."""
    found: list[Period] = []
    quarter = period_of(period_of(today, "quarter").first - timedelta(days=1), "quarter")
    while quarter.last >= since and len(found) < LOOK_BACK // 3:
        found.append(quarter)
        quarter = period_of(quarter.first - timedelta(days=1), "quarter")
    return found
