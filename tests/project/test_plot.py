"""The plots of docs/performance.md."""

import xml.etree.ElementTree as ElementTree

from benchmarks.plot import line_plot

_SVG = "{http://www.w3.org/2000/svg}"


def test_a_plot_is_svg_with_a_line_a_name_and_a_mark_for_each_point() -> None:
    lines = {"sqlite: scan <1>": [(10.0, 5.0), (1000.0, 50.0)], "postgresql: scan <1>": [(10.0, 7.0), (1000.0, 70.0)]}
    root = ElementTree.fromstring(line_plot("What & why", x="entries", y="µs", lines=lines))
    assert len(root.findall(f"{_SVG}polyline")) == 2
    assert len(root.findall(f"{_SVG}circle")) == 4
    words = {text.text for text in root.findall(f"{_SVG}text")}
    assert {"What & why", "entries", "µs", "sqlite: scan <1>", "10", "1,000", "100"} <= words


def test_points_stand_where_their_logarithms_are() -> None:
    root = ElementTree.fromstring(line_plot("", x="", y="", lines={"a: b": [(1, 1), (10, 10), (100, 100)]}))
    across = [float(circle.attrib["cx"]) for circle in root.findall(f"{_SVG}circle")]
    up = [float(circle.attrib["cy"]) for circle in root.findall(f"{_SVG}circle")]
    assert across[1] - across[0] == across[2] - across[1] > 0
    assert up[0] - up[1] == up[1] - up[2] > 0
