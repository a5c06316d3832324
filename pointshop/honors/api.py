"""HTTP of rankings and honor rolls."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from pointshop.config import current_config
from pointshop.core import clock, paging
from pointshop.core.db import reading
from pointshop.core.errors import Gone, NotFound
from pointshop.core.periods import Period, parse_period
from pointshop.core.policy import require
from pointshop.core.routes import Call, Feature
from pointshop.core.work import Work
from pointshop.honors import queries, schemas, service
from pointshop.honors.queries import Scope, VillageTotal
from pointshop.honors.rules import Placed, Total, participation, rank
from pointshop.honors.service import RollRequest
from pointshop.people.queries import get_household
from pointshop.publishing import queries as published
from pointshop.publishing.honor_roll_document import KIND
from pointshop.publishing.models import Publication
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.rendering import as_page, as_pdf
from pointshop.regions.queries import find_region
from pointshop.regions.rules import path_of

feature = Feature("honors", description="排名与光荣榜")


@feature.on(
    "GET",
    "/villages/<village:v>/rankings",
    permission="ranking.read",
    query=schemas.RankingQuery,
    answer=schemas.RankingOut,
)
def get_ranking(call: Call) -> dict[str, Any]:
    """一年、一季或一月的排名：同分同名次，并列的都列出。"""
    work, query = reading(), call.query
    name, period = _period(work, query["period"])
    scope = Scope(period, query["subject"], query["group_no"], query["lane"], query["category"])
    totals = queries.leaders(work, call.village.id, scope, places=query["limit"])
    return {"period": name, "items": [_ranked(line) for line in rank(totals, places=query["limit"])]}


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/place",
    permission="ranking.read",
    query=schemas.PeriodQuery,
    answer=schemas.PlaceOut,
)
def get_place(call: Call, number: str) -> dict[str, Any]:
    """一户在本村的名次。"""
    work = reading()
    household = get_household(work, call.village.id, number)
    name, period = _period(work, call.query["period"])
    found = queries.standing(work, call.village.id, household.id, period)
    return {"period": name, "household": number} | found._asdict()


@feature.on(
    "GET",
    "/regions/<region:code>/rankings",
    permission="region.rankings",
    query=schemas.RegionRankingQuery,
    answer=schemas.RegionRankingOut,
)
def get_region_ranking(call: Call, code: str) -> dict[str, Any]:
    """一个区划内各村的积分、参与户数和参与率。"""
    work = reading()
    if find_region(work, code) is None:
        raise NotFound()
    require(call.actor, "region.rankings", path_of(code))
    name, period = _period(work, call.query["period"])
    villages = queries.villages_of(work, path_of(code), period)
    return {"period": name, "items": _ranked_villages(villages)[: call.query["limit"]]}


@feature.command(
    "/villages/<village:v>/honor-rolls/<name:id>",
    kind="honor_roll",
    permission="roll.publish",
    body=schemas.HonorRollIn,
    answer=schemas.HonorRollOut,
)
def publish_honor_roll(call: Call, work: Work, id: str) -> Mapping[str, Any]:
    """发布光荣榜：按当时的汇总排出、编号、定稿，以后不变。"""
    wanted = RollRequest(**call.body)
    site = current_config().public_url
    return _roll(service.publish_roll(work, call.village, wanted, id=id, site=site, actor_id=call.actor.user_id))


@feature.on(
    "GET",
    "/villages/<village:v>/honor-rolls",
    permission="roll.read",
    query=paging.PageQuery,
    answer=schemas.HonorRollPage,
)
def list_honor_rolls(call: Call) -> dict[str, Any]:
    """本村的光荣榜，最近的在前。"""
    columns = Publication.__table__.c
    statement = paging.page(
        published.publications(call.village.id, KIND),
        keys=[columns.year, columns.serial, columns.edition],
        query=call.query,
        descending=True,
    )
    rows = [PublicationRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.year, row.serial, row.edition], item=_summary)


@feature.on(
    "GET",
    "/villages/<village:v>/honor-rolls/<name:id>",
    permission="roll.read",
    answer=schemas.HonorRollOut,
)
def get_honor_roll(call: Call, id: str) -> dict[str, Any]:
    """一期光荣榜，定稿时的内容。"""
    return _roll(published.get_publication(reading(), call.village.id, id, kind=KIND))


@feature.on(
    "GET",
    "/villages/<village:v>/honor-rolls/<name:id>.html",
    permission="roll.read",
    query=schemas.PaperQuery,
    answer="text/html",
    refuses=[410],
)
def print_honor_roll(call: Call, id: str) -> Response:
    """用来打印张贴的榜：A3、A4 或 570×840 毫米大幅；何时打印都一样。"""
    found = _hanging(call, id)
    return Response(as_page(found, call.query["paper"]), mimetype="text/html")


@feature.on(
    "GET",
    "/villages/<village:v>/honor-rolls/<name:id>.pdf",
    permission="roll.read",
    query=schemas.PaperQuery,
    answer="application/pdf",
    refuses=[406, 410],
)
def print_honor_roll_as_pdf(call: Call, id: str) -> Response:
    """榜的 PDF；须装有 PDF 组件，何时打印都逐字节相同。"""
    found = _hanging(call, id)
    return Response(as_pdf(found, call.query["paper"]), mimetype="application/pdf")


def _hanging(call: Call, id: str) -> PublicationRow:
    found = published.get_publication(reading(), call.village.id, id, kind=KIND)
    if found.withdrawn_at is not None:
        raise Gone("该榜已撤下，不再打印")
    return found


def _period(work: Work, name: str | None) -> tuple[str, Period]:
    name = name or str(work.today.year)
    return name, parse_period(name)


def _ranked(line: Placed[Total]) -> dict[str, Any]:
    total = line.total
    document: dict[str, Any] = {
        "place": line.place,
        "household": total.number,
        "name": total.name,
        "group_no": total.group_no,
        "points": total.points,
    }
    return document | {"member_id": total.member_id} if total.member_id else document


def _ranked_villages(villages: list[VillageTotal]) -> list[dict[str, Any]]:
    """By points. Shown in full to those who govern the region; small villages are hidden only from the public."""
    return [_village(line.total, line.place) for line in rank(villages, places=len(villages) or 1)]


def _village(village: VillageTotal, place: int) -> dict[str, Any]:
    return {
        "place": place,
        "village": village.number,
        "name": village.name,
        "points": village.points,
        "active_households": village.active_households,
        "households": village.households,
        "participation": participation(village.active_households, village.households),
    }


def _summary(row: PublicationRow) -> dict[str, Any]:
    content = row.content()
    return {
        "id": row.id,
        "number": row.number,
        "edition": row.edition,
        "digest": row.digest,
        "from_on": row.from_on.isoformat(),
        "until_on": row.until_on.isoformat(),
        "published_at": clock.as_text(row.published_at),
        "withdrawn_at": None if row.withdrawn_at is None else clock.as_text(row.withdrawn_at),
    } | {name: content[name] for name in ("title", "period", "subject", "board", "public_url")}


def _roll(row: PublicationRow) -> dict[str, Any]:
    content = row.content()
    names = ("places", "category", "group_no", "items", "contact", "issued_by", "issued_on")
    return _summary(row) | {name: content[name] for name in names} | {"notice_days": content["notice"]["days"]}
