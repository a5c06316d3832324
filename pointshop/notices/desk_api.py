"""The print desk (公示打印台): a page for the manager. It holds no data; its script speaks the same API as everyone."""

from flask import Response

from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.publishing import assets
from pointshop.publishing.kinds import DRAWN
from pointshop.publishing.pages import environment

feature = Feature("desk", description="公示打印台", prefix="")


@feature.on("GET", "/desk", permission=PUBLIC, answer="text/html")
def show_desk(call: Call) -> Response:
    """打印台：该挂的公示、预览、打印、张贴凭证和异议。"""
    page = environment.get_template("publishing/desk.html").render(
        kinds=list(DRAWN.values()),
        stylesheet_url=assets.url("desk.css"),
        script_url=assets.url("desk.js"),
    )
    return Response(page, mimetype="text/html")
