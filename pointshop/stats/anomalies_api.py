"""HTTP of what should be looked at."""

from datetime import date, timedelta
from typing import Any

from marshmallow import fields as base

from pointshop.core.clock import as_text
from pointshop.core.db import reading
from pointshop.core.errors import Invalid
from pointshop.core.fields import Day, Shape
from pointshop.core.routes import Call, Feature
from pointshop.gifts.anomalies import gifts_between
from pointshop.merits.anomalies import Reused, logged_between, reused_photos
from pointshop.merits.anomaly_rules import BURST, Anomaly, find_anomalies
from pointshop.shop.anomalies import redemptions_between, voids_between

feature = Feature("anomalies", description="异常提示")

#: Days that one report may cover; a week where nothing is asked.
MOST_DAYS, USUAL_DAYS = 31, 7
#: Entries named in one line.
NAMED = 20


class AnomalyQuery(Shape):
    first = Day(data_key="from", load_default=None)
    last = Day(data_key="to", load_default=None)


class AnomalyOut(Shape):
    kind = base.String(
        metadata={"description": "burst 一小时内过多 / night 深夜 / favour 偏向一户 / same_photo 照片重复"}
    )
    sort = base.String(
        metadata={"enum": list(BURST), "description": "merit 记分 / redemption 兑换 / void 作废 / gift 转赠"}
    )
    worker = base.String(allow_none=True, metadata={"description": "登记积分的人"})
    clerk = base.String(allow_none=True, metadata={"description": "办兑换、作废、转赠的人"})
    household = base.String(allow_none=True)
    count = base.Integer()
    points = base.Integer(allow_none=True)
    first_at = base.String()
    last_at = base.String()
    merits = base.List(base.String(), metadata={"description": f"积分记录，最多 {NAMED} 条"})
    redemptions = base.List(base.String(), metadata={"description": f"兑换单，最多 {NAMED} 张"})
    gifts = base.List(base.String(), metadata={"description": f"转赠，最多 {NAMED} 笔"})


class AnomaliesOut(Shape):
    first = base.String(data_key="from")
    last = base.String(data_key="to")
    items = base.List(base.Nested(AnomalyOut))


@feature.on(
    "GET",
    "/villages/<village:v>/anomalies",
    permission="anomaly.read",
    query=AnomalyQuery,
    answer=AnomaliesOut,
)
def list_anomalies(call: Call) -> dict[str, Any]:
    """一段时间里值得再看一眼的记分、兑换、作废和转赠：一小时内过多、夜间、偏向一户；同一张照片用了两次。"""
    work, village_id = reading(), call.village.id
    first, last = _days(call.query["first"], call.query["last"], today=work.today)
    looks = (logged_between, redemptions_between, voids_between, gifts_between)
    odd = find_anomalies(entry for look in looks for entry in look(work, village_id, first, last))
    photos = reused_photos(work, village_id, first, last)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "items": [*map(_anomaly, odd), *map(_reused, photos)],
    }


def _days(first: date | None, last: date | None, *, today: date) -> tuple[date, date]:
    last = last or (today if first is None else min(today, first + timedelta(days=USUAL_DAYS - 1)))
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Invalid(errors={"from": [f"一次最多查看 {MOST_DAYS} 天"]})
    return first, last


def _anomaly(found: Anomaly) -> dict[str, Any]:
    at_work = found.sort == "merit"
    names = [entry.id for entry in found.entries[:NAMED]]
    return {
        "kind": found.kind,
        "sort": found.sort,
        "worker": found.by if at_work else None,
        "clerk": None if at_work else found.by,
        "household": found.household,
        "count": len(found.entries),
        "points": sum(entry.points for entry in found.entries),
        "first_at": as_text(found.entries[0].logged_at),
        "last_at": as_text(found.entries[-1].logged_at),
        "merits": names if at_work else [],
        "redemptions": names if found.sort in ("redemption", "void") else [],
        "gifts": names if found.sort == "gift" else [],
    }


def _reused(photo: Reused) -> dict[str, Any]:
    return {
        "kind": "same_photo",
        "sort": "merit",
        "worker": None,
        "clerk": None,
        "household": None,
        "count": len(photo.merits),
        "points": None,
        "first_at": as_text(photo.first_at),
        "last_at": as_text(photo.last_at),
        "merits": photo.merits[:NAMED],
        "redemptions": [],
        "gifts": [],
    }
