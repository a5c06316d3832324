"""Reads a page as a browser does, for tests that ask what is in it."""

from html.parser import HTMLParser

_VOID = {"meta", "link", "path"}
#: All a page may hold: nothing that runs, loads from elsewhere or sends.
ALLOWED_TAGS = _VOID | {
    *("html", "head", "title", "body", "header", "main", "footer", "section", "figure", "figcaption", "svg"),
    *("h1", "h2", "p", "div", "span", "b", "small", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ALLOWED_ATTRIBUTES = {
    *("lang", "charset", "name", "content", "rel", "href", "class", "scope"),
    *("viewbox", "role", "aria-label", "d"),
}


class Page(HTMLParser):
    """tags, attributes: their names. classes: all used. texts: character data. links: every href. meta: by name."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.classes: set[str] = set()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.meta: dict[str, str] = {}
        self.paths: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes |= given.keys()
        self.classes |= set(given.get("class", "").split())
        if "href" in given:
            self.links.append(given["href"])
        if tag == "meta" and "name" in given:
            self.meta[given["name"]] = given["content"]
        if tag == "path":
            self.paths.append(given["d"])
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())

    @property
    def text(self) -> str:
        return "".join(self.texts)
