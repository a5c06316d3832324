"""The templates of pages, and the response that carries one."""

from flask import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from pointshop.web import assets

environment = Environment(
    loader=PackageLoader("pointshop.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals["url"] = assets.url

_COMMON = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
#: Of a page that runs our modules. `blob:` for photos: they are fetched with the token that an <img> cannot send.
APP_POLICY = (
    f"{_COMMON}; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'"
)
#: Of a page that runs nothing.
PLAIN_POLICY = f"{_COMMON}; style-src 'self'; img-src 'self'"
#: Of the one worker that runs WebAssembly; it comes from its own response, so that no page has to allow it.
SCANNER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def page(template: str, *, policy: str, status: int = 200, **values: object) -> Response:
    """A page made from a template of web/."""
    text = environment.get_template(f"web/{template}").render(**values)
    response = Response(text, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    return response
