"""Objections (异议): each holds its own line and nothing else, until the supervisor has decided it."""

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, insert, select, update

from pointshop.accounts.queries import find_user, grants_of
from pointshop.core.errors import Gone, Invalid, NotFound, Refused, TooManyRequests
from pointshop.core.policy import Actor
from pointshop.core.routes import VillageRef
from pointshop.core.work import AnySelect, Change, Prepared, Work
from pointshop.kinship.service import refuse_self_dealing
from pointshop.ledger.service import lock_account
from pointshop.merits.models import NoticeLine
from pointshop.merits.notice import OPEN, hold_merit, reject_merit, release_merit
from pointshop.merits.queries import get_merit, signatures_on
from pointshop.merits.refusals import NotPending
from pointshop.notices.merit_lines import find_merit_on_line
from pointshop.people.models import Household, Member
from pointshop.publishing.kinds import is_public
from pointshop.publishing.models import Objection, Publication
from pointshop.publishing.privacy import PrivateData, check_document
from pointshop.publishing.queries import PublicationRow, get_publication

#: What a sheet takes in an hour from its public page, and from all its readers; beyond that it is not readers.
MOST_AN_HOUR = 20
MOST_OPEN = 200
WHOLE = "整张公示"
_LONGEST_MATTER = 60


class SelfDealing(Refused):
    """Who scored, signed or is spoken of does not decide (人情分)."""

    code, title = "self_dealing", "这条异议涉及您本人，须由别人处理"


class PeriodClosed(Refused):
    code, title = "period_closed", "公示期已过，该条已入账；如有错误请申请冲正"


class ObjectionRow(NamedTuple):
    id: str
    publication_id: str
    line_no: int | None
    matter: str
    channel: str
    words: str
    name: str | None
    contact: str | None
    about: int | None
    received_by: int | None
    received_at: Any
    state: str
    decided_at: Any
    reason: str | None
    answered_in: str | None


class NewObjection(NamedTuple):
    """What somebody says. line: as printed, None for the whole sheet. name: None for an anonymous one.

    about: the user it is about. received_by: who took it down; None from the public page.
    """

    line: int | None
    words: str
    name: str | None
    contact: str | None
    about: int | None = None
    received_by: int | None = None


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_COLUMNS = tuple(getattr(Objection, name) for name in ObjectionRow._fields)
_BY_ID = Prepared(
    select(*_COLUMNS).where(Objection.village_id == bindparam("village_id"), Objection.id == bindparam("id"))
)
_ADD = Change(insert(Objection))
_DECIDE = Change(
    update(Objection)
    .where(Objection.village_id == bindparam("in_village"), Objection.id == bindparam("objection_id"))
    .values(
        state=bindparam("new_state"),
        decided_at=bindparam("new_decided_at"),
        decided_by=bindparam("new_decided_by"),
        reason=bindparam("new_reason"),
    )
)
#: Open objections to a merit, on whichever edition of its sheet they were made.
_OPEN_TO_MERIT = Prepared(
    select(func.count())
    .select_from(NoticeLine)
    .join(
        Objection,
        and_(
            Objection.village_id == NoticeLine.village_id,
            Objection.publication_id == NoticeLine.publication_id,
            Objection.line_no == NoticeLine.line_no,
        ),
    )
    .where(
        NoticeLine.village_id == bindparam("village_id"),
        NoticeLine.merit_id == bindparam("merit_id"),
        Objection.state == "open",
    )
)
_FROM_PAGE = Prepared(
    select(_count_if(Objection.received_at > bindparam("since")), _count_if(Objection.state == "open")).where(
        Objection.village_id == bindparam("village_id"),
        Objection.publication_id == bindparam("publication_id"),
        Objection.channel == "page",
    )
)
_PEOPLE = select(Household.head, Member.name).outerjoin(
    Member, and_(Member.village_id == Household.village_id, Member.household_id == Household.id)
)


def find_objection(work: Work, village_id: int, id: str) -> ObjectionRow | None:
    found: Any = _BY_ID.first(work, village_id=village_id, id=id)
    return ObjectionRow(*found) if found else None


def get_objection(work: Work, village_id: int, id: str) -> ObjectionRow:
    """Raises NotFound."""
    found = find_objection(work, village_id, id)
    if found is None:
        raise NotFound()
    return found


def objections(village_id: int, *, state: str | None, publication_id: str | None) -> AnySelect:
    """Objections of a village; unordered."""
    statement: AnySelect = select(*_COLUMNS).where(Objection.village_id == village_id)
    if state is not None:
        statement = statement.where(Objection.state == state)
    if publication_id is not None:
        statement = statement.where(Objection.publication_id == publication_id)
    return statement


def find_cadre(work: Work, village: VillageRef, username: str | None) -> int | None:
    """The user an objection is about. Raises Invalid where nobody of that name works in the village."""
    if username is None:
        return None
    user = find_user(work, username)
    if user is None or not any(village.path.startswith(grant.path) for grant in grants_of(work, user.id)):
        raise Invalid(errors={"about": ["本村没有这位工作人员"]})
    return user.id


def record_objection(work: Work, village_id: int, publication_id: str, id: str, said: NewObjection) -> ObjectionRow:
    """Take an objection down; it holds the merit of its line, if the line is one, and no other (登记异议).

    Raises NotFound, Gone (the sheet is down or corrected), Invalid (no such line), PeriodClosed (the line counts
    already, or no more), TooManyRequests from the public page.
    """
    sheet = get_publication(work, village_id, publication_id)
    if not is_public(sheet.kind):
        raise NotFound()
    if sheet.withdrawn_at is not None or sheet.replaced_by is not None:
        raise Gone("这张公示已撤下或已更正，请对新的一版提出")
    matter = _matter(sheet, said.line)
    if said.received_by is None:
        _refuse_flood(work, village_id, publication_id)
    merit_id = find_merit_on_line(work, village_id, publication_id, said.line) if said.line is not None else None
    if merit_id is not None and get_merit(work, village_id, merit_id).state not in OPEN:
        raise PeriodClosed()
    if merit_id is not None and not hold_merit(work, village_id, merit_id):
        raise PeriodClosed()
    _ADD.run(work, **_row(work, village_id, publication_id, id, said, matter=matter))
    return get_objection(work, village_id, id)


