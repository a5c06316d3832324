"""Merits against the books (threats.md I7, I8, I13, I14): every posted merit has its line, every line its merit."""

from sqlalchemy import String, and_, cast, distinct, func, literal, or_, select

from pointshop.ledger.models import Entry, Tally
from pointshop.ledger.verify import Check
from pointshop.merits.models import Merit, MeritReview, RuleVersion
from pointshop.merits.queries import JUDGED_BY

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

CHECKS = (
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
