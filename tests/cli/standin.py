"""An application for testing the server alone."""

import os
import time

from flask import Flask, request


def create_app() -> Flask:
    app = Flask(__name__)

    @app.get("/pid")
    def pid() -> dict[str, int]:
        return {"pid": os.getpid()}

    @app.put("/slow")
    def slow() -> dict[str, bool]:
        time.sleep(float(request.args["seconds"]))
        return {"done": True}

    @app.put("/length")
    def length() -> dict[str, int]:
        return {"length": len(request.get_data())}

    @app.get("/came-by")
    def came_by() -> dict[str, object]:
        proxies = {name: value for name, value in request.headers.items() if "Forwarded" in name}
        return {"headers": proxies, "address": request.remote_addr}

    return app


def broken_app() -> Flask:
    raise RuntimeError("this application cannot be made")
