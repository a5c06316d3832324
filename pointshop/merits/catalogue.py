"""Rules and their versions: a change makes a new one, the past keeps the old."""

from datetime import date
from typing import Any

from sqlalchemy import insert

from pointshop.core.errors import Invalid
from pointshop.core.work import Work
from pointshop.merits.models import RuleVersion
from pointshop.merits.queries import RuleRow, find_newest_rule

#: From when a village's first version of a rule counts, unless said otherwise: deeds may be logged after the fact.
SINCE_EVER = date(2000, 1, 1)


def put_rule(
    work: Work, village_id: int, code: str, content: dict[str, Any], *, effective_from: date | None, actor_id: int
) -> tuple[RuleRow, bool]:
    """A rule's newest version, made if the content differs; and whether the rule is new.

    Raises Invalid when a change is to count before today: what was judged stays judged.
    """
    newest = find_newest_rule(work, village_id, code)
    if newest is not None and _is_same(newest, content, effective_from):
        return newest, False
    if newest is not None and effective_from is not None and effective_from < work.today:
        raise Invalid(errors={"effective_from": ["修改后的细则不能从今天以前生效"]})
    start = effective_from or (SINCE_EVER if newest is None else work.today)
    made = RuleRow(code=code, version=1 if newest is None else newest.version + 1, effective_from=start, **content)
    work.write(
        insert(RuleVersion).values(village_id=village_id, decided_at=work.now, decided_by=actor_id, **made._asdict())
    )
    return made, newest is None


def _is_same(newest: RuleRow, content: dict[str, Any], effective_from: date | None) -> bool:
    same_content = all(getattr(newest, name) == value for name, value in content.items())
    return same_content and effective_from in (None, newest.effective_from)
