"""Sets the templates of this package with typst; data reaches them as JSON and never as markup."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pointshop.core.errors import NoPdf
from pointshop.publishing.pdf.coverage import FONTS, refuse_unprintable

try:
    import typst
except ImportError:  # the extra `pdf` is not installed
    typst = None  # type: ignore[assignment]  # asked for before anything is set

#: Templates may read what is in here, such as the drawings, and nothing else.
_ROOT = Path(__file__).resolve().parents[1]
_TEMPLATES = Path(__file__).resolve().parent / "templates"
#: What the templates ask for.
_FAMILIES = frozenset({"LXGW WenKai", "Noto Serif SC"})
#: One sheet at a time: a second would only take the processor from the first, and the memory twice.
_turn = threading.Lock()
#: Pixels per inch of a picture.
_SCREEN = 110


def set_pdf(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of a template filled with data; the same three give the same bytes.

    template: a file of templates/, without its ending. data: JSON values; what ends in `drawing` is SVG. made_at: what
    the file says of its making. Raises NoPdf where typst or its fonts are missing, LacksGlyphs for characters that no
    font has.
    """
    # Tags for reading aloud double the size of a list; the public page is what is read aloud.
    made = _compile(template, data, format="pdf", timestamp=int(made_at.timestamp()), pdf_tags=False)
    assert isinstance(made, bytes)
    return made


def set_png(template: str, data: Mapping[str, Any], *, page: int) -> bytes | None:
    """One page, from 1, as a picture for a screen; None behind the last. Raises as set_pdf."""
    made = _compile(template, data, format="png", ppi=_SCREEN)
    pages = made if isinstance(made, list) else [made]
    found: bytes | None = pages[page - 1] if 1 <= page <= len(pages) else None
    return found


def _compile(template: str, data: Mapping[str, Any], **options: Any) -> Any:
    typesetter = _typesetter()
    refuse_unprintable(data)
    with _turn:
        return typesetter.compile(
            str(_TEMPLATES / f"{template}.typ"), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **options
        )


def load_fonts(folder: Path) -> "typst.Fonts":
    """Those fonts and no others: what is printed must not depend on the machine. Raises NoPdf if any is missing."""
    if typst is None:
        raise NoPdf()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    # typst is silent about a font it doesn't find, and prints nothing.
    if not set(fonts.families()) >= _FAMILIES:
        raise NoPdf("本机没有打印用的字体（开发环境可用 python3 dev.py fonts 安装），请打开 .html 打印")
    return fonts


@cache
def _typesetter() -> "typst.Compiler":
    """Reading the fonts takes a while and is done once."""
    return typst.Compiler(root=str(_ROOT), font_paths=load_fonts(FONTS), ignore_system_fonts=True)
