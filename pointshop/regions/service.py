"""What is done with regions and settings."""

from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects.postgresql import insert as insert_new

from pointshop.core import clock
from pointshop.core.errors import Invalid, Stale
from pointshop.core.work import Change, Work
from pointshop.regions.models import Region, SettingsChange, Village
from pointshop.regions.queries import RegionRow, find_region, get_locked_settings, get_settings
from pointshop.regions.rules import ROOT, ROOT_PATH, VILLAGE_LEVEL, level_of, parent_of, path_of

_ADD_REGION = Change(insert(Region))
# looking first would be too late: another `init` may plant it in between
_PLANT = Change(
    insert_new(Region)
    .values(code=ROOT, level=0, name="中国", parent=None, path=ROOT_PATH, village_id=None)
    .on_conflict_do_nothing(index_elements=[Region.code])
)
_RENAME = Change(update(Region).where(Region.code == bindparam("place")).values(name=bindparam("new_name")))


def plant_root(work: Work) -> None:
    """Make sure that the tree has its root: the country. Two who do it at once do it once."""
    _PLANT.run(work)


def put_region(work: Work, *, code: str, name: str) -> tuple[RegionRow, bool]:
    """Add a region or rename it; a village starts with default settings. Returns it, and whether it is new.

    Raises Invalid when the code is none or its parent is missing.
    """
    try:
        level = level_of(code)
    except ValueError as error:
        raise Invalid(errors={"code": [str(error)]}) from error
    is_new = find_region(work, code) is None
    if is_new:
        _add(work, code=code, level=level, name=name)
    else:
        _RENAME.run(work, place=code, new_name=name)
    found = find_region(work, code)
    assert found is not None
    return found, is_new


def _add(work: Work, *, code: str, level: int, name: str) -> None:
    parent = parent_of(code)
    if find_region(work, parent) is None:
        raise Invalid(errors={"code": [f"上级区划 {parent} 尚未建立"]})
    village_id = int(code) if level == VILLAGE_LEVEL else None
    _ADD_REGION.run(work, code=code, level=level, name=name, parent=parent, path=path_of(code), village_id=village_id)
    if village_id is not None:
        work.write(insert(Village).values(village_id=village_id, region_code=code, founded_at=work.now))
        _record_settings(work, village_id, actor_id=0)


def change_settings(work: Work, village_id: int, *, version: int, changes: dict[str, Any], actor_id: int = 0) -> None:
    """Edit settings that the editor has seen at `version`. Raises Stale when someone else was faster."""
    current = get_locked_settings(work, village_id)
    if current.version != version:
        raise Stale()
    work.write(
        update(Village)
        .where(Village.village_id == village_id, Village.version == version)
        .values(**changes, version=version + 1)
    )
    _record_settings(work, village_id, actor_id=actor_id)


def _record_settings(work: Work, village_id: int, *, actor_id: int) -> None:
    """Write down what the settings are from now on."""
    settings = get_settings(work, village_id)._asdict()
    work.write(
        insert(SettingsChange).values(
            village_id=village_id,
            version=settings.pop("version"),
            # after the wait for the lock: what was logged under the settings before is older
            at=max(work.now, clock.now()),
            actor_id=actor_id,
            settings=settings,
            period_budget=settings["period_budget"],
        )
    )
