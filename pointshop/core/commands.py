"""Every write is a PUT to a name the client chose: doing it twice is doing it once.

One table remembers, per village, what was asked under a name and what was answered, success or business refusal. It is
written in the same unit of work as the effects, so its primary key is the guard: of two requests under one name, the
second to commit fails on the key, is rolled back whole, and answers what the first one answered.
(docs/decisions/0002-one-table-of-commands.md says why this is a table of its own.)
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    and_,
    bindparam,
    column,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core import faults
from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base, is_unique_violation, unit_of_work
from pointshop.core.errors import Gone, NameReused, Refused
from pointshop.core.request_id import request_id
from pointshop.core.strictjson import dumps
from pointshop.core.work import Change, Prepared, Work


class Command(Base):
    """What was asked under a client-made name and what was answered (受理记录). Never changed."""

    __tablename__ = "command"
    __table_args__ = (
        CheckConstraint("status IN (201, 422)", name="answered"),
        CheckConstraint("(status = 422) = (code IS NOT NULL)", name="refusal_has_code"),
        Index(
            "ix_command_refused",
            "village_id",
            "at",
            "kind",
            "id",
            postgresql_where=text("status = 422"),
            sqlite_where=text("status = 422"),
        ),
        # answers hold what only the asker may see
        {"info": {"dist": "village_id", "secret": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: the collection the name stands in: `merit`, `redemption`, `void`
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: digest of the body as asked
    asked: Mapped[str] = mapped_column(String(32))
    status: Mapped[int] = mapped_column(SmallInteger)
    #: refusal code, for the refusals log
    code: Mapped[str | None] = mapped_column(String(40))
    #: the answer's body, byte for byte; empty when it is no longer kept (pointshop.subjects)
    answer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


#: Of `regions.models.Village`, which stands on a higher floor: how far the village's books are sealed.
_village = table("village", column("village_id", BigInteger), column("sealed_until", UTCDateTime))
_PAST = Prepared(
    select(_village.c.sealed_until, Command.actor_id, Command.asked, Command.status, Command.answer)
    .select_from(_village)
    .outerjoin(
        Command,
        and_(
            Command.village_id == bindparam("village_id"),
            Command.id == bindparam("id"),
            Command.kind == bindparam("kind"),
        ),
    )
    .where(_village.c.village_id == bindparam("village_id"))
)
_REMEMBER = Change(insert(Command))


class AnswerGone(Gone):
    """What was answered is no longer kept: too old, or somebody's data in it were erased. It was done all the same."""

    title = "这项操作早已受理，当时的应答不再保存"


class Answer(NamedTuple):
    """status: 201 or 422. body: JSON text. replayed: it was answered before."""

    status: int
    body: str
    replayed: bool

    @property
    def http_status(self) -> int:
        """201 the first time, 200 when a success is told again, 422."""
        return 200 if self.replayed and self.status == 201 else self.status


class Asked(NamedTuple):
    """Under which name, by whom, what.

    body: as parsed from JSON. own_refusal: for names that are no client-made UUID of their own but a verb on one
    (`…/void`): another body under the name goes to the service, which refuses in its own words.
    """

    village_id: int
    kind: str
    id: str
    actor_id: int
    body: Any
    own_refusal: bool = False


def once(asked: Asked, run: Callable[[Work], Mapping[str, Any]]) -> Answer:
    """Do `run` in one unit of work, once for ever under this name; later calls get the first answer again.

    Raises NameReused when the name was used by someone else or for another body; other problems that don't stick
    pass through and leave nothing behind.
    """
    digest = fingerprint(asked.body)

    def step(work: Work) -> Answer:
        past = _look_up(work, asked, digest)
        if past.answer is not None:
            return past.answer
        faults.hit("after_lookup")
        try:
            document = run(work)
        except Refused as refusal:
            if refusal.counts:
                return _refuse(work, asked, digest, refusal, taken=past.taken or not refusal.sticks)
            if work.wrote or not refusal.sticks:
                raise
            return _refuse(work, asked, digest, refusal, taken=past.taken)
        if past.taken:
            raise NameReused()
        faults.hit("after_effects")
        return _remember(work, asked, digest, status=201, code=None, document=document)

    def refuse_late(work: Work) -> Answer:
        past = _look_up(work, asked, digest)
        return past.answer or _refuse(work, asked, digest, late, taken=past.taken)

    try:
        return _guarded_by_key(step)
    except Refused as refusal:
        if not refusal.sticks:
            raise
        late = refusal
    # refused after the first change: that unit is rolled back, the refusal is remembered in one of its own
    return _guarded_by_key(refuse_late)


def _guarded_by_key(step: Callable[[Work], Answer]) -> Answer:
    """Run a step; where a key stops it, once more, to see what was committed under that key in the meantime.

    Raises NameReused where the key stops it again: then it is not this name's answer that is in the way, but a row
    of that name which came otherwise, such as a merit of a batch.
    """
    try:
        return unit_of_work(step)
    except Exception as error:
        if not is_unique_violation(error):
            raise
    try:
        return unit_of_work(step)
    except Exception as error:
        if is_unique_violation(error):
            raise NameReused() from error
        raise


def fingerprint(body: Any) -> str:
    """Equal for equal JSON values whatever their spelling: 128 bits of BLAKE2b over sorted keys."""
    return hashlib.blake2b(_SORTED.encode(body).encode(), digest_size=16).hexdigest()


def keyed_fingerprint(secret: str, value: Any) -> str:
    """Of something with so few values that a plain digest could be tried out: HMAC-SHA-256, hex. secret: the
    installation's, which is not in the database."""
    key = hmac.digest(secret.encode(), b"pointshop command body 1", hashlib.sha256)
    return hmac.new(key, _SORTED.encode(value).encode(), hashlib.sha256).hexdigest()


_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class _Past(NamedTuple):
    """answer: what was answered to just this; taken: the name is used, for something else."""

    answer: Answer | None
    taken: bool


def _look_up(work: Work, asked: Asked, digest: str) -> _Past:
    past: Any = _PAST.one(work, village_id=asked.village_id, id=asked.id, kind=asked.kind)
    sealed_until, actor_id, body, status, answer = past
    work.come_after(sealed_until)
    if actor_id is None:
        return _Past(None, False)
    if actor_id == asked.actor_id and body == digest:
        if not answer:
            raise AnswerGone()
        return _Past(Answer(status, answer, True), True)
    if not asked.own_refusal:
        raise NameReused()
    return _Past(None, True)


def _refuse(work: Work, asked: Asked, digest: str, refusal: Refused, *, taken: bool) -> Answer:
    document = refusal.document(instance=request_id())
    if taken:
        return Answer(422, dumps(document), False)
    return _remember(work, asked, digest, status=422, code=refusal.code, document=document)


def _remember(
    work: Work, asked: Asked, digest: str, *, status: int, code: str | None, document: Mapping[str, Any]
) -> Answer:
    answer = dumps(document)
    _REMEMBER.run(
        work,
        village_id=asked.village_id,
        id=asked.id,
        kind=asked.kind,
        actor_id=asked.actor_id,
        asked=digest,
        status=status,
        code=code,
        answer=answer,
        at=work.now,
    )
    return Answer(status, answer, False)
