"""Merits against the books (threats.md I7, I8, I12–I14): every posted merit has its line, every line its merit."""

from typing import Any

from sqlalchemy import String, and_, cast, distinct, func, literal, or_, select
from sqlalchemy.orm import aliased

from pointshop.core.columns import period_first
from pointshop.core.db import LONGEST_UNIT
from pointshop.kinship.models import Tie
from pointshop.ledger.models import Entry, Tally
from pointshop.ledger.verify import Check
from pointshop.merits.models import LIVE_STATES, DeclaredConflict, Merit, MeritReview, RuleVersion
from pointshop.merits.queries import JUDGED_BY
from pointshop.regions.models import SettingsChange

_line = and_(Entry.village_id == Merit.village_id, Entry.account_id == Merit.household_id, Entry.seq == Merit.entry_seq)
# one object each: PostgreSQL must see the same parameter in SELECT and GROUP BY
_member = func.coalesce(Merit.member_id, 0)
_month = func.substr(cast(Merit.occurred_on, String(10)), 1, 7)
_posted = (
    select(
        Merit.village_id,
        Merit.household_id.label("account_id"),
        _member.label("member_id"),
        _month.label("month"),
        RuleVersion.category,
        func.sum(Merit.points).label("points"),
    )
    .join(RuleVersion, JUDGED_BY)
    .where(Merit.state == "posted")
    .group_by(
        Merit.village_id,
        Merit.household_id,
        _member,
        _month,
        RuleVersion.category,
    )
    .subquery()
)
_same = and_(
    Tally.village_id == _posted.c.village_id,
    Tally.account_id == _posted.c.account_id,
    Tally.member_id == _posted.c.member_id,
    Tally.month == _posted.c.month,
    Tally.category == _posted.c.category,
)

_signed = (
    select(
        Merit.village_id,
        Merit.id,
        func.count(distinct(MeritReview.reviewer_id)).label("signatures"),
    )
    .join(MeritReview, and_(MeritReview.village_id == Merit.village_id, MeritReview.merit_id == Merit.id))
    .where(MeritReview.decision == "approve", MeritReview.reviewer_id != Merit.logged_by)
    .group_by(Merit.village_id, Merit.id)
    .subquery()
)

#: The kinds of period in which any version of a rule has limited deeds.
_limits = (
    select(RuleVersion.village_id, RuleVersion.code, RuleVersion.cap_period)
    .where(RuleVersion.cap.is_not(None))
    .distinct()
    .subquery()
)
#: What had been logged of a rule in a deed's period of each kind, the deed itself included. Ended merits have given
#: their share back since, so this is never more than what was counted then.
_used = (
    select(
        Merit.village_id,
        Merit.id,
        Merit.household_id,
        Merit.rule_code,
        Merit.rule_version,
        _limits.c.cap_period,
        func.sum(Merit.quantity)
        .over(
            partition_by=[
                Merit.village_id,
                Merit.household_id,
                Merit.rule_code,
                _limits.c.cap_period,
                period_first(_limits.c.cap_period, Merit.occurred_on),
            ],
            order_by=[Merit.logged_at, Merit.id],
        )
        .label("used"),
    )
    .join(_limits, and_(_limits.c.village_id == Merit.village_id, _limits.c.code == Merit.rule_code))
    .where(Merit.state.in_(LIVE_STATES))
    .subquery()
)

_limited = aliased(SettingsChange)
_issued = (
    select(
        Merit.village_id,
        Merit.id,
        Merit.occurred_on,
        Merit.logged_at,
        func.sum(Merit.points)
        .over(partition_by=[Merit.village_id, _month], order_by=[Merit.logged_at, Merit.id])
        .label("issued"),
    )
    .join(RuleVersion, JUDGED_BY)
    .where(
        Merit.state.in_(LIVE_STATES),
        Merit.points > 0,
        RuleVersion.track == "spend",
        # most villages never had a budget
        select(1)
        .where(_limited.village_id == Merit.village_id, _limited.period_budget.is_not(None))
        .correlate(Merit)
        .exists(),
    )
    .subquery()
)
_held, _later = aliased(SettingsChange), aliased(SettingsChange)
_next = aliased(SettingsChange)


def _is_over_budget(row: Any) -> bool:
    """A deed and a change of the budget that waited for each other may bear instants in either order."""
    if row.next_at is None or row.next_at - row.logged_at > LONGEST_UNIT:
        return True
    return row.next_budget is not None and row.issued > row.next_budget


_over_budget = (
    select(
        _issued.c.village_id,
        _issued.c.id,
        _issued.c.issued,
        _held.period_budget,
        _issued.c.logged_at,
        _next.at.label("next_at"),
        _next.period_budget.label("next_budget"),
    )
    .join(
        _held,
        and_(
            _held.village_id == _issued.c.village_id,
            _held.at <= _issued.c.logged_at,
            _held.period_budget < _issued.c.issued,
        ),
    )
    .outerjoin(_next, and_(_next.village_id == _held.village_id, _next.version == _held.version + 1))
    # the newest that was decided by then
    .where(
        ~select(1)
        .where(
            _later.village_id == _held.village_id,
            _later.version > _held.version,
            _later.at <= _issued.c.logged_at,
        )
        .correlate(_held, _issued)
        .exists()
    )
)


