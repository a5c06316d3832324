"""The print desk: a page that holds no data, and a script that speaks the same API as everyone."""

import re

from pointshop.publishing import assets
from pointshop.publishing.kinds import DRAWN
from tests.api import Api
from tests.guards.routes import ROUTES

SCRIPT = assets.FILES["desk.js"].content.decode()


def test_the_page_is_for_anyone_and_shows_nothing_of_a_village(api: Api) -> None:
    answer = api.ground.app.test_client().get("/desk")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert all(f'value="{kind}"' in answer.text for kind in DRAWN)
    assert "王庄村" not in answer.text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_it_loads_its_own_files_only(api: Api) -> None:
    client = api.ground.app.test_client()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', client.get("/desk").text)
    assert len(loaded) == 2
    for path, media in zip(sorted(loaded), ("text/css", "text/javascript"), strict=True):
        assert (client.get(path).status_code, client.get(path).mimetype) == (200, media)


def test_the_script_makes_no_markup_and_keeps_its_token_in_the_tab() -> None:
    for dangerous in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "localStorage",
        "cookie",
    ):
        assert dangerous not in SCRIPT, dangerous
    assert "sessionStorage" in SCRIPT and "Authorization" in SCRIPT


def test_everything_it_names_on_the_page_is_there(api: Api) -> None:
    page = api.ground.app.test_client().get("/desk").text
    named = set(re.findall(r'\bat\("([\w-]+)"\)', SCRIPT))
    assert named <= set(re.findall(r'\bid="([\w-]+)"', page))


def test_every_call_it_makes_is_one_of_the_api() -> None:
    asked = {re.sub(r"\$\{[^}]*\}+\)?", "x", path).split("?")[0] for path in re.findall(r"here\(`([^`]+)`\)", SCRIPT)}
    assert len(asked) >= 5
    rules = [re.compile(re.sub(r"<[^>]+>", "[^/]+", route.rule) + "$") for route in ROUTES]
    for path in asked:
        assert any(rule.match(f"/api/v1/villages/410926100201{path}") for rule in rules), path
