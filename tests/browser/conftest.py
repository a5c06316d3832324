"""Debian's Chromium over the test's own village. No browser is downloaded; where there is none, these tests fail and
say what to install."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

import dev
from pointshop.core.ids import new_name
from pointshop.web import assets
from tests.api import Api
from tests.browser.phone import SCREEN, NewPhone, Options, Phone
from tests.browser.site import Site
from tests.ground import Ground
from tests.world import World

#: Milliseconds to wait for anything on a page; this machine may be busy.
PATIENCE = 20_000


@pytest.fixture(scope="session")
def ground(request: pytest.FixtureRequest) -> Ground:
    """SQLite, to save time: the pages know nothing of databases. Tests of what is booked once name both."""
    found: Ground = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_ground")
    return found


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every camera plays, once somebody has written it."""
    return tmp_path_factory.mktemp("film") / "card.mjpeg"


@pytest.fixture(scope="session")
def browser(film: Path) -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, dev.BROWSERS)), None)
    assert found, "no Chromium on this machine: sudo apt install chromium fonts-noto-cjk"
    assert not assets.missing(), "the pages' libraries are missing: python3 dev.py pages"
    options = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
        "--no-sandbox",
        "--disable-gpu",
    ]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=options)
        yield opened
        opened.close()


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    found = Site(app)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def new_phone(site: Site, browser: Browser, ground: Ground) -> Iterator[NewPhone]:
    """Phones of this test; at its end none may have done what it must not."""
    phones: list[Phone] = []

    def make(**options: object) -> Phone:
        given: Options = {**SCREEN, "locale": "zh-CN", **options}
        context = browser.new_context(**given)
        context.set_default_timeout(PATIENCE)
        found = Phone(site, context, context.new_page(), ground.tokens)
        found.watch()
        phones.append(found)
        return found

    yield make
    for phone in phones:
        phone.context.close()
    assert [phone.faults for phone in phones if phone.faults] == []


@pytest.fixture
def phone(new_phone: NewPhone) -> Phone:
    return new_phone()


@pytest.fixture
def shop(world: World, api: Api) -> World:
    """Soap for six points and one last bottle of oil for thirty; two households with forty points each."""
    world.household("0001", points=40, head="张建国")
    world.household("0002", points=40, head="李秀英")
    for code, name, points, stock in (("P1", "肥皂", 6, 50), ("P2", "菜籽油", 30, 1)):
        product = {"name": name, "unit": "件", "points": points, "barcode": f"69012345678{stock:02d}"}
        assert api.as_("manager").put(f"/products/{code}", product).status_code == 201
        move = {"product": code, "kind": "receive", "quantity": stock}
        assert api.as_("clerk").put(f"/stock-moves/{new_name()}", move).status_code == 201
    return world