def _was_tied(row: Any) -> bool:
    """Whether a merit was logged while the tie was in force; one declared beside it may not have been seen yet."""
    is_over: bool = row.ended_at is not None and row.logged_at >= row.ended_at
    return not is_over and row.logged_at > row.declared_at + LONGEST_UNIT


CHECKS = (
    Check(
        "family_merit_was_declared",
        "I14",
        "登记人给本户或亲属记了分而没有申报回避",
        select(Merit.village_id, Merit.id, Merit.logged_at, Tie.declared_at, Tie.ended_at)
        .join(
            Tie,
            and_(
                Tie.village_id == Merit.village_id,
                Tie.user_id == Merit.logged_by,
                Tie.household_id == Merit.household_id,
            ),
        )
        .outerjoin(
            DeclaredConflict,
            and_(DeclaredConflict.village_id == Merit.village_id, DeclaredConflict.merit_id == Merit.id),
        )
        .where(DeclaredConflict.merit_id.is_(None)),
        is_wrong=_was_tied,
    ),
    Check(
        "cap_never_exceeded",
        "I12",
        "同一户同一细则在上限周期内超过了上限",
        select(_used.c.village_id, _used.c.id, _used.c.household_id, RuleVersion.cap, _used.c.used).join(
            RuleVersion,
            and_(
                RuleVersion.village_id == _used.c.village_id,
                RuleVersion.code == _used.c.rule_code,
                RuleVersion.version == _used.c.rule_version,
                RuleVersion.cap_period == _used.c.cap_period,
                RuleVersion.cap < _used.c.used,
            ),
        ),
    ),
    Check(
        "budget_never_exceeded",
        "I12",
        "本村当月发出的积分超过了当时的总额",
        _over_budget,
        is_wrong=_is_over_budget,
    ),
    Check(
        "approved_merit_was_signed",
        "I14",
        "记录未经足够的人审核",
        select(Merit.village_id, Merit.id, Merit.levels_needed, _signed.c.signatures)
        .outerjoin(_signed, and_(_signed.c.village_id == Merit.village_id, _signed.c.id == Merit.id))
        .where(
            Merit.state.in_(["approved", "noticed", "held", "posted"]),
            func.coalesce(_signed.c.signatures, 0) < Merit.levels_needed,
        ),
    ),
    Check(
        "merit_has_its_line",
        "I7",
        "已入账的积分记录与存折分录不符",
        select(Merit.village_id, Merit.id, Merit.household_id, Merit.entry_seq, Merit.points)
        .join(RuleVersion, JUDGED_BY)
        .outerjoin(Entry, _line)
        .where(
            Merit.state.in_(["posted", "reversed"]),
            or_(
                and_(Merit.entry_seq.is_not(None), Entry.seq.is_(None)),
                and_(Entry.seq.is_not(None), Entry.source_id != Merit.id),
                and_(Entry.seq.is_not(None), Merit.points > 0, Entry.points != Merit.points),
                and_(
                    Entry.seq.is_not(None),
                    Merit.points < 0,
                    or_(Entry.points < Merit.points, Entry.points >= 0),
                ),
                and_(Entry.seq.is_not(None), RuleVersion.track == "honor"),
                and_(
                    Merit.entry_seq.is_(None),
                    Merit.state == "posted",
                    RuleVersion.track == "spend",
                    Merit.points > 0,
                ),
            ),
        ),
    ),
    Check(
        "line_has_its_merit",
        "I7",
        "存折分录没有对应的积分记录",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.source_id)
        .outerjoin(
            Merit,
            and_(
                Merit.village_id == Entry.village_id,
                Merit.id == Entry.source_id,
                Merit.household_id == Entry.account_id,
            ),
        )
        .where(
            Entry.source_kind == "merit",
            or_(
                Merit.id.is_(None),
                and_(Entry.kind != "reversal", or_(Merit.entry_seq.is_(None), Merit.entry_seq != Entry.seq)),
                and_(
                    Entry.kind == "reversal",
                    or_(
                        Merit.state != "reversed",
                        Entry.reverses.is_(None),
                        Entry.reverses != Merit.entry_seq,
                    ),
                ),
            ),
        ),
    ),
    Check(
        "points_follow_the_rule",
        "I13",
        "积分与细则和数量不符",
        select(Merit.village_id, Merit.id, Merit.points, Merit.quantity, RuleVersion.points.label("rule_points"))
        .join(RuleVersion, JUDGED_BY)
        .where(
            or_(
                Merit.points != RuleVersion.points * Merit.quantity,
                Merit.occurred_on < RuleVersion.effective_from,
            )
        ),
    ),
    Check(
        "tally_is_sum_of_posted_merits",
        "I3",
        "汇总与已入账的积分记录不符",
        select(_posted.c.village_id, _posted.c.account_id, _posted.c.member_id, _posted.c.month, _posted.c.points)
        .outerjoin(Tally, _same)
        .where(or_(Tally.points.is_(None), Tally.points != _posted.c.points))
        .union_all(
            select(Tally.village_id, Tally.account_id, Tally.member_id, Tally.month, literal(0))
            .outerjoin(_posted, _same)
            .where(_posted.c.points.is_(None), Tally.points != 0)
        ),
    ),
)
