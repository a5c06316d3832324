"""The slips that bring voters their codes (投票单), to be cut out; drawn once, since codes are kept nowhere."""

from collections.abc import Sequence

from pointshop.core.clock import VILLAGE_TIME
from pointshop.core.routes import VillageRef
from pointshop.evaluation.issuing import Slip
from pointshop.evaluation.queries import RoundRow
from pointshop.publishing import assets
from pointshop.publishing.dates import clock_time
from pointshop.publishing.pages import environment
from pointshop.publishing.qr import qr_path


def slips_page(village: VillageRef, found: RoundRow, slips: Sequence[Slip], *, site: str) -> str:
    """The page to print. site: scheme and host of the page to vote on; its QR code holds no code of anybody."""
    url = f"{site}/vote/{village.code}"
    return environment.get_template("publishing/voting_slips.html").render(
        village=village.name,
        title=found.title,
        closes=clock_time(found.closes_at.astimezone(VILLAGE_TIME)),
        url=url,
        qr=qr_path(url),
        slips=[
            {
                "no": slip.voter.no,
                "name": slip.voter.name or slip.voter.head,
                "household": slip.voter.number,
                "group_no": slip.voter.group_no,
                "code": grouped(slip.code),
            }
            for slip in slips
        ],
        stylesheet_url=assets.url("voting_slips.css"),
    )


def grouped(code: str) -> str:
    """In fours, as people read and type: 0123 4567 89AB CDEF."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
