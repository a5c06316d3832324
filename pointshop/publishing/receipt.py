"""The slip a villager takes home from the shop (兑换小票), on a roll of 58 or 80 mm or on A5."""

from dataclasses import dataclass
from datetime import datetime

from pointshop.publishing.dates import clock_time
from pointshop.publishing.pages import environment


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """points: for the whole quantity."""

    name: str
    quantity: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """household: its number. head: as it may be shown, masked by the caller. at: village-local."""

    village: str
    receipt_no: str
    household: str
    head: str
    lines: tuple[ReceiptLine, ...]
    points: int
    balance_after: int
    at: datetime
    clerk: str
    is_voided: bool = False


#: Rolls by their width in millimetres, and sheets.
PAPERS = ("58", "80", "A5")


def receipt_page(receipt: Receipt, *, stylesheet_url: str, paper: str | None = None) -> str:
    """The slip as a page that fits itself to the printer's paper, or keeps to `paper` where the printer misreports it.

    ValueError when the lines don't add up, or for other paper.
    """
    if paper is not None and paper not in PAPERS:
        raise ValueError(f"no such paper: {paper}")
    if sum(line.points for line in receipt.lines) != receipt.points:
        raise ValueError("the lines do not add up to the points")
    return environment.get_template("publishing/receipt.html").render(
        receipt=receipt, at=clock_time(receipt.at), stylesheet_url=stylesheet_url, paper=paper
    )
