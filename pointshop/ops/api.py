"""HTTP for operators and programmers."""

import logging
from functools import cache
from importlib.resources import files
from ipaddress import ip_address
from typing import Any

from flask import Response, current_app, request
from jinja2 import Environment, PackageLoader, StrictUndefined

from pointshop.config import current_config
from pointshop.core import strictjson
from pointshop.core.db import reading
from pointshop.core.errors import NotFound
from pointshop.core.routes import PUBLIC, Call, Feature, reply
from pointshop.core.schema import SchemaNotCurrent, require_current
from pointshop.ops import schemas
from pointshop.ops.metrics import MEDIA, Counts
from pointshop.ops.reference import chapters
from pointshop.regions.queries import find_only_village

feature = Feature("ops", description="运行与接口说明", prefix="")
log = logging.getLogger("pointshop")

_FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_templates = Environment(
    loader=PackageLoader("pointshop.ops"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@feature.on("GET", "/healthz", permission=PUBLIC, answer=schemas.StateOut)
def is_alive(call: Call) -> dict[str, Any]:
    """Whether the process answers."""
    return {"status": "ok"}


@feature.on("GET", "/readyz", permission=PUBLIC, answer=schemas.StateOut)
def is_ready(call: Call) -> Response:
    """Whether the database answers and has this release's schema."""
    state = _state()
    return reply(state, status=_status_of(state))


@feature.on("GET", "/", permission=PUBLIC, answer="text/html")
def home(call: Call) -> Response:
    """Where people who typed the bare address find out what this is and whether it works."""
    state = _state()
    village = find_only_village(reading()) if state["status"] == "ok" else None
    page = _templates.get_template("ops/home.html").render(state=state, village=village)
    return Response(page, status=_status_of(state), mimetype="text/html")


@feature.on("GET", "/metrics", permission=PUBLIC, answer="text/plain")
def metrics(call: Call) -> Response:
    """Counts for Prometheus; for this machine only, unless POINTSHOP_METRICS_PUBLIC=1."""
    if not (current_config().metrics_public or _comes_from_here()):
        raise NotFound()
    counts: Counts = current_app.extensions["pointshop.counts"]
    return Response(counts.exposition(), content_type=MEDIA)


@feature.on("GET", "/api/v1/openapi.json", permission=PUBLIC, answer="application/json")
def openapi(call: Call) -> Response:
    """This interface as an OpenAPI 3.1 document."""
    return Response(strictjson.dumps(_document()), content_type="application/json")


@feature.on("GET", "/docs", permission=PUBLIC, answer="text/html")
def docs(call: Call) -> Response:
    """This interface as a page for people."""
    page = _templates.get_template("ops/docs.html").render(chapters=chapters(_document()), info=_document()["info"])
    return Response(page, mimetype="text/html")


@feature.on("GET", "/docs/docs.css", permission=PUBLIC, answer="text/css")
def docs_stylesheet(call: Call) -> Response:
    """How that page looks."""
    return Response(_stylesheet("docs.css"), mimetype="text/css")


@feature.on("GET", "/home.css", permission=PUBLIC, answer="text/css")
def home_stylesheet(call: Call) -> Response:
    """How the first page looks."""
    return Response(_stylesheet("home.css"), mimetype="text/css")


def _state() -> dict[str, str]:
    """`{status, detail?}`. status: `ok`, `schema_not_current` (detail: what to do) or `database_unavailable`."""
    try:
        require_current(reading())
    except SchemaNotCurrent as error:
        return {"status": "schema_not_current", "detail": str(error)}
    except Exception as error:
        # whatever it is, whoever asks should send people elsewhere
        log.warning("not ready: %s", type(error).__name__)
        return {"status": "database_unavailable"}
    return {"status": "ok"}


def _status_of(state: dict[str, str]) -> int:
    return 200 if state["status"] == "ok" else 503


def _document() -> dict[str, Any]:
    found: dict[str, Any] = current_app.extensions["pointshop.spec"].to_dict()
    return found


def _comes_from_here() -> bool:
    """Whether this very machine asks, and not a proxy on it for somebody else."""
    if any(name in request.headers for name in _FORWARDING):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


@cache
def _stylesheet(name: str) -> str:
    return (files("pointshop.ops") / "static" / "ops" / name).read_text(encoding="utf-8")
