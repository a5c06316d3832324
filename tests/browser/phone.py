"""A phone in somebody's hand: a browser window that reports whatever should not happen."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.browser.site import Site
from tests.ground import HOME, PASSWORD, Tokens, username_of

#: A cheap Android phone.
SCREEN = {"viewport": {"width": 360, "height": 780}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
#: For tests of what is booked: on each database.
BOTH = pytest.mark.parametrize("ground", ["sqlite", "postgresql"], indirect=True)
#: Makes a phone one without a camera, as every phone is on plain http.
NO_CAMERA = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"

#: What the scanner tells the console where it cannot be fetched; to people the page says it in words.
NOT_FETCHED = (
    "wasm streaming compile failed: TypeError: Failed to fetch",
    "falling back to ArrayBuffer instantiation",
    "failed to asynchronously prepare wasm: NetworkError",
    "Aborted(NetworkError",
)


@dataclass
class Phone:
    """tokens: of the staff. faults: what the pages did wrong: requests to other hosts, violations of the policy,
    errors of scripts. was_cut_off: whether it could not reach the service at some time."""

    site: Site
    context: BrowserContext
    page: Page
    tokens: Tokens
    faults: list[str] = field(default_factory=list)
    was_cut_off: bool = False

    def watch(self) -> None:
        self.context.on("request", self._look_at_request)
        self.context.on("console", self._look_at_console)
        self.context.on("weberror", lambda error: self._complain("script", str(error.error)))

    def open(self, path: str = "/app") -> None:
        self.page.goto(self.site.url + path)

    def sign_in(self, role: str) -> None:
        """As one of the home village's staff who signed in before: passwords take their time, on purpose."""
        token = self.tokens[role, HOME]
        api, given = f"{self.site.url}/api/v1", {"Authorization": f"Bearer {token}"}
        user = self.context.request.get(f"{api}/me", headers=given).json()
        region = self.context.request.get(f"{api}/regions/{HOME}", headers=given).json()
        village = {name: region[name] for name in ("code", "name")}
        held = {"token": token, "expires_at": "2099-01-01T00:00:00Z", "user": user, "village": village}
        # a page of the same place that runs nothing
        self.open("/healthz")
        self.page.evaluate("(held) => localStorage.setItem('pointshop.session', held)", json.dumps(held))
        self.open()
        self.page.locator("nav.tabs").wait_for()

    def sign_in_by_form(self, role: str, password: str = PASSWORD) -> None:
        self.open()
        self.page.get_by_label("用户名").fill(username_of(role, HOME))
        self.page.get_by_label("密码").fill(password)
        self.tap("登录")

    def sees(self, text: str) -> None:
        """Waits for a text to be on the screen."""
        self.page.get_by_text(text, exact=False).first.wait_for()

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def files(self) -> str:
        """Where the modules of the open page come from."""
        found: str = self.page.evaluate(
            "[...document.scripts].find((each) => each.src.endsWith('js/main.js')).src.replace('js/main.js', '')"
        )
        return found

    def kept_offline(self) -> None:
        """Waits until the pages are on the phone."""
        self.page.evaluate(
            """navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||
                new Promise((resolve) => { navigator.serviceWorker.oncontrollerchange = () => resolve(true); })
            ).then(() => true)"""
        )

    def lose_signal(self) -> None:
        self.was_cut_off = True
        self.context.set_offline(True)

    def find_signal(self) -> None:
        self.context.set_offline(False)

    def withhold(self, files: str) -> None:
        """Lets requests for such files fail as those do whose signal goes, until `give`."""
        self.was_cut_off = True
        self.context.route(files, lambda route: route.abort("internetdisconnected"))

    def give(self, files: str) -> None:
        self.context.unroute(files)

    def _look_at_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(self.site.url).netloc:
            self.faults.append(f"request to {request.url}")

    def _look_at_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._complain("console", message.text)

    def _complain(self, source: str, words: str) -> None:
        if not (self.was_cut_off and words.startswith(NOT_FETCHED)):
            self.faults.append(f"{source}: {words}")


NewPhone = Callable[..., Phone]
Options = dict[str, Any]
