"""What the pages are made of: served for ever under one release, packed, and nothing else."""

import gzip
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from pointshop.web import assets, files_api, pages
from pointshop.web.words import CATALOGUE, LANGUAGES, Words
from tests.contract import CODES

STATIC = Path(__file__).parents[2] / "pointshop" / "web" / "static"
MODULES = sorted((STATIC / "js").rglob("*.js"))
TEMPLATES = sorted((STATIC.parent / "templates").rglob("*.html"))
#: Kilobytes that a phone fetches before the app stands there, without the scanner.
MOST_TO_BEGIN = 600


def ids(path: Path) -> str:
    return str(path.relative_to(STATIC.parent))


def test_file_is_kept_for_ever_and_packed(app: Flask) -> None:
    answer = app.test_client().get(assets.url("css/app.css"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == (STATIC / "css" / "app.css").read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]
    plain = app.test_client().get(assets.url("css/app.css"))
    assert plain.data == (STATIC / "css" / "app.css").read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/app/files/0000000000000000/css/app.css", f"/app/files/{assets.RELEASE}/../words.py", "/app/files/x/"],
)
def test_nothing_else_is_served(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 404


def test_only_the_scanning_worker_may_run_webassembly(app: Flask) -> None:
    client = app.test_client()
    allowed = [
        name
        for name in assets.FILES
        if "wasm-unsafe-eval" in client.get(assets.url(name)).headers["Content-Security-Policy"]
    ]
    assert allowed == ["js/scan/worker.js"]
    for policy in (pages.APP_POLICY, pages.PLAIN_POLICY):
        assert "unsafe" not in policy


def test_app_begins_with_little(app: Flask) -> None:
    client = app.test_client()
    shell = client.get("/app").get_data(as_text=True)
    addresses = set(re.findall(r'(?:href|src)="(/app/files/[^"]+)"', shell))
    sizes = [len(client.get(each, headers={"Accept-Encoding": "gzip"}).data) for each in addresses]
    assert sum(sizes) + len(shell) <= MOST_TO_BEGIN * 1000
    assert not any("zxing" in each for each in addresses)


def test_service_worker_keeps_what_the_shell_loads(app: Flask) -> None:
    client = app.test_client()
    shell, worker = client.get("/app").get_data(as_text=True), client.get("/app/sw.js")
    settings = json.loads(worker.get_data(as_text=True).partition("= ")[2].partition(";\n")[0])
    loaded = set(re.findall(r'href="(/app/files/[^"]+\.(?:js|css|json))"', shell))
    assert loaded <= set(settings["kept"])
    assert worker.headers["Service-Worker-Allowed"] == "/app"
    assert {each.rpartition("/")[2] for each in settings["later"]} >= {"worker.js", "zxing_reader.wasm"}


def test_page_says_what_to_run_where_the_libraries_are_missing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(assets.FILES, "vendor/htm.js")
    answer = app.test_client().get("/app")
    assert answer.status_code == 503
    assert "python3 dev.py pages" in answer.get_data(as_text=True)
    assert files_api.feature.routes


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_module_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 200


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_modules_import_what_is_there(path: Path) -> None:
    for name in re.findall(r'(?:from|import)\s+"(\.[^"]+)"', path.read_text(encoding="utf-8")):
        target = (path.parent / name).resolve()
        assert target.is_file() or target.is_relative_to(STATIC / "vendor"), name
        if "vendor" in target.parts:
            assert f"vendor/{target.relative_to(STATIC / 'vendor')}" in assets.LIBRARIES


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_words_stand_in_the_catalogue_alone(path: Path) -> None:
    """Marks of the tab bar are drawings, not words."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    written = re.findall(r"[一-鿿]{2,}", code)
    assert written == []


def keys_used() -> tuple[set[str], set[str]]:
    """Keys that code and templates name whole, and beginnings of those they put together."""
    whole, begun = set(), set()
    for path in [*MODULES, *TEMPLATES]:
        text = path.read_text(encoding="utf-8")
        whole |= set(re.findall(r"""["'`]([a-z_]+(?:\.[a-z_0-9]+)?)["'`]""", text))
        begun |= set(re.findall(r"`([a-z_]+\.[a-z_]*)\$\{", text))
    whole |= set(re.findall(r'words\("([^"]+)"', (STATIC.parent / "files_api.py").read_text(encoding="utf-8")))
    return whole, begun


def test_catalogue_holds_what_is_said_and_nothing_else() -> None:
    whole, begun = keys_used()
    named = {
        key for key in whole if "." in key and key.partition(".")[0] in {each.partition(".")[0] for each in CATALOGUE}
    }
    assert {key for key in named if key not in CATALOGUE and not key.endswith(".js")} <= {"pointshop.flush"}
    unused = {key for key in CATALOGUE if key not in whole and not key.startswith(tuple(begun))}
    assert unused == set()


@pytest.mark.parametrize("key", CATALOGUE)
def test_both_languages_fill_in_the_same(key: str) -> None:
    chinese, english = CATALOGUE[key]
    assert english
    if not key.startswith("refusal."):
        assert chinese
        assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", english))


def test_every_refusal_is_told_in_english_too() -> None:
    assert {f"refusal.{code}" for code in CODES} <= set(CATALOGUE)


def test_words_are_filled_in() -> None:
    assert [Words(language)("card.place_of", place=3) for language in LANGUAGES] == ["第 3 名", "No. 3"]
