"""HTTP for operators and programmers."""

import hmac
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
from pointshop.ops import schemas
from pointshop.ops.gauges import gauges
from pointshop.ops.metrics import MEDIA, counts_of
from pointshop.ops.readiness import state
from pointshop.ops.reference import chapters
from pointshop.regions.queries import find_only_village

feature = Feature("ops", description="运行与接口说明", prefix="")

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
    """进程是否活着。"""
    return {"status": "ok"}


@feature.on("GET", "/readyz", permission=PUBLIC, answer=schemas.StateOut)
def is_ready(call: Call) -> Response:
    """能否正常服务；不能的原因只告诉本机和持有监控令牌的人。"""
    found = state()
    shown = found if _may_look_inside() else {"status": found["status"] if found["status"] == "ok" else "not_ready"}
    return reply(shown, status=_status_of(found))


@feature.on("GET", "/", permission=PUBLIC, answer="text/html")
def home(call: Call) -> Response:
    """首页：这是什么，是否正常。"""
    found = state()
    village = find_only_village(reading()) if found["status"] == "ok" else None
    page = _templates.get_template("ops/home.html").render(state=found, village=village)
    return Response(page, status=_status_of(found), mimetype="text/html")


@feature.on("GET", "/metrics", permission=PUBLIC, answer="text/plain", refuses=[404])
def metrics(call: Call) -> Response:
    """给 Prometheus 的指标；只给本机和持有 POINTSHOP_METRICS_TOKEN 的人。"""
    if not _may_look_inside():
        raise NotFound()
    return Response(counts_of(current_app.extensions).exposition(gauges()), content_type=MEDIA)


@feature.on("GET", "/api/v1/openapi.json", permission=PUBLIC, answer="application/json")
def openapi(call: Call) -> Response:
    """本接口的 OpenAPI 3.1 文档。"""
    return Response(strictjson.dumps(_document()), content_type="application/json")


@feature.on("GET", "/docs", permission=PUBLIC, answer="text/html")
def docs(call: Call) -> Response:
    """给人看的接口说明。"""
    page = _templates.get_template("ops/docs.html").render(chapters=chapters(_document()), info=_document()["info"])
    return Response(page, mimetype="text/html")


@feature.on("GET", "/docs/docs.css", permission=PUBLIC, answer="text/css")
def docs_stylesheet(call: Call) -> Response:
    """接口说明的样式。"""
    return Response(_stylesheet("docs.css"), mimetype="text/css")


@feature.on("GET", "/home.css", permission=PUBLIC, answer="text/css")
def home_stylesheet(call: Call) -> Response:
    """首页的样式。"""
    return Response(_stylesheet("home.css"), mimetype="text/css")


def _status_of(state: dict[str, str]) -> int:
    return 200 if state["status"] == "ok" else 503


def _document() -> dict[str, Any]:
    found: dict[str, Any] = current_app.extensions["pointshop.spec"].to_dict()
    return found


def _may_look_inside() -> bool:
    config = current_config()
    if config.metrics_public or _comes_from_here():
        return True
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = config.metrics_token
    return bool(expected) and scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), expected.encode())


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
