"""HTTP of regions and village settings."""

from typing import Any

from flask import Response, request

from pointshop.core import paging
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import BadRequest, NotFound, PreconditionRequired, Stale
from pointshop.core.policy import require
from pointshop.core.routes import Call, Feature, reply
from pointshop.core.work import Work
from pointshop.regions import queries, schemas, service
from pointshop.regions.models import Region
from pointshop.regions.queries import RegionRow, Settings
from pointshop.regions.rules import path_of

feature = Feature("regions", description="区划与村的设置")


@feature.on(
    "PUT",
    "/regions/<region:code>",
    permission="region.write",
    body=schemas.RegionIn,
    answer=schemas.RegionOut,
    status=201,
)
def put_region(call: Call, code: str) -> Response:
    """Add a region or rename it (建立区划). The level follows from the code; the parent must exist."""
    require(call.actor, "region.write", path_of(code))
    found, is_new = unit_of_work(lambda work: service.put_region(work, code=code, name=call.body["name"]))
    return reply(_region(found), status=201 if is_new else 200)


@feature.on("GET", "/regions/<region:code>", permission="region.read", answer=schemas.RegionOut)
def get_region(call: Call, code: str) -> dict[str, Any]:
    """One region."""
    found = queries.find_region(reading(), code)
    if found is None:
        raise NotFound()
    return _region(found)


@feature.on("GET", "/regions", permission="region.read", query=schemas.RegionQuery, answer=schemas.RegionPage)
def list_regions(call: Call) -> dict[str, Any]:
    """The regions one level below `parent`."""
    statement = paging.page(
        queries.regions_below(call.query["parent"]), keys=[Region.__table__.c.code], query=call.query
    )
    rows = [RegionRow(*row) for row in reading().read(statement)]
    return paging.answer(rows, query=call.query, key=lambda row: [row.code], item=_region)


@feature.on("GET", "/villages/<village:v>/settings", permission="settings.read", answer=schemas.SettingsOut)
def get_settings(call: Call) -> Response:
    """How the village runs its scheme (村设置); the ETag is needed to change it."""
    return _settings(queries.get_settings(reading(), call.village.id))


@feature.on(
    "PATCH",
    "/villages/<village:v>/settings",
    permission="settings.write",
    body=schemas.SettingsIn,
    answer=schemas.SettingsOut,
)
def patch_settings(call: Call) -> Response:
    """Change settings; `If-Match` must carry the ETag that was read."""
    version = _expected_version(request.headers.get("If-Match"))
    changes = dict(call.body)
    if "redemption_weekdays" in changes:
        changes["redemption_weekdays"] = "".join(map(str, sorted(set(changes["redemption_weekdays"]))))

    def step(work: Work) -> Settings:
        service.change_settings(work, call.village.id, version=version, changes=changes)
        return queries.get_settings(work, call.village.id)

    return _settings(unit_of_work(step))


def _region(row: RegionRow) -> dict[str, Any]:
    return {"code": row.code, "level": row.level, "name": row.name, "parent": row.parent}


def _settings(found: Settings) -> Response:
    document = found._asdict()
    version = document.pop("version")
    document["redemption_weekdays"] = [int(day) for day in found.redemption_weekdays]
    response = reply(document)
    response.set_etag(str(version))
    return response


def _expected_version(header: str | None) -> int:
    if header is None:
        raise PreconditionRequired()
    tag = header.strip().removeprefix("W/").strip('"')
    if tag == "*" or not tag.isascii() or not tag.isdigit() or len(tag) > 9:
        raise BadRequest("If-Match 须为读取设置时得到的 ETag") if tag == "*" else Stale()
    return int(tag)
