"""I21: of an erased person nothing is left but ids."""

from sqlalchemy import and_, or_, select

from pointshop.ledger.verify import Check
from pointshop.merits.models import Merit, Photo
from pointshop.people.models import Household, Member
from pointshop.subjects.forgetting import ERASED
from pointshop.subjects.models import Erasure

_whole = and_(Household.village_id == Erasure.village_id, Household.id == Erasure.household_id, Erasure.member_id == 0)

CHECKS = (
    Check(
        "erased_household_is_nobody",
        "I21",
        "已删除的户还留有个人信息",
        select(Erasure.village_id, Erasure.id, Erasure.household_id)
        .join(Household, _whole)
        .where(or_(Household.head != ERASED, Household.phone.is_not(None), Household.address.is_not(None))),
    ),
    Check(
        "erased_member_is_nobody",
        "I21",
        "已删除的成员还留有个人信息",
        select(Erasure.village_id, Erasure.id, Member.id.label("member_id"))
        .join(
            Member,
            and_(
                Member.village_id == Erasure.village_id,
                or_(
                    and_(Erasure.member_id == 0, Member.household_id == Erasure.household_id),
                    Member.id == Erasure.member_id,
                ),
            ),
        )
        .where(or_(Member.name != ERASED, Member.birth_year.is_not(None))),
    ),
    Check(
        "erased_household_has_no_photos",
        "I21",
        "已删除的户还留有照片",
        select(Erasure.village_id, Erasure.id, Photo.id.label("photo_id"))
        .join(
            Merit,
            and_(
                Merit.village_id == Erasure.village_id,
                Merit.household_id == Erasure.household_id,
                or_(Erasure.member_id == 0, Merit.member_id == Erasure.member_id),
            ),
        )
        .join(Photo, and_(Photo.village_id == Merit.village_id, Photo.merit_id == Merit.id))
        .where(Photo.uploaded_at < Erasure.erased_at),
    ),
)
