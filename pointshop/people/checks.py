"""What must hold between households, accounts, cards and the numbers given out (threats.md I15, I27)."""

from sqlalchemy import and_, func, literal, or_, select

from pointshop.core.numbers import Counter
from pointshop.ledger.models import Account
from pointshop.ledger.verify import Check
from pointshop.people.models import Card, CardLink, Household, Member

_same = and_(Household.village_id == Account.village_id, Household.id == Account.id)

_numbered = (
    select(Household.village_id, literal("household").label("purpose"), func.max(Household.id).label("last"))
    .group_by(Household.village_id)
    .union_all(select(Member.village_id, literal("member"), func.max(Member.id)).group_by(Member.village_id))
    .subquery()
)

CHECKS = (
    Check(
        "account_has_household",
        "I15",
        "账户没有对应的户",
        select(Account.village_id, Account.id.label("account_id"))
        .outerjoin(Household, _same)
        .where(Household.id.is_(None)),
    ),
    Check(
        "household_has_account",
        "I15",
        "户没有对应的账户",
        select(Household.village_id, Household.id.label("household_id"))
        .outerjoin(Account, _same)
        .where(Account.id.is_(None)),
    ),
    Check(
        "member_has_household",
        "I15",
        "成员不属于任何一户",
        select(Member.village_id, Member.id.label("member_id"))
        .outerjoin(Household, and_(Household.village_id == Member.village_id, Household.id == Member.household_id))
        .where(Household.id.is_(None)),
    ),
    Check(
        "one_card_in_force",
        "I15",
        "同一户有多张有效积分卡，或积分卡不属于任何一户",
        select(Card.village_id, Card.household_id, func.count().label("in_force"))
        .outerjoin(Household, and_(Household.village_id == Card.village_id, Household.id == Card.household_id))
        .where(Card.revoked_at.is_(None))
        .group_by(Card.village_id, Card.household_id)
        .having(or_(func.count() > 1, func.count(Household.id) == 0)),
    ),
    Check(
        "card_has_link",
        "I15",
        "积分卡的编码没有登记到本村，扫码打不开",
        select(Card.village_id, Card.id.label("card_id"))
        .outerjoin(CardLink, and_(CardLink.code == Card.code, CardLink.village_id == Card.village_id))
        .where(CardLink.code.is_(None)),
    ),
    Check(
        "numbers_given_out_once",
        "I27",
        "编号计数落后于已用的编号，下一次会重号",
        select(_numbered.c.village_id, _numbered.c.purpose, _numbered.c.last, Counter.value)
        .outerjoin(Counter, and_(Counter.village_id == _numbered.c.village_id, Counter.purpose == _numbered.c.purpose))
        .where(func.coalesce(Counter.value, 0) < _numbered.c.last),
    ),
)
