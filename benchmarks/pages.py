"""How much the phone pages weigh and how soon they can be used, on a slow phone with a slow line.

    .venv/bin/python -m benchmarks.pages [--rounds 3]

Chromium slowed down four times, behind a line of 1.6 Mbit/s with 150 ms there and back (the "3G" of Lighthouse). First
load: nothing on the phone. Second load: a new window after the first was closed. Usable: the card can be scanned or
typed (clerk), a rule tapped (worker), the balance read (card). Decoded: from the start of the counter's page, second
load, to the first code read off a moving, tilted, noisy card, without and with the slowdown.
"""

import argparse
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.demo_village import chromium, served_demo, sign_in_by_form
from tests.browser.film import shoot
from tests.browser.starting import first_decode

SLOWDOWN = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
#: username → what must be on the screen.
USABLE = {"clerk1": ".scanner__typed input", "worker": ".rule__button"}


class Load(NamedTuple):
    """kilobytes: over the line; without_scanner: less the scanner's; seconds: until usable."""

    kilobytes: float
    without_scanner: float
    seconds: float


def slow_page(context: BrowserContext) -> tuple[Page, dict[str, float]]:
    """A page on a slow phone, and what it has fetched so far: address → bytes over the line."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    fetched: dict[str, float] = {}
    names: dict[str, str] = {}
    wire.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: fetched.update({names.get(event["requestId"], "?"): event["encodedDataLength"]}),
    )
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return page, fetched


def measure(context: BrowserContext, address: str, selector: str, *, username: str | None = None) -> Load:
    page, fetched = slow_page(context)
    started = time.monotonic()
    page.goto(address, wait_until="commit")
    if username is not None:
        page.get_by_label("用户名").wait_for(timeout=60_000)
        seconds = time.monotonic() - started
        sign_in_by_form(page, username)
    page.locator(selector).first.wait_for(timeout=60_000)
    if username is None:
        seconds = time.monotonic() - started
    total = sum(fetched.values()) / 1000
    scanner = sum(size for name, size in fetched.items() if "zxing" in name) / 1000
    page.evaluate("navigator.serviceWorker ? navigator.serviceWorker.ready.then(() => 0) : 0") if username else None
    page.close()
    return Load(total, total - scanner, seconds)


def first_and_second(browser: Browser, address: str, username: str) -> tuple[Load, Load]:
    context = browser.new_context(viewport={"width": 360, "height": 780}, is_mobile=True, has_touch=True)
    first = measure(context, f"{address}/app", USABLE[username], username=username)
    second = measure(context, f"{address}/app", USABLE[username])
    context.close()
    return first, second


def decoded(address: str, film: Path, rounds: int) -> None:
    """Seconds to the first decode; the film is what the camera sees."""
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    with chromium(*camera, f"--use-file-for-fake-video-capture={film}") as browser:
        context = browser.new_context(viewport={"width": 360, "height": 780}, is_mobile=True, has_touch=True)
        page = context.new_page()
        page.goto(f"{address}/app")
        sign_in_by_form(page, "clerk1")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        page.locator(".holder__name").wait_for()
        page.wait_for_timeout(1500)
        page.close()
        for slowdown in (1, SLOWDOWN):
            found = [first_decode(context, f"{address}/app", slowdown=slowdown) for _ in range(rounds)]
            print(f"decoded, CPU 1/{slowdown} {min(found):20.2f} s at best, {median(found):.2f} s median")


def any_card(data: Path) -> str:
    with closing(sqlite3.connect(data / "pointshop.sqlite3")) as books:
        found: str = books.execute("SELECT code FROM card WHERE revoked_at IS NULL LIMIT 1").fetchone()[0]
        return found


def show(name: str, loads: list[Load]) -> None:
    middle = [median(values) for values in zip(*loads, strict=True)]
    print(f"{name:24} {middle[0]:8.0f} {middle[1]:12.0f} {middle[2]:9.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with served_demo() as (address, data), chromium() as browser:
        code = any_card(data)
        print(f"{'':24} {'kB':>8} {'no scanner':>12} {'usable s':>9}")
        for username in USABLE:
            loads = [first_and_second(browser, address, username) for _ in range(rounds)]
            show(f"{username}, first (form)", [first for first, _ in loads])
            show(f"{username}, second", [second for _, second in loads])
        cards = []
        for _ in range(rounds):
            context = browser.new_context(viewport={"width": 360, "height": 780}, is_mobile=True)
            cards.append(measure(context, f"{address}/c/{code}", ".purse__balance"))
            context.close()
        show("card", cards)
        with TemporaryDirectory() as folder:
            film = Path(folder) / "card.mjpeg"
            shoot(f"{address}/c/{code}".upper(), film)
            decoded(address, film, rounds)


if __name__ == "__main__":
    main()
