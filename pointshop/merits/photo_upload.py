"""Photos over HTTP: taking one from a request's body, handing one out."""

from flask import Response, request

from pointshop.config import current_config
from pointshop.core.errors import Invalid, NotFound, Problem, TooLarge, UnsupportedMediaType
from pointshop.merits.photo_store import PhotoStore
from pointshop.merits.photos import BYTES_LIMIT, BadPhoto, Photo, normalise_photo

MEDIA = ("image/jpeg", "image/png", "image/webp")


def read_photo() -> Photo:
    """The picture in the body of this request, made our own. Raises UnsupportedMediaType, TooLarge, Invalid."""
    request.max_content_length = BYTES_LIMIT
    try:
        return normalise_photo(request.get_data(cache=False))
    except BadPhoto as error:
        raise _refusal(error) from error


def refuse_other_media() -> None:
    """Raises UnsupportedMediaType unless this request says that it brings a picture."""
    if request.mimetype not in MEDIA:
        raise UnsupportedMediaType("照片须为 JPEG、PNG 或 WebP")


def photo_response(sha256: str | None, *, name: str) -> Response:
    """A picture as an answer that runs nothing. Raises NotFound where it is gone."""
    data = store().read(sha256) if sha256 is not None else None
    if data is None:
        raise NotFound()
    response = Response(data, content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.jpg"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def store() -> PhotoStore:
    """Where this installation keeps its pictures."""
    return PhotoStore(current_config().data_dir)


def _refusal(error: BadPhoto) -> Problem:
    if error.fault == "too_large":
        return TooLarge(str(error))
    if error.fault == "wrong_type":
        return UnsupportedMediaType(str(error))
    return Invalid(errors={"photo": [str(error)]})
