"""HTTP of changes of households."""

from collections.abc import Mapping
from typing import Any

from pointshop.config import current_config
from pointshop.core.clock import as_text
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.lineage import schemas, service
from pointshop.lineage.service import Changed, NewHousehold
from pointshop.people.lineage import changes_of
from pointshop.people.queries import get_household
from pointshop.people.service import HouseholdData

feature = Feature("lineage", description="户口变动：分户、并户、迁移、户主变更")


@feature.command(
    "/villages/<village:v>/household-splits/<name:id>",
    kind="split",
    permission="household.change",
    body=schemas.SplitIn,
    answer=schemas.ChangedOut,
)
def split_household(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """Divide a household (分户): members and points that go along begin a new one."""
    body = call.body
    changed = service.split(
        work,
        call.village,
        id,
        household=body["household"],
        new=_begins(body, members=None),
        members=body["members"],
        points=body["points"],
        actor_id=call.actor.user_id,
    )
    return _changed(id, changed)


@feature.command(
    "/villages/<village:v>/household-merges/<name:id>",
    kind="merge",
    permission="household.change",
    body=schemas.MergeIn,
    answer=schemas.ChangedOut,
)
def merge_household(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """Join a household to another (并户) with all its members and points; the old number leads to the other."""
    return _changed(id, service.merge(work, call.village, id, **call.body, actor_id=call.actor.user_id))


@feature.command(
    "/villages/<village:v>/household-departures/<name:id>",
    kind="departure",
    permission="household.change",
    body=schemas.DepartureIn,
    answer=schemas.DepartedOut,
)
def depart(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """Let a household move to another village (迁出); `handover` is the document it takes along."""
    changed = service.depart(
        work,
        call.village,
        id,
        **call.body,
        key=current_config().secret_key,
        actor_id=call.actor.user_id,
    )
    return _changed(id, changed) | {"handover": changed.handover}


@feature.command(
    "/villages/<village:v>/household-arrivals/<name:id>",
    kind="arrival",
    permission="household.change",
    body=schemas.ArrivalIn,
    answer=schemas.ChangedOut,
)
def arrive(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """Take in a household from another village (迁入) with the points of its document, once."""
    changed = service.arrive(
        work,
        call.village,
        id,
        handover=call.body["handover"],
        new=_begins(call.body, members=call.body["members"]),
        key=current_config().secret_key,
        actor_id=call.actor.user_id,
    )
    return _changed(id, changed)


@feature.command(
    "/villages/<village:v>/head-changes/<name:id>",
    kind="head_change",
    permission="household.change",
    body=schemas.HeadIn,
    answer=schemas.ChangedOut,
)
def replace_head(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """Give a household a new head (户主变更); its points, number, card and history stay."""
    return _changed(id, service.replace_head(work, call.village, id, **call.body, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/changes",
    permission="people.read",
    answer=schemas.ChangesOut,
)
def list_changes(call: Call, number: str) -> dict[str, Any]:
    """What became of a household, the earliest first."""
    work = reading()
    found = get_household(work, call.village.id, number)
    rows = changes_of(work, call.village.id, found.id)
    return {"items": [row._asdict() | {"changed_at": as_text(row.changed_at)} for row in rows]}


def _begins(body: dict[str, Any], *, members: list[dict[str, Any]] | None) -> NewHousehold:
    data = HouseholdData(
        head=body["head"],
        group_no=body["group_no"],
        lane=body["lane"],
        address=body["address"],
        phone=None,
        name_consent=None,
        members=members,
    )
    return NewHousehold(body["number"], data)


def _changed(change_id: str, changed: Changed) -> dict[str, Any]:
    return {
        "id": change_id,
        "household": changed.household,
        "to_household": changed.to_household,
        "points": changed.points,
    }
