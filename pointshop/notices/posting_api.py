"""HTTP of proofs that sheets hang: the photo itself as body, place and day in the query."""

from datetime import date, timedelta
from typing import Any

from flask import Response

from pointshop.core.db import reading, unit_of_work
from pointshop.core.routes import Call, Feature, reply
from pointshop.core.work import Work
from pointshop.merits.photo_upload import MEDIA, photo_response, read_photo, refuse_other_media, store
from pointshop.merits.photos import Photo
from pointshop.notices import hanging, schemas
from pointshop.notices.api import readable
from pointshop.notices.hanging import Hung, PostingRow
from pointshop.publishing.kinds import has_period
from pointshop.publishing.queries import PublicationRow, counted_from

feature = Feature("postings", description="张贴凭证")


@feature.on(
    "PUT",
    "/villages/<village:v>/publications/<name:publication>/postings/<name:id>",
    permission="notice.hang",
    query=schemas.PostingQuery,
    uploads=MEDIA,
    answer=schemas.PostingOut,
    status=201,
    limit="upload",
    refuses=[410],
)
def put_posting(call: Call, publication: str, id: str) -> Response:
    """登记张贴凭证：照片、地点、日期；第一份凭证起算公示期。"""
    refuse_other_media()
    hung = Hung(call.query["place"], call.query["posted_on"])
    # a proof that is known is answered as before, whatever became of its sheet
    if hanging.find_posting(reading(), call.village.id, id) is None:
        hanging.check_hanging(reading(), call.village.id, publication, id, hung)
    picture = read_photo()
    # before its row, so that no row is ever without its picture; after the checks: what is refused fills no disk
    store().keep(picture.sha256, picture.data)
    is_new = unit_of_work(lambda work: _record(work, call, publication, id, hung, picture))
    sheet = readable(reading(), call, publication)
    found = hanging.find_posting(reading(), call.village.id, id)
    assert found is not None
    response = reply(_posting(found, sheet), status=201 if is_new else 200)
    if not is_new:
        response.headers["Idempotency-Replayed"] = "true"
    return response


@feature.on(
    "GET",
    "/villages/<village:v>/publications/<name:publication>/postings",
    permission="notice.read",
    answer=schemas.PostingsOut,
)
def list_postings(call: Call, publication: str) -> dict[str, Any]:
    """公示件张贴在哪里，最早的凭证在前。"""
    work = reading()
    sheet = readable(work, call, publication)
    return {"items": [_posting(row, sheet) for row in hanging.postings_of(work, call.village.id, publication)]}


@feature.on(
    "GET",
    "/villages/<village:v>/publications/<name:publication>/postings/<name:id>.jpg",
    permission="notice.read",
    answer="image/jpeg",
)
def get_photo(call: Call, publication: str, id: str) -> Response:
    """张贴在墙上的照片。"""
    work = reading()
    readable(work, call, publication)
    found = hanging.find_posting(work, call.village.id, id)
    is_of_sheet = found is not None and found.publication_id == publication
    return photo_response(found.sha256 if found and is_of_sheet else None, name=id)


def _record(work: Work, call: Call, publication: str, id: str, hung: Hung, picture: Photo) -> bool:
    """Whether the proof is new. Raises NameReused for another under its name."""
    village_id, actor_id = call.village.id, call.actor.user_id
    known = hanging.find_posting(work, village_id, id)
    if hanging.is_known(known, publication, hung, picture, actor_id=actor_id):
        return False
    sheet = hanging.check_hanging(work, village_id, publication, id, hung)
    hanging.refuse_used(work, village_id, publication, picture)
    hanging.record_posting(work, village_id, sheet, id, hung, picture, actor_id=actor_id)
    return True


def _posting(row: PostingRow, sheet: PublicationRow) -> dict[str, Any]:
    due_on: date | None = None
    if has_period(sheet.kind):
        due_on = counted_from(row.posted_on, row.recorded_at) + timedelta(days=sheet.content()["notice"]["days"])
    return {
        "id": row.id,
        "place": row.place,
        "posted_on": row.posted_on.isoformat(),
        "width": row.width,
        "height": row.height,
        "sha256": row.sha256,
        "due_on": due_on.isoformat() if due_on else None,
    }
