"""Opens a PDF as a reader does, for tests that ask what is on its pages."""

from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image

_POINTS_PER_MM = 72 / 25.4


class Word(NamedTuple):
    """A run of text with its box in millimetres from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


class Printed:
    """text: of all pages, blanks and line ends left out. sizes: of the pages in whole millimetres."""

    def __init__(self, content: bytes) -> None:
        self.document = pypdfium2.PdfDocument(content)
        self.sizes = [tuple(round(side / _POINTS_PER_MM) for side in page.get_size()) for page in self.document]
        self.text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in self.document)

    def fonts(self) -> set[tuple[str, bool]]:
        """Every font that text is set in, and whether it is embedded."""
        return {
            (found.get_font().get_base_name().rpartition("+")[2], found.get_font().is_embedded)
            for page in self.document
            for found in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,), max_depth=9)
        }

    def type_size(self, words: str) -> int:
        """Points in which words of the first page are set."""
        read = self.document[0].get_textpage()
        found = read.search(words).get_next()
        assert found is not None, words
        size: float = pdfium.FPDFText_GetFontSize(read, found[0])
        return round(size)

    def words(self) -> Iterator[Word]:
        """Every text object of every page."""
        for page in self.document:
            read = page.get_textpage()
            for index in range(read.count_rects()):
                box = read.get_rect(index)
                yield Word(read.get_text_bounded(*box), *(side / _POINTS_PER_MM for side in box))

    def draw(self, page: int = 0, *, dpi: int = 100) -> Image.Image:
        picture: Image.Image = self.document[page].render(scale=dpi / 72).to_pil()
        return picture

    def codes(self, page: int = 0, *, dpi: int = 100) -> list[str]:
        """What the QR codes of a page say, in no order."""
        return [found.text for found in zxingcpp.read_barcodes(self.draw(page, dpi=dpi))]
