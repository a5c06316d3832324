"""What is done with regions and settings."""

from typing import Any

from sqlalchemy import bindparam, insert, update

from pointshop.core.errors import Invalid, Stale
from pointshop.core.work import Change, Work
from pointshop.regions.models import Region, Village
from pointshop.regions.queries import RegionRow, find_region, get_locked_settings
from pointshop.regions.rules import ROOT, ROOT_PATH, VILLAGE_LEVEL, level_of, parent_of, path_of

_ADD_REGION = Change(insert(Region))
_RENAME = Change(update(Region).where(Region.code == bindparam("place")).values(name=bindparam("new_name")))


def plant_root(work: Work) -> None:
    """Make sure that the tree has its root: the country."""
    if find_region(work, ROOT) is None:
        _ADD_REGION.run(work, code=ROOT, level=0, name="中国", parent=None, path=ROOT_PATH, village_id=None)


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


def change_settings(work: Work, village_id: int, *, version: int, changes: dict[str, Any]) -> None:
    """Edit settings that the editor has seen at `version`. Raises Stale when someone else was faster."""
    current = get_locked_settings(work, village_id)
    if current.version != version:
        raise Stale()
    work.write(
        update(Village)
        .where(Village.village_id == village_id, Village.version == version)
        .values(**changes, version=version + 1)
    )
