"""What is done with honor rolls: draw one from the tallies and freeze it."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from pointshop.core.errors import Invalid
from pointshop.core.periods import parse_period, period_label
from pointshop.core.routes import VillageRef
from pointshop.core.work import Work
from pointshop.honors.queries import Scope, leaders
from pointshop.honors.rules import RULE_OF_RANKING, Placed, Total, issuer, public_name, rank, scope_of
from pointshop.people.public_names import birth_years_of_heads
from pointshop.publishing import service as publishing
from pointshop.publishing.bounds import InvalidDocument
from pointshop.publishing.honor_roll import MAX_ITEMS, HonorRoll, Item, Notice
from pointshop.publishing.honor_roll_document import KIND, to_document
from pointshop.publishing.parts import Village
from pointshop.publishing.queries import PublicationRow, newest_seal
from pointshop.publishing.service import Term
from pointshop.regions.queries import get_settings, township_name


class RollRequest(NamedTuple):
    """What a manager asks for. places: how many; all who tie at the last are listed too."""

    title: str
    period: str
    subject: str
    places: int
    category: str | None
    group_no: int | None
    board: str
    notice_days: int
    contact: str
    replaces: str | None = None


def publish_roll(
    work: Work, village: VillageRef, wanted: RollRequest, *, id: str, site: str, actor_id: int
) -> PublicationRow:
    """Draw an honor roll from the tallies as they are now, and freeze it.

    site: scheme and host of the public page. Raises PrivateDataRefused, NameReused, and Invalid for words that a sheet
    can't show or more ties than it can hold.
    """
    publishing.refuse_taken(work, village.id, id)
    replaced = publishing.find_replaceable(work, village.id, wanted.replaces, kind=KIND)
    draft = _draft(work, village, wanted, site=site)
    publishing.refuse_private(to_document(draft))
    reserved = publishing.reserve(work, village.id, KIND, replaces=replaced)
    roll = replace(
        draft,
        year=reserved.year,
        serial=reserved.serial,
        edition=reserved.edition,
        replaces=replaced.digest if replaced else None,
        public_url=_public_url(site, reserved.token),
    )
    return publishing.publish(
        work,
        village.id,
        id=id,
        kind=KIND,
        reserved=reserved,
        document=to_document(roll),
        term=Term(roll.notice.from_on, roll.notice.until_on),
        actor_id=actor_id,
    )


def _public_url(site: str, token: str) -> str:
    return f"{site}/b/{token}"


def _draft(work: Work, village: VillageRef, wanted: RollRequest, *, site: str) -> HonorRoll:
    """The roll without its own number and address, which are taken only once nothing can be refused any more."""
    items = _items(work, village.id, wanted)
    township = township_name(work, village.code)
    try:
        return HonorRoll(
            year=work.today.year,
            serial=1,
            village=Village(code=village.code, name=village.name, township=township),
            title=wanted.title,
            period=wanted.period,
            period_label=period_label(wanted.period),
            scope=scope_of(wanted.period, wanted.subject),
            subject="member" if wanted.subject == "member" else "household",
            board=wanted.board,
            group_no=wanted.group_no,
            category=wanted.category,
            places=wanted.places,
            rule=RULE_OF_RANKING,
            items=items,
            notice=_notice(work, wanted.notice_days),
            contact=wanted.contact,
            issued_by=issuer(township, village.name),
            issued_on=work.today,
            public_url=_public_url(site, "x"),
            seal=newest_seal(work, village.id),
        )
    except InvalidDocument as error:
        raise Invalid(errors={str(error): ["写法或长度不合榜单的要求"]}) from error


def _notice(work: Work, days: int) -> Notice:
    return Notice(from_on=work.today, until_on=work.today + timedelta(days=days), days=days)


def _items(work: Work, village_id: int, wanted: RollRequest) -> tuple[Item, ...]:
    scope = Scope(parse_period(wanted.period), wanted.subject, group_no=wanted.group_no, category=wanted.category)
    placed = rank(leaders(work, village_id, scope, places=wanted.places), places=wanted.places)
    if len(placed) > MAX_ITEMS:
        raise Invalid(errors={"places": [f"并列者过多，共 {len(placed)} 户（人），一榜最多 {MAX_ITEMS}"]})
    policy = get_settings(work, village_id).public_names
    if wanted.subject == "household":
        placed = _with_ages(work, village_id, placed)
    return tuple(
        Item(
            place=line.place,
            name=public_name(line.total, policy=policy, year=work.today.year),
            group_no=line.total.group_no,
            points=line.total.points,
        )
        for line in placed
    )


def _with_ages(work: Work, village_id: int, placed: list[Placed[Total]]) -> list[Placed[Total]]:
    """The heads with their years of birth."""
    born = birth_years_of_heads(work, village_id, {line.total.household_id: line.total.name for line in placed})
    return [Placed(line.place, line.total._replace(birth_year=born[line.total.household_id])) for line in placed]
