"""The least that Flask can do: one route that answers `{}`."""

from flask import Flask


def create_app() -> Flask:
    """Its application factory."""
    app = Flask(__name__)

    @app.get("/empty")
    def empty() -> dict[str, str]:
        return {}

    return app
