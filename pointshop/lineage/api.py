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
    """分户：一部分成员和积分另立新户。"""
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
    """并户：成员和积分并入另一户；旧编号指向并入的户。"""
    return _changed(id, service.merge(work, call.village, id, **call.body, actor_id=call.actor.user_id))


@feature.command(
    "/villages/<village:v>/household-departures/<name:id>",
    kind="departure",
    permission="household.change",
    body=schemas.DepartureIn,
    answer=schemas.DepartedOut,
)
def depart(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """迁出到别的村；handover 是带走的交接凭据。"""
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
    """凭交接凭据迁入一户，积分随之转入，只能一次。"""
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
    """户主变更；积分、编号、卡和记录不变。"""
    return _changed(id, service.replace_head(work, call.village, id, **call.body, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/changes",
    permission="people.read",
    answer=schemas.ChangesOut,
)
def list_changes(call: Call, number: str) -> dict[str, Any]:
    """一户的来龙去脉，最早的在前。"""
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
