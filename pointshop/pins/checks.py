"""What must hold of PINs."""

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from pointshop.ledger.verify import Check
from pointshop.people.models import Card
from pointshop.pins.models import Pin, PinChange

_later = aliased(PinChange)

CHECKS = (
    Check(
        "pin_is_the_one_last_set",
        "A25",
        "兑换密码不是最后一次当面设置的那个，或不属于该户",
        select(Pin.village_id, Pin.household_id, Pin.change_id)
        .join(PinChange, and_(PinChange.village_id == Pin.village_id, PinChange.id == Pin.change_id))
        .where(
            or_(
                PinChange.household_id != Pin.household_id,
                exists().where(
                    _later.village_id == Pin.village_id,
                    _later.household_id == Pin.household_id,
                    _later.serial > PinChange.serial,
                ),
            )
        ),
    ),
    Check(
        "pin_was_set_with_the_households_card",
        "A25",
        "设置兑换密码时出示的不是该户的积分卡",
        select(PinChange.village_id, PinChange.id, PinChange.household_id, PinChange.card_id)
        .join(Card, and_(Card.village_id == PinChange.village_id, Card.id == PinChange.card_id))
        .where(or_(Card.household_id != PinChange.household_id, Card.revoked_at < PinChange.at)),
    ),
)
