"""Reads of the region tree and of village settings."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from pointshop.core.errors import NotFound
from pointshop.core.routes import VillageRef
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.regions.models import LOW_STOCK, Region, Village
from pointshop.regions.rules import path_of


class Settings(NamedTuple):
    """How a village runs its scheme; the columns of `Village` in the order they are read."""

    version: int
    rate_fen: int
    review_levels: int
    notice_days: int
    backdate_days: int
    redemption_weekdays: str
    void_minutes: int
    card_daily_points: int | None
    period_budget: int | None
    public_names: str
    pin_above_points: int | None
    low_stock: int
    gift_points_given: int
    gift_points_received: int


#: What a village decided that was founded before there was the question.
_UNASKED = {"low_stock": func.coalesce(Village.low_stock, LOW_STOCK)}
_SETTINGS_COLUMNS = [_UNASKED.get(name, getattr(Village, name)) for name in Settings._fields]

_SETTINGS = Prepared(select(*_SETTINGS_COLUMNS).where(Village.village_id == bindparam("village_id")))
_LOCKED_SETTINGS = Prepared(
    select(*_SETTINGS_COLUMNS).where(Village.village_id == bindparam("village_id")).with_for_update()
)
_HELD = Prepared(
    select(Village.village_id).where(Village.village_id == bindparam("village_id")).with_for_update(key_share=True)
)
_SEALED_UNTIL = Prepared(select(Village.sealed_until).where(Village.village_id == bindparam("village_id")))
_REGION = Prepared(
    select(Region.code, Region.level, Region.name, Region.parent, Region.village_id).where(
        Region.code == bindparam("code")
    )
)


class RegionRow(NamedTuple):
    code: str
    level: int
    name: str
    parent: str | None
    village_id: int | None


def hold_village(work: Work, village_id: int) -> None:
    """Let nobody else who calls this, and no seal, go on until this unit ends; other writers are not held up."""
    _HELD.one(work, village_id=village_id)


def come_after_seal(work: Work, village_id: int) -> None:
    """Let what this unit of work records bear an instant after the village's last seal (`Work.come_after`).

    Client-named commands do so by themselves.
    """
    work.come_after(_SEALED_UNTIL.one(work, village_id=village_id)[0])


def get_settings(work: Work, village_id: int) -> Settings:
    return Settings(*_SETTINGS.one(work, village_id=village_id))


def get_locked_settings(work: Work, village_id: int) -> Settings:
    """The settings, held against change until the unit of work ends."""
    return Settings(*_LOCKED_SETTINGS.one(work, village_id=village_id))


def find_region(work: Work, code: str) -> RegionRow | None:
    found = _REGION.first(work, code=code)
    return RegionRow(*found) if found else None


def get_village(work: Work, code: str) -> VillageRef:
    """The village of a 12-digit code. Raises NotFound."""
    found = find_region(work, code)
    if found is None or found.village_id is None:
        raise NotFound(f"没有村 {code}")
    return VillageRef(found.village_id, found.code, found.name, path_of(code))


def list_villages(work: Work) -> list[VillageRef]:
    """Every village, by code: for commands that go through all of them."""
    statement = (
        select(Village.village_id, Region.code, Region.name, Region.path)
        .join(Region, Region.code == Village.region_code)
        .order_by(Region.code)
        .execution_options(all_villages=True)
    )
    return [VillageRef(*row) for row in work.read(statement)]


def regions_below(parent: str) -> AnySelect:
    """The children of a region."""
    return select(Region.code, Region.level, Region.name, Region.parent, Region.village_id).where(
        Region.parent == parent
    )


def township_name(work: Work, village_code: str) -> str:
    """The name of the township a village belongs to."""
    found = find_region(work, village_code[:9])
    return found.name if found else ""


def find_only_village(work: Work) -> VillageRef | None:
    """The village of an installation that serves one; None where it serves none or several."""
    statement = (
        select(Village.village_id, Region.code, Region.name, Region.path)
        .join(Region, Region.code == Village.region_code)
        .limit(2)
        .execution_options(all_villages=True)
    )
    found = [VillageRef(*row) for row in work.read(statement)]
    return found[0] if len(found) == 1 else None
