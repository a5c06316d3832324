"""The slips that someone takes from door to door (抽查单): one for each merit that was drawn, four on a sheet of A4."""

from collections.abc import Sequence

from pointshop.inspection.queries import InspectionRow, ItemRow
from pointshop.publishing.dates import civil_date
from pointshop.publishing.pages import environment


def slips_page(village: str, inspection: InspectionRow, items: Sequence[ItemRow], *, stylesheet_url: str) -> str:
    """The page to print. It names households in full: it is for the office and never hangs on a wall."""
    return environment.get_template("publishing/inspection_slips.html").render(
        village=village,
        inspection=inspection,
        first=civil_date(inspection.first_on),
        last=civil_date(inspection.last_on),
        slips=[(item, civil_date(item.occurred_on)) for item in items],
        stylesheet_url=stylesheet_url,
    )
