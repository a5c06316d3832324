"""HTML forms of public pages, as browsers without script send them."""

from flask import request

from pointshop.core.errors import Invalid, UnsupportedMediaType

MEDIA = "application/x-www-form-urlencoded"


def read_form(*, limit: int) -> dict[str, str]:
    """The fields as sent. limit: bytes. Raises UnsupportedMediaType, TooLarge, Invalid for a field sent twice."""
    if request.mimetype != MEDIA:
        raise UnsupportedMediaType()
    request.max_content_length = limit
    repeated = [name for name in request.form if len(request.form.getlist(name)) > 1]
    if repeated:
        raise Invalid(errors={name: ["只能出现一次"] for name in repeated})
    return request.form.to_dict()
