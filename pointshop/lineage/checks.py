"""B18: whatever becomes of households, no point is made or lost."""

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from pointshop.ledger.models import Account, Entry
from pointshop.ledger.verify import Check
from pointshop.people.models import HouseholdChange
from pointshop.regions.models import Region

_lines = (
    select(
        Entry.village_id,
        Entry.source_id,
        func.sum(case((Entry.points > 0, Entry.points), else_=0)).label("came"),
        func.sum(case((Entry.points < 0, -Entry.points), else_=0)).label("went"),
    )
    .where(Entry.kind == "transfer")
    .group_by(Entry.village_id, Entry.source_id)
    .subquery()
)
_came, _went = func.coalesce(_lines.c.came, 0), func.coalesce(_lines.c.went, 0)
_arrival, _departure = aliased(HouseholdChange), aliased(HouseholdChange)
_from, _to = aliased(Region), aliased(Region)

CHECKS = (
    Check(
        "change_conserves_points",
        "I2",
        "户口变动前后积分不等",
        select(
            HouseholdChange.village_id, HouseholdChange.id, HouseholdChange.kind, HouseholdChange.points, _lines.c.came
        )
        .outerjoin(
            _lines,
            and_(_lines.c.village_id == HouseholdChange.village_id, _lines.c.source_id == HouseholdChange.id),
        )
        .where(
            or_(
                _went != case((HouseholdChange.kind == "arrival", 0), else_=HouseholdChange.points),
                _came != case((HouseholdChange.kind == "departure", 0), else_=HouseholdChange.points),
            )
        ),
    ),
    Check(
        "transfer_has_its_change",
        "I7",
        "有户口变动的分录而没有变动记录",
        select(Entry.village_id, Entry.account_id, Entry.seq, Entry.source_id)
        .outerjoin(
            HouseholdChange,
            and_(
                HouseholdChange.village_id == Entry.village_id,
                HouseholdChange.id == Entry.source_id,
                HouseholdChange.kind == Entry.source_kind,
                or_(
                    and_(Entry.points < 0, HouseholdChange.household_id == Entry.account_id),
                    and_(Entry.points > 0, HouseholdChange.to_household_id == Entry.account_id),
                ),
            ),
        )
        .where(or_(Entry.kind == "transfer", Entry.counter == "clearing"), HouseholdChange.id.is_(None)),
    ),
    Check(
        "who_left_has_nothing_left",
        "I2",
        "已并入他户或已迁出的户账上还有积分，或账户没有关闭",
        select(HouseholdChange.village_id, HouseholdChange.id, Account.balance, Account.status)
        .join(
            Account,
            and_(Account.village_id == HouseholdChange.village_id, Account.id == HouseholdChange.household_id),
        )
        .where(
            HouseholdChange.kind.in_(("merge", "departure")),
            or_(Account.balance != 0, Account.status != "closed"),
        ),
    ),
    Check(
        "arrival_had_its_departure",
        "I2",
        "迁入的积分与迁出村开出的不符",
        select(_arrival.village_id, _arrival.id, _arrival.points, literal("arrival").label("kind"))
        .join(_to, _to.village_id == _arrival.village_id)
        .outerjoin(_from, _from.code == _arrival.other_village)
        .outerjoin(
            _departure,
            and_(
                _departure.village_id == _from.village_id,
                _departure.id == _arrival.handover_id,
                _departure.kind == "departure",
            ),
        )
        .where(
            _arrival.kind == "arrival",
            or_(
                _departure.id.is_(None),
                _departure.points != _arrival.points,
                _departure.other_village != _to.code,
            ),
        ),
    ),
)
