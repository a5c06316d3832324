"""How soon a page that is on the phone already reads the card before its camera."""

from playwright.sync_api import BrowserContext

#: When the page asked whose card it read, in milliseconds from its start.
_ASKED = """performance.getEntriesByType("resource").find((each) => each.name.endsWith("/scans")).startTime"""


def first_decode(context: BrowserContext, address: str, *, slowdown: float = 1) -> float:
    """Seconds from the start of the page to its first decoded card. context: signed in, files on the phone."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.goto(address, wait_until="commit")
    page.locator(".holder__name").wait_for()
    seconds: float = page.evaluate(_ASKED) / 1000
    page.close()
    return seconds
