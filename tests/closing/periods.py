"""Periods that tests end."""

from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from pointshop.core.clock import VILLAGE_TIME, now, village_day
from pointshop.core.ids import new_name
from pointshop.core.periods import period_of
from tests.api import Api, Caller


def noon(day: str) -> datetime:
    """Twelve o'clock in the village."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), VILLAGE_TIME) + timedelta(hours=12)


def last_quarter(*, back: int = 0) -> tuple[str, date]:
    """The quarter that ended last, by the real clock, or the `back`-th before it, and its last day."""
    last = village_day(now())
    for _ in range(back + 1):
        last = period_of(last, "quarter").first - timedelta(days=1)
    return f"{last.year}-Q{(last.month + 2) // 3}", last


def decide(api: Api, rule: str = "clear", cycle: str = "year", **more: Any) -> None:
    answer = api.as_("manager").put("/closing-policy", {"cycle": cycle, "rule": rule} | more)
    assert answer.status_code == 200, answer.text


def close(caller: Caller, period: str = "2026", *, name: str | None = None) -> TestResponse:
    body = {"period": period, "notice_days": 7, "contact": "村委会 0393-5261234"}
    return caller.put(f"/closings/{name or new_name()}", body)