def decide(work: Work, village: VillageRef, id: str, *, decision: str, reason: str, by: Actor) -> ObjectionRow:
    """Uphold an objection or dismiss it (异议处理); the reason is printed on the next sheet.

    Upheld, its line never counts; dismissed, it goes on where it was, unless another objection to it is open. Raises
    NotFound, SelfDealing, NotPending, PrivateData (in the reason).
    """
    village_id = village.id
    found = get_objection(work, village_id, id)
    merit_id = (
        find_merit_on_line(work, village_id, found.publication_id, found.line_no) if found.line_no is not None else None
    )
    if findings := check_document({"reason": reason}):
        raise PrivateData(findings)
    _refuse_self(work, village_id, found, merit_id, by=by, is_above=by.stands_above(village.path))
    if merit_id is not None:
        lock_account(work, village_id, get_merit(work, village_id, merit_id).household_id)
    if get_objection(work, village_id, id).state != "open":
        raise NotPending("这条异议已经处理")
    state = "upheld" if decision == "uphold" else "dismissed"
    _DECIDE.run(
        work,
        in_village=village_id,
        objection_id=id,
        new_state=state,
        new_decided_at=work.now,
        new_decided_by=by.user_id,
        new_reason=reason,
    )
    if merit_id is not None:
        _settle(work, village_id, merit_id, state=state, reason=reason)
    return get_objection(work, village_id, id)


def _settle(work: Work, village_id: int, merit_id: str, *, state: str, reason: str) -> None:
    if state == "upheld":
        reject_merit(work, village_id, merit_id, reason=reason)
    elif _OPEN_TO_MERIT.one(work, village_id=village_id, merit_id=merit_id)[0] == 0:
        release_merit(work, village_id, merit_id)


def _refuse_self(
    work: Work, village_id: int, found: ObjectionRow, merit_id: str | None, *, by: Actor, is_above: bool
) -> None:
    """Not decided by whom it names, who scored or signed, who objected or took it down or made the sheet, nor by
    somebody of the household that the points are for or declared to step aside for it.

    An admin above the village may decide what they took down: there the paper ends when nobody else is left.
    """
    concerned = {found.about}
    if not is_above:
        concerned |= {found.received_by, _maker_of(work, village_id, found.publication_id)}
    if found.name is not None and found.name == by.name:
        raise SelfDealing()
    if merit_id is not None:
        merit = get_merit(work, village_id, merit_id)
        concerned |= {merit.logged_by, *(reviewer for _, reviewer in signatures_on(work, village_id, merit_id))}
        if by.name in _people_of(work, village_id, merit.household_id):
            raise SelfDealing()
        refuse_self_dealing(work, village_id, by.user_id, merit.household_id)
    if by.user_id in concerned:
        raise SelfDealing()


def _maker_of(work: Work, village_id: int, publication_id: str) -> int | None:
    statement = select(Publication.actor_id).where(
        Publication.village_id == village_id, Publication.id == publication_id
    )
    return work.read(statement).scalar_one()


def _people_of(work: Work, village_id: int, household_id: int) -> set[str]:
    """Names of a household; staff are villagers too, and no register says who is who."""
    rows = work.read(_PEOPLE.where(Household.village_id == village_id, Household.id == household_id))
    return {name for row in rows for name in row if name is not None}


def _refuse_flood(work: Work, village_id: int, publication_id: str) -> None:
    """A page that anyone may send from takes only as much as a village has to say."""
    since = work.now - timedelta(hours=1)
    received, waiting = _FROM_PAGE.one(work, village_id=village_id, publication_id=publication_id, since=since)
    if received >= MOST_AN_HOUR or waiting >= MOST_OPEN:
        raise TooManyRequests("网上收到的异议太多，请到村务监督委员会当面提出", retry_after=3600)


def _matter(sheet: PublicationRow, line: int | None) -> str:
    """What a line is about, without a name. Raises Invalid for a line that isn't there."""
    if line is None:
        return WHOLE
    items = sheet.content()["items"]
    if line > len(items):
        raise Invalid(errors={"line": [f"这张公示只有 {len(items)} 行"]})
    item = items[line - 1]
    words: str = item.get("matter") or item.get("goods") or _PLAIN_MATTER.get(sheet.kind, WHOLE)
    # cut between two words it would end in a blank, which no sheet prints
    return words[:_LONGEST_MATTER].strip()


_PLAIN_MATTER = {"ledger": "本户积分", "closing": "本户结转", "honor_roll": "本户（人）名次"}


def _row(
    work: Work, village_id: int, publication_id: str, id: str, said: NewObjection, *, matter: str
) -> dict[str, object]:
    return {
        "village_id": village_id,
        "id": id,
        "publication_id": publication_id,
        "line_no": said.line,
        "matter": matter,
        "channel": "page" if said.received_by is None else "paper",
        "words": said.words,
        "name": said.name,
        "contact": said.contact,
        "about": said.about,
        "received_at": work.now,
        "received_by": said.received_by,
        "state": "open",
        "decided_at": None,
        "decided_by": None,
        "reason": None,
        "answered_in": None,
    }
