"""Puts the libraries of the phone pages beside our own files, from npm packages; `python3 dev.py pages` runs it.

They are other people's work and stay out of the repository; nothing is loaded from another host when a page opens.
A wheel built after this carries them. axe-core only looks at the pages in tests, and stays in the cache.
"""

import hashlib
import shutil
import sys
from pathlib import Path

from npm import Package, fetch, read

ROOT = Path(__file__).resolve().parent
#: Where pointshop.web looks for them.
TARGET = ROOT / "pointshop" / "web" / "vendor"

HTM = Package(
    "htm",
    "3.1.1",
    "983Vyg8NwUE7JkZ6NmOqpCZ+sh1bKv2iYTlUkzlWmA5JD2acKoxd4KVxbMmxX/85mtfdnDmTFoNKcg5DGAvxNQ==",
)
IDB = Package(
    "idb",
    "8.0.4",
    "jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
)
ZXING = Package(
    "zxing-wasm",
    "3.1.4",
    "1+v8p7sauddySVNG+ye7GD/0TS95BG2ycdkrC+EnBrFBFkHeIghzUt2yVjtx3NucJeNrQnhT8yGAIz60Vx9o0w==",
)
WEUI = Package(
    "weui",
    "2.6.26",
    "V2s4HVNNc7vOFxzll9b13dz9IvsCdW+Dxv51ahcS2aBnX6LBhwJySJHBC3YoRspwO/oyltkjGri9TTyJ1FcAZg==",
)
AXE = Package(
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
#: name beside our files → where it is in which package
FILES: dict[str, tuple[Package, str]] = {
    # preact, its hooks and htm in one file
    "htm.js": (HTM, "preact/standalone.module.js"),
    "htm-LICENSE.txt": (HTM, "LICENSE"),
    "idb.js": (IDB, "build/index.js"),
    "idb-LICENSE.txt": (IDB, "LICENSE"),
    # as they lie in the package: the first imports the second
    "zxing/reader/index.js": (ZXING, "dist/es/reader/index.js"),
    "zxing/share.js": (ZXING, "dist/es/share.js"),
    "zxing/zxing_reader.wasm": (ZXING, "dist/reader/zxing_reader.wasm"),
    "zxing/LICENSE.txt": (ZXING, "LICENSE"),
    "weui.css": (WEUI, "dist/style/weui.min.css"),
    "weui-LICENSE.txt": (WEUI, "LICENSE.txt"),
}


def main(npm: list[str]) -> int:
    """npm: the command that runs npm."""
    for package in (HTM, IDB, ZXING, WEUI, AXE):
        fetch(package, npm)
    fresh = TARGET.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, (package, path) in FILES.items():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_bytes(read(package, path))
    (fresh / "pinned.txt").write_text(hashlib.sha256(Path(__file__).read_bytes()).hexdigest(), encoding="ascii")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    print(f"{len(FILES)} files in {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
