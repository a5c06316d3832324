"""What is done with publications: freeze, withdraw."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import insert

from pointshop.core.errors import Invalid, NameReused, NotFound, Refused
from pointshop.core.marks import row_mark
from pointshop.core.numbers import take_numbers
from pointshop.core.work import Change, Work
from pointshop.publishing import privacy
from pointshop.publishing.document import canonical_json, digest
from pointshop.publishing.models import Publication, PublicLink, Withdrawal
from pointshop.publishing.parts import MAX_EDITION
from pointshop.publishing.queries import PublicationRow, find_publication

_TOKEN_BYTES = 16
_WORDS = {
    privacy.Kind.IDENTITY: "疑似身份证号",
    privacy.Kind.MOBILE: "疑似手机号",
    privacy.Kind.LANDLINE: "疑似电话号码",
    privacy.Kind.BANK_CARD: "疑似银行卡号",
}


class PrivateDataRefused(Refused):
    """The sheet would show a number that belongs to a person; `errors` names each field."""

    code, title = "private_data", "公示内容含有不能公开的个人信息"


class AlreadyWithdrawn(Refused):
    code, title = "already_voided", "该公示已撤下"


class AlreadyReplaced(Refused):
    code, title = "already_voided", "该公示已被更正，请更正最新的一版"


class Reserved(NamedTuple):
    """The number and the secret of a page that a publication is about to get. replaces: the edition it corrects."""

    year: int
    serial: int
    token: str
    edition: int = 1
    replaces: PublicationRow | None = None


class Term(NamedTuple):
    """First and last village day of the public page."""

    from_on: date
    until_on: date


_FREEZE = Change(insert(Publication))
_LINK = Change(insert(PublicLink))
_WITHDRAW = Change(insert(Withdrawal))


def refuse_private(document: Mapping[str, object]) -> None:
    """Let a document pass that shows nobody's private numbers. Raises PrivateDataRefused."""
    findings = privacy.check_document(document)
    if findings:
        raise PrivateDataRefused(errors=_by_field(findings))


def refuse_taken(work: Work, village_id: int, publication_id: str) -> None:
    """Raises NameReused when another kind of publication goes by this name."""
    if find_publication(work, village_id, publication_id) is not None:
        raise NameReused()


def find_replaceable(work: Work, village_id: int, publication_id: str | None, *, kind: str) -> PublicationRow | None:
    """The edition that a correction (更正) shall replace; None where there is none to replace.

    Raises Invalid for one of another kind or the last edition there may be, AlreadyReplaced, AlreadyWithdrawn.
    """
    if publication_id is None:
        return None
    found = find_publication(work, village_id, publication_id)
    if found is None or found.kind != kind:
        raise Invalid(errors={"replaces": ["没有这一期同类公示"]})
    if found.replaced_by is not None:
        raise AlreadyReplaced()
    if found.withdrawn_at is not None:
        # what stood on it was given back, and may hang elsewhere by now
        raise AlreadyWithdrawn("该公示已撤下，请另制作一期")
    if found.edition >= MAX_EDITION:
        raise Invalid(errors={"replaces": [f"已更正到第 {MAX_EDITION} 版，请另制作一期"]})
    return found


def reserve(work: Work, village_id: int, kind: str, *, replaces: PublicationRow | None = None) -> Reserved:
    """Take the next number of a kind in this year, or for a correction the same number once more.

    A number is given back when the unit of work rolls back.
    """
    if replaces is not None:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        return Reserved(replaces.year, replaces.serial, token, replaces.edition + 1, replaces)
    year = work.today.year
    (serial,) = take_numbers(work, village_id, f"{kind} {year}")
    return Reserved(year, serial, secrets.token_urlsafe(_TOKEN_BYTES))


def publish(
    work: Work,
    village_id: int,
    *,
    id: str,
    kind: str,
    reserved: Reserved,
    document: Mapping[str, object],
    term: Term,
    actor_id: int,
) -> PublicationRow:
    """Freeze a document for ever under the number reserved for it.

    document: JSON values only; it must have passed `refuse_private` and `refuse_taken` before its number was taken.
    Raises NotCanonical.
    """
    text, fingerprint = canonical_json(dict(document)).decode(), digest(document)
    row: dict[str, object] = {
        "village_id": village_id,
        "id": id,
        "kind": kind,
        "year": reserved.year,
        "serial": reserved.serial,
        "edition": reserved.edition,
        "replaces": reserved.replaces.id if reserved.replaces else None,
        "document": text,
        "digest": fingerprint,
        "token": reserved.token,
        "published_at": work.now,
        "from_on": term.from_on,
        "until_on": term.until_on,
        "actor_id": actor_id,
    }
    _FREEZE.run(work, **row, mark=row_mark(*row.values()))
    _LINK.run(work, token=reserved.token, village_id=village_id, publication_id=id)
    number = (reserved.year, reserved.serial, reserved.edition)
    return PublicationRow(id, kind, *number, text, fingerprint, reserved.token, work.now, *term)


def withdraw(work: Work, village_id: int, publication_id: str, *, reason: str, actor_id: int) -> PublicationRow:
    """End a public page before its time; the document stays in the books. Raises NotFound, AlreadyWithdrawn."""
    found = find_publication(work, village_id, publication_id)
    if found is None:
        raise NotFound()
    if found.withdrawn_at is not None:
        raise AlreadyWithdrawn()
    _WITHDRAW.run(
        work,
        village_id=village_id,
        publication_id=publication_id,
        reason=reason,
        withdrawn_at=work.now,
        actor_id=actor_id,
    )
    return found._replace(withdrawn_at=work.now)


def _by_field(findings: Iterable[privacy.Finding]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in findings:
        path = finding.path.replace("[", ".").replace("]", "")
        found.setdefault(path, []).append(f"第 {finding.start + 1} 到 {finding.end} 个字{_WORDS[finding.kind]}")
    return found
