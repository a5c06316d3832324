"""The demonstration village behind a server of its own, for what looks at pages: figures and pictures."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from pointshop.cli.demo.staff import PASSWORD

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def served_demo() -> Iterator[tuple[str, Path]]:
    """Address and data folder of a fresh demonstration village, served until the block ends."""
    with TemporaryDirectory() as folder:
        own = {name: value for name, value in os.environ.items() if not name.startswith("POINTSHOP_")}
        env = own | {"POINTSHOP_DATA_DIR": folder, "POINTSHOP_SECRET_KEY": secrets.token_hex(32), "PYTHONUTF8": "1"}
        pointshop = [sys.executable, "-m", "pointshop"]
        for verb in ("init", "demo"):
            subprocess.run([*pointshop, verb], env=env, check=True, stdout=subprocess.DEVNULL)
        with subprocess.Popen(
            [*pointshop, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            yield server.stdout.readline().strip().rstrip("/"), Path(folder)
            server.terminate()


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit("no Chromium on this machine: sudo apt install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu", *options])
        yield browser
        browser.close()


def sign_in_by_form(page: Page, username: str) -> None:
    """page: one that shows the app's form."""
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.locator("nav.tabs").wait_for()
