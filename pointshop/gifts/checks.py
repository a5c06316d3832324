"""Gifts against the books (threats.md I2, I7): what one side gave the other has, once."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from pointshop.gifts.models import Gift
from pointshop.ledger.models import Entry
from pointshop.ledger.verify import Check

_gave, _got = aliased(Entry), aliased(Entry)

_is_of_gift = or_(Entry.kind == "gift", Entry.counter == "gift", Entry.source_kind == "gift")
_on_a_side = and_(
    Gift.village_id == Entry.village_id,
    Gift.id == Entry.source_id,
    or_(
        and_(
            Gift.household_id == Entry.account_id,
            or_(
                and_(Entry.kind == "gift", Entry.seq == Gift.entry_seq),
                and_(Entry.kind == "reversal", Entry.reverses == Gift.entry_seq, Gift.points_back == Entry.points),
            ),
        ),
        and_(
            Gift.to_household_id == Entry.account_id,
            or_(
                and_(Entry.kind == "gift", Entry.seq == Gift.to_entry_seq),
                and_(Entry.kind == "reversal", Entry.reverses == Gift.to_entry_seq, Gift.points_back == -Entry.points),
            ),
        ),
    ),
)

CHECKS = (
    Check(
        "gift_has_its_two_lines",
        "I7",
        "转赠与双方存折的分录不符",
        select(Gift.village_id, Gift.id, Gift.points, _gave.points.label("gave"), _got.points.label("got"))
        .outerjoin(
            _gave,
            and_(
                _gave.village_id == Gift.village_id,
                _gave.account_id == Gift.household_id,
                _gave.seq == Gift.entry_seq,
                _gave.source_id == Gift.id,
            ),
        )
        .outerjoin(
            _got,
            and_(
                _got.village_id == Gift.village_id,
                _got.account_id == Gift.to_household_id,
                _got.seq == Gift.to_entry_seq,
                _got.source_id == Gift.id,
            ),
        )
        .where(
            or_(
                _gave.seq.is_(None),
                _got.seq.is_(None),
                _gave.points != -Gift.points,
                _got.points != Gift.points,
            )
        ),
    ),
    Check(
        "gift_lines_sum_to_zero",
        "I2",
        "转赠双方的分录之和不为零，或不是一进一出",
        select(Entry.village_id, Entry.source_id, func.sum(Entry.points).label("points"), func.count().label("lines"))
        .where(_is_of_gift)
        .group_by(Entry.village_id, Entry.source_id, Entry.kind)
        .having(or_(func.sum(Entry.points) != 0, func.count() != 2)),
    ),
    Check(
        "gift_line_has_its_gift",
        "I7",
        "存折有转赠分录而没有转赠单",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.source_id)
        .outerjoin(Gift, _on_a_side)
        .where(
            _is_of_gift,
            or_(Gift.id.is_(None), Entry.counter != "gift", Entry.source_kind != "gift"),
        ),
    ),
    Check(
        "gift_reversal_has_its_lines",
        "I8",
        "转赠单记为已撤销，而存折没有退回的分录",
        select(Gift.village_id, Gift.id, Gift.points_back, func.count(Entry.seq).label("lines"))
        .outerjoin(
            Entry,
            and_(
                Entry.village_id == Gift.village_id,
                Entry.source_kind == "gift",
                Entry.source_id == Gift.id,
                Entry.kind == "reversal",
            ),
        )
        .where(Gift.state == "reversed")
        .group_by(Gift.village_id, Gift.id, Gift.points_back)
        .having(func.count(Entry.seq) != 2),
    ),
)
