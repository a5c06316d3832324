"""How often one person or one purse may do something (threats.md §6.5), counted in the database.

What is not limited is not counted (docs/decisions/0017-limits.md). One upsert of a row that belongs to one
person or household alone: nobody waits for anybody else, and nothing is counted where nothing is limited.
"""

from collections import OrderedDict
from datetime import datetime
from math import ceil
from threading import Lock

from flask import current_app
from sqlalchemy import BigInteger, CheckConstraint, Integer, String, bindparam, case
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.config import Limit, current_config
from pointshop.core.columns import UTCDateTime
from pointshop.core.db import Base
from pointshop.core.errors import TooManyRequests
from pointshop.core.guards import whole_numbers
from pointshop.core.work import Prepared, Work

#: Limits that each phone has for itself, not each user.
BY_DEVICE = frozenset({"sync", "upload"})


class Allowance(Base):
    """How much of a limit is used up (限次) in the window that began with the first use."""

    __tablename__ = "allowance"
    __table_args__ = (
        CheckConstraint("used > 0", name="used"),
        *whole_numbers("used"),
        {"info": {"dist": "village_id", "secret": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: a name of config.LIMITS
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    #: a user's or household's id, or the digest of a device's token
    who: Mapped[str] = mapped_column(String(64), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used: Mapped[int] = mapped_column(Integer)


_FIRST = insert(Allowance).values(
    village_id=bindparam("village_id"),
    kind=bindparam("kind"),
    who=bindparam("who"),
    began_at=bindparam("now"),
    used=1,
)
_IS_OVER = Allowance.began_at <= bindparam("over_before")
_USE = Prepared(
    _FIRST.on_conflict_do_update(
        index_elements=[Allowance.village_id, Allowance.kind, Allowance.who],
        set_={
            "began_at": case((_IS_OVER, _FIRST.excluded.began_at), else_=Allowance.began_at),
            "used": case((_IS_OVER, 1), else_=Allowance.used + 1),
        },
    ).returning(Allowance.began_at, Allowance.used)
)


def use(work: Work, village_id: int, kind: str, who: object) -> None:
    """Count one use by someone, in the unit of work that does the thing: what is rolled back was no use.

    Raises TooManyRequests, after which the use is not counted.
    """
    limit = current_config().limits.get(kind)
    if limit is None:
        return
    wrote = work.wrote
    began_at, used = _USE.one(
        work, village_id=village_id, kind=kind, who=str(who), now=work.now, over_before=work.now - limit.window
    )
    # no effect of what is asked: a refusal may be remembered beside it, and was a use
    work.wrote = wrote
    if used > limit.most:
        over_at: datetime = began_at + limit.window
        raise TooManyRequests(retry_after=max(1, int((over_at - work.now).total_seconds()) + 1))


class Visitors:
    """The same for strangers, by address, in the memory of one process: to write for each read would cost more than the
    read, and a stranger must not be able to make us write."""

    def __init__(self, limit: Limit, *, addresses: int = 10_000) -> None:
        """addresses: remembered, the latest."""
        self._limit, self._addresses = limit, addresses
        self._calls: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = Lock()

    def check(self, address: str, now: datetime) -> None:
        """Raises TooManyRequests for an address that has used up its limit."""
        with self._lock:
            began_at, used = self._calls.get(address, (now, 0))
        over_at = began_at + self._limit.window
        if used >= self._limit.most and now < over_at:
            raise TooManyRequests(retry_after=max(1, ceil((over_at - now).total_seconds())))

    def count(self, address: str, now: datetime) -> None:
        """Count one use by an address."""
        with self._lock:
            began_at, used = self._calls.pop(address, (now, 0))
            if began_at + self._limit.window <= now:
                began_at, used = now, 0
            self._calls[address] = began_at, used + 1
            while len(self._calls) > self._addresses:
                self._calls.popitem(last=False)


def visitors(kind: str, limit: Limit) -> Visitors:
    """Who came to one kind of thing, as long as this process lives."""
    found: Visitors = current_app.extensions.setdefault(f"pointshop.visitors.{kind}", Visitors(limit))
    return found


def admit_visitor(address: str, now: datetime, *, kind: str = "page") -> None:
    """Let a stranger in, as often as the installation allows for a kind. Raises TooManyRequests."""
    limit = current_config().limits.get(kind)
    if limit is not None:
        come = visitors(kind, limit)
        come.check(address, now)
        come.count(address, now)
