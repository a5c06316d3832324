"""HTTP of PINs: set in person, asked for by the shop, told to nobody."""

from collections.abc import Mapping
from typing import Any

from pointshop.core import paging
from pointshop.core.clock import as_text
from pointshop.core.db import reading
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.people.queries import get_household
from pointshop.pins import queries, schemas, service
from pointshop.pins.models import PinChange
from pointshop.pins.queries import ChangeRow

feature = Feature("pins", description="兑换密码：超过免密额度的兑换要输")


@feature.command(
    "/villages/<village:v>/households/<number>/pins/<name:id>",
    kind="pin",
    permission="pin.set",
    body=schemas.PinIn,
    answer=schemas.PinOut,
    unkept=("old_pin",),
    keyed=("pin",),
)
def set_pin(call: Call, work: Work, number: str, id: str) -> Mapping[str, Any]:
    """本人带卡当面设兑换密码；改密码须输原密码，忘记的由村管理员重设。密码不保存、不回显。"""
    household = get_household(work, call.village.id, number)
    basis = service.set_pin(
        work,
        call.village.id,
        id,
        household,
        **call.body,
        actor_id=call.actor.user_id,
        may_reset=call.may("pin.reset"),
    )
    return _change(ChangeRow(id, number, basis, work.now, call.actor.name))


@feature.on(
    "GET",
    "/villages/<village:v>/pins",
    permission="pin.read",
    query=schemas.PinQuery,
    answer=schemas.PinPage,
)
def list_pins(call: Call) -> dict[str, Any]:
    """谁在什么时候为哪一户设过兑换密码，最近的在前。"""
    columns = PinChange.__table__.c
    statement = paging.page(
        queries.changes(call.village.id, household=call.query["household"]),
        keys=[columns.at, columns.id],
        query=call.query,
        descending=True,
    )
    rows = [ChangeRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.at, row.id], item=_change)


def _change(row: ChangeRow) -> dict[str, Any]:
    return row._asdict() | {"at": as_text(row.at)}
