"""From what a table shall say to the frozen sheet: checked first, so that nothing is written for one that can't be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from pointshop.core.errors import Invalid
from pointshop.core.routes import VillageRef
from pointshop.core.work import Work
from pointshop.publishing import service
from pointshop.publishing.bounds import InvalidDocument
from pointshop.publishing.kinds import Kind
from pointshop.publishing.parts import Village
from pointshop.publishing.queries import PublicationRow, newest_seal
from pointshop.publishing.service import Reserved, Term
from pointshop.publishing.table_document import to_document
from pointshop.publishing.table_sheet import Answer, Holder, TableSheet, Total, Value
from pointshop.regions.queries import township_name
from pointshop.regions.rules import branch_name, committee_name

#: Days in which a sheet with a notice period has to be hung; after that it is made anew.
HANG_WITHIN = 30
#: Days for which sheets without a notice period can be read without a login.
SHOWN_FOR = 90

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a sheet shall say, before it has a number.

    label: how its days are called in the title, 2026年5月. basis: said after what the kind itself says. days: of the
    notice period, for kinds that have one.
    """

    kind: Kind
    label: str
    first_on: date
    last_on: date
    items: tuple[Mapping[str, Value], ...]
    totals: tuple[Total, ...] = ()
    answers: tuple[Answer, ...] = ()
    remarks: tuple[str, ...] = ()
    holder: Holder | None = None
    basis: str = ""
    days: int | None = None
    contact: str
    office: str


def prepare(work: Work, village: VillageRef, draft: Draft, *, site: str) -> TableSheet:
    """The sheet, all but its number. site: scheme and host of the public page.

    Raises Invalid where it doesn't fit the kind, PrivateDataRefused.
    """
    township = township_name(work, village.code)
    sheet = fitting(
        lambda: TableSheet(
            kind=draft.kind,
            year=work.today.year,
            serial=1,
            village=Village(code=village.code, name=village.name, township=township),
            title=f"{township}{village.name}{draft.label}{draft.kind.title}",
            period_label=draft.label,
            first_on=draft.first_on,
            last_on=draft.last_on,
            holder=draft.holder,
            basis=draft.kind.basis + draft.basis,
            items=draft.items,
            totals=draft.totals,
            answers=draft.answers,
            remarks=draft.remarks,
            days=draft.days,
            contact=draft.contact,
            office=draft.office,
            issued_by=(branch_name(village.name), committee_name(village.name)),
            issued_on=work.today,
            public_url=f"{site}/b/" if draft.kind.is_public else None,
            seal=newest_seal(work, village.id),
        )
    )
    service.refuse_private(to_document(sheet))
    return sheet


def freeze(
    work: Work,
    village_id: int,
    sheet: TableSheet,
    *,
    id: str,
    replaced: PublicationRow | None = None,
    reserved: Reserved | None = None,
    actor_id: int,
) -> PublicationRow:
    """Give a prepared sheet its number, and freeze it. replaced: the edition it corrects.

    reserved: its number, where the books had to quote it before.

    The name must have passed `refuse_taken`. Raises Invalid.
    """
    kind = sheet.kind
    reserved = reserved or service.reserve(work, village_id, kind.name, replaces=replaced)
    numbered = fitting(
        lambda: replace(
            sheet,
            year=reserved.year,
            serial=reserved.serial,
            edition=reserved.edition,
            replaces=replaced.digest if replaced else None,
            public_url=sheet.public_url and sheet.public_url + reserved.token,
        )
    )
    # a notice period begins when the sheet is hung: this is the longest its page may live
    days = SHOWN_FOR if sheet.days is None else HANG_WITHIN + sheet.days
    return service.publish(
        work,
        village_id,
        id=id,
        kind=kind.name,
        reserved=reserved,
        document=to_document(numbered),
        term=Term(work.today, work.today + timedelta(days=days)),
        actor_id=actor_id,
    )


def fitting(make: Callable[[], _Made]) -> _Made:
    """What fits on a sheet of its kind. Raises Invalid that names the field."""
    try:
        return make()
    except InvalidDocument as error:
        path = str(error).replace("[", ".").replace("]", "")
        raise Invalid(errors={path: ["写法、长度或行数不合这种公示件的要求"]}) from error
