"""Every failure becomes one problem document, or for people one plain page. Nothing leaks (threats.md D14)."""

import errno
import logging
import sqlite3

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.exceptions import HTTPException

from pointshop.core import errors
from pointshop.core.db import UNIQUE_VIOLATION, UnitTooOld, is_out_of_reach, sql_state
from pointshop.core.errors import Problem
from pointshop.core.request_id import request_id
from pointshop.core.strictjson import dumps

log = logging.getLogger("pointshop")

_BY_STATUS: dict[int, type[Problem]] = {
    400: errors.BadRequest,
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    406: errors.NotAcceptable,
    410: errors.Gone,
    413: errors.TooLarge,
    415: errors.UnsupportedMediaType,
}
#: lock_timeout, statement_timeout, shutting down, idle in a transaction, a standby that takes no writes, deadlocks
_PASSING_STATES = {"55P03", "57014", "57P01", "57P02", "57P03", "25P03", "25P04", "25006", "40001", "40P01"}
#: classes: no connection, no disk or memory or connections left
_PASSING_CLASSES = ("08", "53")
#: no room for a photo: none on the disk, none for this user, none for a file of that size
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: What a person can do where a page would be.
_HINTS = {
    404: "网址可能输错了。扫码进来的，请再扫一次；还是打不开，请到村委会询问。",
    410: "榜上的内容可以到村务公开栏查看，或到村委会询问。",
    503: "请过一会儿再试。",
}


def handle_errors(app: Flask) -> None:
    """Answer every exception with a problem document."""
    app.register_error_handler(Exception, answer_exception)


def answer_exception(error: Exception) -> Response:
    """The response for anything that was raised while a request was served."""
    return answer(as_problem(error))


def as_problem(error: Exception) -> Problem:
    """What the caller may know of an exception. Our own faults are logged with their trace, refusals are not."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        return _of_http(error)
    if sql_state(error) == UNIQUE_VIOLATION:
        # PostgreSQL only: two made the same thing at once, and whoever asks again sees what the other made. On SQLite
        # writers come one by one, so there it is a fault of ours.
        log.warning("key taken in the meantime: %s", type(error).__name__)
        return errors.Busy()
    if _is_passing(error):
        log.warning("database unavailable: %s", _name(error))
        return errors.Unavailable()
    log.error("unhandled error", exc_info=error)
    return errors.InternalError()


def answer(problem: Problem) -> Response:
    """A problem as JSON for programs, as a page for people."""
    instance = request_id()
    g.problem_code = problem.code
    if problem.status >= 500:
        log.error("answered %s", problem.code)
    if request.path.startswith("/api/"):
        body, media = dumps(problem.document(instance=instance)), "application/problem+json"
    else:
        body, media = _page(problem, instance), "text/html"
    response = Response(body, status=problem.status, mimetype=media)
    response.headers.update(problem.headers)
    return response


def _of_http(error: HTTPException) -> Problem:
    kind = _BY_STATUS.get(error.code or 500)
    if kind is None:
        return errors.BadRequest() if 400 <= (error.code or 500) < 500 else errors.InternalError()
    problem = kind()
    if kind is errors.MethodNotAllowed and error.get_response().headers.get("Allow"):
        problem.headers["Allow"] = error.get_response().headers["Allow"]
    return problem


def _name(error: Exception) -> str:
    """What an operator can look up, and no text, which may hold what was written: SQLITE_FULL, 53100, ENOSPC."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    number = cause.errno if isinstance(cause, OSError) else None
    found = getattr(cause, "sqlite_errorname", None) or sql_state(error) or errno.errorcode.get(number or 0)
    return " ".join(filter(None, [type(error).__name__, found]))


def _is_passing(error: Exception) -> bool:
    """Whether the database or the disk was only busy, full or away: the same request may be sent again."""
    if isinstance(error, TimeoutError | UnitTooOld):
        return True
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
    state = sql_state(error)
    if state is not None:
        return state in _PASSING_STATES or state.startswith(_PASSING_CLASSES)
    return is_out_of_reach(error)


def _page(problem: Problem, instance: str) -> str:
    hint = f"<p>{_HINTS[problem.status]}</p>" if problem.status in _HINTS else ""
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{problem.title}</title><link rel="stylesheet" href="/home.css">'
        f"<main><h1>{problem.title}</h1>{hint}<p>编号 {instance}</p></main></html>"
    )
