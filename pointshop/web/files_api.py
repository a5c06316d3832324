"""HTTP of the app of the staff: its shell, its files, what makes it installable and keeps it there without signal."""

from flask import Response, request

from pointshop.core import strictjson
from pointshop.core.errors import NotFound
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.web import assets
from pointshop.web.pages import APP_POLICY, PLAIN_POLICY, SCANNER_POLICY, page
from pointshop.web.words import Words

feature = Feature("web", description="手机页面", prefix="")

#: Folders of static/js that the shell loads at once instead of one after the other.
_APP = ("core/", "ui/", "scan/", "clerk/", "worker/", "manager/", "main.js")
_SCANNER = "js/scan/worker.js"
#: Loaded when the camera first needs them; they weigh more than everything else.
_HEAVY = (_SCANNER, *(name for name in assets.LIBRARIES if name.startswith("vendor/zxing/")))
_FOR_EVER = 365 * 86_400


@feature.on("GET", "/app", permission=PUBLIC, answer="text/html")
def shell(call: Call) -> Response:
    """手机页面：在手机上运行，通过同一接口工作。"""
    if lacking := assets.missing():
        return page("missing.html", policy=PLAIN_POLICY, status=503, lacking=lacking)
    modules = [name for name in assets.modules(*_APP) if name != _SCANNER]
    return page("app.html", policy=APP_POLICY, modules=modules)


@feature.on("GET", "/app/manifest.webmanifest", permission=PUBLIC, answer="application/manifest+json")
def manifest(call: Call) -> Response:
    """使手机页面可以安装到桌面。"""
    words = Words("zh")
    icons = [
        {"src": assets.url("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": assets.url("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": assets.url("icons/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    document = {
        "id": "/app",
        "name": words("app.name"),
        "short_name": words("app.name"),
        "lang": "zh-CN",
        "start_url": "/app",
        "scope": "/app",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#ededed",
        "theme_color": "#b5121b",
        "icons": icons,
    }
    return Response(strictjson.dumps(document), mimetype="application/manifest+json")


@feature.on("GET", "/app/sw.js", permission=PUBLIC, answer="text/javascript")
def app_worker(call: Call) -> Response:
    """手机页面的离线程序：没有信号也能打开。"""
    names = [*assets.modules(*_APP), "js/early.js", "css/app.css", "text/catalogue.json", *assets.LIBRARIES]
    there = [name for name in names if name in assets.FILES]
    kept = [assets.url(name) for name in there if name not in _HEAVY]
    later = [assets.url(name) for name in there if name in _HEAVY]
    return service_worker(scope="/app", pages=["/app"], kept=kept, later=later)


@feature.on("GET", "/app/files/<release>/<path:name>", permission=PUBLIC, answer="application/octet-stream")
def read_file(call: Call, release: str, name: str) -> Response:
    """手机页面的一个文件；名字里有版本，永不改变。"""
    found = assets.FILES.get(name) if release == assets.RELEASE else None
    if found is None:
        raise NotFound()
    response = Response(found.content, mimetype=found.media)
    if found.packed is not None:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"]:
            response.set_data(found.packed)
            response.content_encoding = "gzip"
    if name == _SCANNER:
        response.headers["Content-Security-Policy"] = SCANNER_POLICY
    response.cache_control.public = True
    response.cache_control.max_age = _FOR_EVER
    response.cache_control.immutable = True
    return response


def service_worker(*, scope: str, pages: list[str], kept: list[str], later: list[str]) -> Response:
    """A service worker for a scope: keeps pages and files from its installation on, `later` after that."""
    settings = {"release": assets.RELEASE, "scope": scope, "pages": pages, "kept": kept, "later": later}
    head = f"const SETTINGS = {strictjson.dumps(settings)};\n"
    response = Response(head.encode() + assets.FILES["js/service-worker.js"].content, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = scope
    response.cache_control.no_cache = True
    return response
