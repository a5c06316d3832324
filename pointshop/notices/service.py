"""What is done with sheets: draw one from the books, number it, freeze it; take one down."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import insert

from pointshop.core.errors import Invalid
from pointshop.core.routes import VillageRef
from pointshop.core.work import Change, Work
from pointshop.merits.notice import merits_on, stop_clock
from pointshop.notices import answers
from pointshop.notices.books import draw_ledger, draw_passbook
from pointshop.notices.drawing import Drawn, Span, span_of
from pointshop.notices.merit_lines import draw_merits, keep_lines
from pointshop.notices.models import Coverage
from pointshop.notices.remarks import Window, draw_remarks, since_last_sheet
from pointshop.notices.shop_sheets import draw_goods, draw_redemptions
from pointshop.notices.thanks import draw_thanks
from pointshop.publishing import service as publishing
from pointshop.publishing.kinds import GOODS, KINDS, LEDGER, MERIT_NOTICE, PASSBOOK, REDEMPTIONS, THANKS, Kind
from pointshop.publishing.queries import PublicationRow
from pointshop.publishing.table_sheet import Answer
from pointshop.publishing.tables import Draft, fitting, freeze, prepare
from pointshop.regions.queries import get_settings

_COVER = Change(insert(Coverage))
_BY_PERIOD: dict[str, Callable[[Work, int, Span], Drawn]] = {
    REDEMPTIONS.name: draw_redemptions,
    GOODS.name: draw_goods,
    THANKS.name: draw_thanks,
    LEDGER.name: draw_ledger,
}


class SheetRequest(NamedTuple):
    """What a manager asks for. period: 2026-11, for all but merit notices. household: of a passbook page."""

    kind: str
    period: str | None
    household: str | None
    contact: str
    office: str
    replaces: str | None


def publish_sheet(
    work: Work, village: VillageRef, wanted: SheetRequest, *, id: str, site: str, actor_id: int
) -> PublicationRow:
    """Draw a sheet from the books as they are now, and freeze it (制作公示件).

    site: scheme and host of the public page. A correction draws anew under the same number; what stood on the sheet it
    replaces waits for it to be hung. Raises NameReused, AlreadyReplaced, PrivateDataRefused, Invalid.
    """
    kind = KINDS[wanted.kind]
    publishing.refuse_taken(work, village.id, id)
    replaced = publishing.find_replaceable(work, village.id, wanted.replaces, kind=kind.name)
    drawn = _draw(work, village.id, wanted, replaced)
    told = fitting(lambda: answers.to_be_told(work, village.id, kind, replaced))
    draft = _draft(work, village.id, wanted, drawn, replaced, [each.answer for each in told])
    sheet = prepare(work, village, draft, site=site)
    made = freeze(work, village.id, sheet, id=id, replaced=replaced, actor_id=actor_id)
    _keep(work, village.id, made, drawn)
    answers.keep_told(work, village.id, told, answered_in=id)
    return made


def withdraw_sheet(work: Work, village_id: int, id: str, *, reason: str, actor_id: int) -> PublicationRow:
    """Take a sheet down before its time (撤下); what was not posted yet from it waits for another notice.

    Raises NotFound, AlreadyWithdrawn.
    """
    found = publishing.withdraw(work, village_id, id, reason=reason, actor_id=actor_id)
    if found.kind == MERIT_NOTICE.name and found.replaced_by is None:
        stop_clock(work, village_id, merits_on(work, village_id, id))
    return found


def _draw(work: Work, village_id: int, wanted: SheetRequest, replaced: PublicationRow | None) -> Drawn:
    if wanted.kind != PASSBOOK.name and wanted.household is not None:
        raise Invalid(errors={"household": ["只有存折页才填户号"]})
    if wanted.kind == MERIT_NOTICE.name:
        if wanted.period is not None:
            raise Invalid(errors={"period": ["积分公示收集全部待公示的记录，不填期间"]})
        return draw_merits(work, village_id, replaced)
    span = span_of(work, wanted.period)
    if wanted.kind == PASSBOOK.name:
        return draw_passbook(work, village_id, span, wanted.household)
    return _BY_PERIOD[wanted.kind](work, village_id, span)


def _draft(
    work: Work,
    village_id: int,
    wanted: SheetRequest,
    drawn: Drawn,
    replaced: PublicationRow | None,
    said: Sequence[Answer],
) -> Draft:
    kind = KINDS[wanted.kind]
    return Draft(
        kind=kind,
        label=drawn.span.label,
        first_on=drawn.span.first,
        last_on=drawn.span.last,
        items=drawn.items,
        totals=drawn.totals,
        answers=tuple(said),
        remarks=_remarks(work, village_id, drawn, replaced, kind),
        holder=drawn.holder,
        # a village that gave up notices still hangs what was logged before
        days=max(get_settings(work, village_id).notice_days, 1) if kind.has_period else None,
        contact=wanted.contact,
        office=wanted.office,
    )


def _remarks(work: Work, village_id: int, drawn: Drawn, replaced: PublicationRow | None, kind: Kind) -> tuple[str, ...]:
    """Both sheets that every villager reads tell them; the others are about goods, or private."""
    if kind is MERIT_NOTICE:
        return draw_remarks(work, village_id, since_last_sheet(work, village_id, kind.name, replaced))
    return draw_remarks(work, village_id, Window(*drawn.span.instants())) if kind is LEDGER else ()


def _keep(work: Work, village_id: int, made: PublicationRow, drawn: Drawn) -> None:
    _COVER.run(
        work,
        village_id=village_id,
        publication_id=made.id,
        kind=made.kind,
        first_on=drawn.span.first,
        last_on=drawn.span.last,
        household_id=drawn.household_id,
    )
    if made.kind == MERIT_NOTICE.name:
        keep_lines(work, village_id, made.id, drawn.merits)
        stop_clock(work, village_id, drawn.merits)
