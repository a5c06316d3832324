"""Points of a period that is over and not closed yet stay where they are: in another purse they would look like new
ones, and outlive the closing."""

from datetime import date, timedelta

from sqlalchemy import func, select

from pointshop.closing.queries import policy_for
from pointshop.closing.rules import CYCLES
from pointshop.core.errors import Refused
from pointshop.core.periods import period_of
from pointshop.core.work import Work
from pointshop.ledger.closings import closed_through
from pointshop.ledger.models import Entry


class WaitsForClosing(Refused):
    code, title, sticks = "closed_today", "上期结账之前不能转给别户", False


def refuse_old_points(work: Work, village_id: int, account_id: int, day: date) -> None:
    """Let points leave an account only when none of them may end with a period that is over on `day`.

    Raises WaitsForClosing (data: closes).
    """
    closed = closed_through(work, village_id)
    for cycle in CYCLES:
        ended = period_of(day, cycle).first - timedelta(days=1)
        policy = policy_for(work, village_id, ended)
        if policy is None or policy.cycle != cycle or policy.rule == "keep" or (closed and closed >= ended):
            continue
        old = select(func.coalesce(func.sum(Entry.points), 0)).where(
            Entry.village_id == village_id, Entry.account_id == account_id, Entry.occurred_on <= ended
        )
        if work.read(old).scalar_one() > 0:
            raise WaitsForClosing(
                f"截至 {ended.isoformat()} 的账还没有结，结账后才能转给别户", data={"closes": ended.isoformat()}
            )
