"""HTTP of evidence: photos of deeds, seen only by those who may see the merit."""

from typing import Any

from flask import Response, request
from sqlalchemy import func, insert, select

from pointshop.config import current_config
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Invalid, NameReused, NotFound, Problem, TooLarge, UnsupportedMediaType
from pointshop.core.routes import Call, Feature, reply
from pointshop.core.work import Work
from pointshop.merits import schemas
from pointshop.merits.api import visible_merit
from pointshop.merits.models import Photo
from pointshop.merits.photo_store import PhotoStore
from pointshop.merits.photos import BYTES_LIMIT, BadPhoto, normalise_photo
from pointshop.merits.photos import Photo as Picture

feature = Feature("photos", description="佐证照片")

#: Photos a merit may have.
MOST = 4
_MEDIA = ("image/jpeg", "image/png", "image/webp")


@feature.on(
    "PUT",
    "/villages/<village:v>/merits/<name:id>/photos/<name:photo>",
    permission="merit.log",
    uploads=_MEDIA,
    answer=schemas.PhotoOut,
    status=201,
)
def put_photo(call: Call, id: str, photo: str) -> Response:
    """Add a photo to a merit (佐证照片): the picture itself as body; kept without place, time or camera."""
    if request.mimetype not in _MEDIA:
        raise UnsupportedMediaType("照片须为 JPEG、PNG 或 WebP")
    visible_merit(reading(), call, id)
    _check_room(reading(), call, id, photo)
    request.max_content_length = BYTES_LIMIT
    try:
        picture = normalise_photo(request.get_data(cache=False))
    except BadPhoto as error:
        raise _refusal(error) from error
    if not _is_there(reading(), call, id, photo, picture):
        # before its row, so that no row is ever without its picture; after the checks, so that what is refused
        # fills no disk
        _store().keep(picture.sha256, picture.data)
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
    """A photo of a merit."""
    work = reading()
    visible_merit(work, call, id)
    found = _find(work, call.village.id, photo)
    data = _store().read(found.sha256) if found is not None and found.merit_id == id else None
    if data is None:
        raise NotFound()
    response = Response(data, content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{photo}.jpg"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _refusal(error: BadPhoto) -> Problem:
    if error.fault == "too_large":
        return TooLarge(str(error))
    if error.fault == "wrong_type":
        return UnsupportedMediaType(str(error))
    return Invalid(errors={"photo": [str(error)]})


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


def _store() -> PhotoStore:
    return PhotoStore(current_config().data_dir)
