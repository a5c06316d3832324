"""HTTP of personal data: see it, have it erased."""

from typing import Any

from flask import Response

from pointshop.config import current_config
from pointshop.core.clock import as_text
from pointshop.core.commands import Asked, once
from pointshop.core.db import empty_log, reading, snapshot
from pointshop.core.routes import Call, Feature, tell
from pointshop.core.work import Work
from pointshop.merits.photo_upload import store
from pointshop.people.queries import get_household
from pointshop.publishing import assets
from pointshop.publishing.dossier import dossier_page
from pointshop.subjects import schemas
from pointshop.subjects.dossier import dossier
from pointshop.subjects.erasing import Erased, drop_pictures, erase
from pointshop.subjects.journal import Journal

feature = Feature("subjects", description="个人信息：查阅、删除")


@feature.on(
    "PUT",
    "/villages/<village:v>/erasures/<name:id>",
    permission="subject.erase",
    body=schemas.ErasureIn,
    answer=schemas.ErasureOut,
    status=201,
)
def put_erasure(call: Call, id: str) -> Response:
    """永久删除一户或一名成员的个人信息；账目保持完整。"""
    done: list[Erased] = []

    def run(work: Work) -> dict[str, Any]:
        erased = erase(work, call.village.id, id, **call.body, actor_id=call.actor.user_id)
        # a unit that is run again after a deadlock leaves one result, not two
        done[:] = [erased]
        return {"id": id, "erased_at": as_text(erased.entry.erased_at), "withdrawn": erased.withdrawn}

    asked = Asked(call.village.id, "erasure", id, call.actor.user_id, call.raw_body)
    answer = once(asked, run)
    if answer.status == 201 and not answer.replayed:
        # no files inside a unit of work; what a power cut leaves undone here, the next start and the night job do
        for erased in done:
            Journal(current_config().data_dir).append([erased.entry])
            drop_pictures(store(), erased.pictures)
        empty_log()
    return tell(answer)


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/dossier",
    permission="subject.read",
    answer=schemas.DossierOut,
)
def get_dossier(call: Call, number: str) -> dict[str, Any]:
    """关于一户所存的全部信息，只交给本户。"""
    return _dossier(call, number)


@feature.on(
    "GET",
    "/villages/<village:v>/households/<number>/dossier.html",
    permission="subject.read",
    answer="text/html",
)
def print_dossier(call: Call, number: str) -> Response:
    """同上，供打印。"""
    page = dossier_page(call.village.name, _dossier(call, number), stylesheet_url=assets.url("dossier.css"))
    return Response(page, mimetype="text/html")


def _dossier(call: Call, number: str) -> dict[str, Any]:
    found = get_household(reading(), call.village.id, number)
    return snapshot(lambda work: dossier(work, call.village.id, found))
