"""HTTP of evidence: photos of deeds, seen only by those who may see the merit."""

from typing import Any

from flask import Response
from sqlalchemy import func, insert, select

from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Invalid, NameReused
from pointshop.core.routes import Call, Feature, reply
from pointshop.core.work import Work
from pointshop.merits import schemas
from pointshop.merits.api import visible_merit
from pointshop.merits.models import Photo
from pointshop.merits.photo_upload import MEDIA, photo_response, read_photo, refuse_other_media, store
from pointshop.merits.photos import Photo as Picture

feature = Feature("photos", description="佐证照片")

#: Photos a merit may have.
MOST = 4


@feature.on(
    "PUT",
    "/villages/<village:v>/merits/<name:id>/photos/<name:photo>",
    permission="merit.log",
    uploads=MEDIA,
    answer=schemas.PhotoOut,
    status=201,
    limit="upload",
)
def put_photo(call: Call, id: str, photo: str) -> Response:
    """给积分记录附一张佐证照片：请求体就是图片；存下时去掉地点、时间和相机信息。"""
    refuse_other_media()
    visible_merit(reading(), call, id)
    _check_room(reading(), call, id, photo)
    picture = read_photo()
    _is_there(reading(), call, id, photo, picture)
    # before its row, so that no row is ever without its picture; after the checks, so that what is refused fills no
    # disk; again for a photo that is known, whose file a restore may have left behind
    store().keep(picture.sha256, picture.data)
    is_new = unit_of_work(lambda work: _add(work, call, id, photo, picture))
    document = {"id": photo, "width": picture.width, "height": picture.height, "sha256": picture.sha256}
    response = reply(document, status=201 if is_new else 200)
    if not is_new:
        response.headers["Idempotency-Replayed"] = "true"
    return response


@feature.on(
    "GET",
    "/villages/<village:v>/merits/<name:id>/photos/<name:photo>",
    permission="merit.read",
    answer="image/jpeg",
)
def get_photo(call: Call, id: str, photo: str) -> Response:
    """积分记录的一张照片。"""
    work = reading()
    visible_merit(work, call, id)
    found = _find(work, call.village.id, photo)
    return photo_response(found.sha256 if found is not None and found.merit_id == id else None, name=photo)


def _add(work: Work, call: Call, merit_id: str, name: str, picture: Picture) -> bool:
    if _is_there(work, call, merit_id, name, picture):
        return False
    _check_room(work, call, merit_id, name)
    work.write(
        insert(Photo).values(
            village_id=call.village.id,
            id=name,
            merit_id=merit_id,
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
            uploaded_by=call.actor.user_id,
            uploaded_at=work.now,
        )
    )
    return True


def _is_there(work: Work, call: Call, merit_id: str, name: str, picture: Picture) -> bool:
    """Whether this very photo was taken before. Raises NameReused for another of its name."""
    found = _find(work, call.village.id, name)
    if found is None:
        return False
    if (found.merit_id, found.sha256, found.uploaded_by) != (merit_id, picture.sha256, call.actor.user_id):
        raise NameReused()
    return True


def _check_room(work: Work, call: Call, merit_id: str, name: str) -> None:
    """Raises Invalid for one photo more than a merit may have; one it has already may come again."""
    village_id = call.village.id
    count = select(func.count()).where(Photo.village_id == village_id, Photo.merit_id == merit_id)
    if work.read(count).scalar_one() >= MOST and _find(work, village_id, name) is None:
        raise Invalid(errors={"photo": [f"一条记录最多 {MOST} 张照片"]})


def _find(work: Work, village_id: int, name: str) -> Any:
    statement = select(Photo.merit_id, Photo.sha256, Photo.uploaded_by).where(
        Photo.village_id == village_id, Photo.id == name
    )
    return work.read(statement).first()
