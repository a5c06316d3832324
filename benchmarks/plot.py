"""Line plots as SVG, with logarithmic axes and nothing that a page would have to load."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from xml.sax.saxutils import escape

Points = Sequence[tuple[float, float]]
_WIDTH, _HEIGHT = 780, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 270, 40, 50
_COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#5d6d7e")


class _Axis:
    """Powers of ten from below the least value to above the greatest, on `length` pixels."""

    def __init__(self, values: Sequence[float], length: float) -> None:
        self._low, high = floor(log10(min(values))), ceil(log10(max(values)))
        self.ticks = [10.0**power for power in range(self._low, max(high, self._low + 1) + 1)]
        self._scale = length / (len(self.ticks) - 1)

    def __call__(self, value: float) -> float:
        return (log10(value) - self._low) * self._scale


def line_plot(title: str, *, x: str, y: str, lines: Mapping[str, Points]) -> str:
    """An SVG document. x, y: what the axes count. lines: name → points, all above 0; dashed where the name begins with
    `sqlite`, so that two lines of one colour tell the databases apart."""
    every = [point for points in lines.values() for point in points]
    across = _Axis([point[0] for point in every], _WIDTH - _LEFT - _RIGHT)
    up = _Axis([point[1] for point in every], _HEIGHT - _TOP - _BOTTOM)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12" fill="#222">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22" font-size="15">{escape(title)}</text>',
        *_grid(across, up, x=x, y=y),
    ]
    subjects = list(dict.fromkeys(_subject(name) for name in lines))
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[subjects.index(_subject(name)) % len(_COLOURS)]
        dash = ' stroke-dasharray="5 4"' if name.startswith("sqlite") else ""
        style = f'fill="none" stroke="{colour}" stroke-width="2"{dash}'
        at = [(_LEFT + across(px), _HEIGHT - _BOTTOM - up(py)) for px, py in sorted(points)]
        parts.append(f'<polyline {style} points="{" ".join(f"{px:.1f},{py:.1f}" for px, py in at)}"/>')
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in at]
        level, start = _TOP + 8 + number * 18, _WIDTH - _RIGHT + 15
        parts.append(f'<path {style} d="M{start} {level - 4}h22"/>')
        parts.append(f'<text x="{start + 28}" y="{level}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _grid(across: _Axis, up: _Axis, *, x: str, y: str) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for tick in across.ticks:
        place = f"{_LEFT + across(tick):.1f}"
        parts.append(f'<path d="M{place} {_TOP}V{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{place}" y="{bottom + 18}" text-anchor="middle">{tick:,.0f}</text>')
    for tick in up.ticks:
        level = f"{bottom - up(tick):.1f}"
        parts.append(f'<path d="M{_LEFT} {level}H{right}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{level}" dy="4" text-anchor="end">{tick:,.6g}</text>')
    parts.append(f'<text x="{(_LEFT + right) / 2}" y="{bottom + 38}" text-anchor="middle">{escape(x)}</text>')
    parts.append(f'<text x="{_LEFT - 8}" y="{_TOP - 6}" text-anchor="end" font-size="11">{escape(y)}</text>')
    return parts


def _subject(name: str) -> str:
    return name.partition(": ")[2]
