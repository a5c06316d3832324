"""QR codes as one SVG path, sharp at any size, made of whole numbers only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

#: Blank modules a reader needs on every side (ISO/IEC 18004).
QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class QrPath:
    """size: modules per side with the quiet zone, as the view box. d: path data of the dark modules."""

    size: int
    d: str


def qr_path(text: str) -> QrPath:
    """A QR code at level M: still read when 15 % of it is torn or dirty, as sheets outdoors get."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    return QrPath(len(modules), "".join(_bars(modules)))


def _bars(modules: Sequence[Sequence[bool | None]]) -> Iterator[str]:
    """One rectangle per run of dark modules in a row: seams between single squares would show in print."""
    for row, line in enumerate(modules):
        column = 0
        for is_dark, run in groupby(line, key=bool):
            length = len(list(run))
            if is_dark:
                yield f"M{column} {row}h{length}v1h-{length}z"
            column += length


def qr_svg(text: str) -> str:
    """The code as an SVG document on white, quiet zone included, for programs that set pictures."""
    code = qr_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.size} {code.size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{code.size}v{code.size}h-{code.size}z"/><path d="{code.d}"/></svg>'
    )
