"""The daily seal (日结封存): what was booked stays what was booked, and the notice board is the witness.

Each village's seals form a chain; the first 16 digits of the newest digest stand on every printed sheet. A seal takes
the marks of all rows recorded since the one before, so an edit, a removal at the end, or a row slipped in later no
longer fits.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, bindparam, insert, select, update

from pointshop.core.clock import as_text
from pointshop.core.db import LONGEST_UNIT
from pointshop.core.work import Change, Prepared, Work
from pointshop.core.writers import await_writers
from pointshop.ledger.models import Entry, Seal
from pointshop.regions.models import Village

#: Rows younger than this are left for the next seal where writers run side by side: a unit of work that began before
#: the seal may still write a row of its own, earlier instant. None commits that is older than `LONGEST_UNIT`; the rest
#: is for clocks of several servers that do not quite agree. SQLite has one writer, which is the sealing one; but what
#: the next one writes may bear the very same instant.
GRACE = {"sqlite": timedelta(microseconds=1), "postgresql": LONGEST_UNIT + timedelta(seconds=15)}
DAWN = datetime(2000, 1, 1, tzinfo=UTC)
NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Sealed:
    """A stream of rows that seals cover: (mark, amount) in a total order, between :after and :until of a village.

    joined_later: there were seals before it was covered; a seal names it only where it has rows, so those stay good.
    """

    name: str
    statement: Select[str, int]
    joined_later: bool = False

    @property
    def tables(self) -> list[Table]:
        return [source for source in self.statement.get_final_froms() if isinstance(source, Table)]


ENTRIES = Sealed(
    "entry",
    select(Entry.mark, Entry.points)
    .where(
        Entry.village_id == bindparam("village_id"),
        Entry.recorded_at > bindparam("after"),
        Entry.recorded_at <= bindparam("until"),
    )
    .order_by(Entry.recorded_at, Entry.account_id, Entry.seq),
)


class SealRow(NamedTuple):
    number: int
    until_at: datetime
    entry_count: int
    points_moved: int
    digest: str


_LAST = Prepared(
    select(Seal.number, Seal.until_at, Seal.entry_count, Seal.points_moved, Seal.digest)
    .where(Seal.village_id == bindparam("village_id"))
    .order_by(Seal.number.desc())
    .limit(1)
)
_ADD = Change(insert(Seal))
_SEALED = Change(
    update(Village).where(Village.village_id == bindparam("in_village")).values(sealed_until=bindparam("until"))
)


def find_last_seal(work: Work, village_id: int) -> SealRow | None:
    found = _LAST.first(work, village_id=village_id)
    return SealRow(*found) if found else None


def seal_village(work: Work, village_id: int, streams: Sequence[Sealed]) -> SealRow | None:
    """Seal what was booked since the last time; None when there is nothing new.

    Raises Busy while somebody's unfinished writing (F18 of threats.md) would be left out.
    """
    await_writers(work, [table for stream in streams for table in stream.tables])
    last = find_last_seal(work, village_id) or SealRow(0, DAWN, 0, 0, NO_DIGEST)
    until = work.now - GRACE[work.dialect.name]
    count, moved, digest = _digest(work, village_id, streams, last=last, until=until, sealed_on=work.today)
    if count == 0:
        return None
    sealed = SealRow(last.number + 1, until, count, moved, digest)
    _ADD.run(
        work,
        village_id=village_id,
        number=sealed.number,
        sealed_on=work.today,
        until_at=until,
        entry_count=count,
        points_moved=moved,
        digest=digest,
    )
    _SEALED.run(work, in_village=village_id, until=until)
    return sealed


def broken_seals(work: Work, village_id: int, streams: Sequence[Sealed]) -> Iterator[dict[str, Any]]:
    """The seals of a village that no longer fit what is in the books."""
    statement = (
        select(Seal.number, Seal.until_at, Seal.entry_count, Seal.points_moved, Seal.digest, Seal.sealed_on)
        .where(Seal.village_id == village_id)
        .order_by(Seal.number)
    )
    last = SealRow(0, DAWN, 0, 0, NO_DIGEST)
    for row in work.read(statement).all():
        seal = SealRow(row.number, row.until_at, row.entry_count, row.points_moved, row.digest)
        found = _digest(work, village_id, streams, last=last, until=seal.until_at, sealed_on=row.sealed_on)
        if seal.number != last.number + 1 or found != (seal.entry_count, seal.points_moved, seal.digest):
            yield {"village_id": village_id, "seal": seal.number, "sealed": seal.entry_count, "found": found[0]}
        last = seal


def _digest(
    work: Work, village_id: int, streams: Sequence[Sealed], *, last: SealRow, until: datetime, sealed_on: date
) -> tuple[int, int, str]:
    """Rows, sum of absolute amounts, and SHA-256 over the previous digest, day, bounds and every row's mark."""
    head = (last.digest, village_id, sealed_on, as_text(last.until_at), as_text(until))
    hashed = hashlib.sha256("".join(f"{part}\n" for part in head).encode())
    count = moved = 0
    for stream in streams:
        is_named = not stream.joined_later
        if is_named:
            hashed.update(f"{stream.name}\n".encode())
        bounds = {"village_id": village_id, "after": last.until_at, "until": until}
        for mark, amount in work.read(stream.statement.params(bounds).execution_options(yield_per=5000)):
            if not is_named:
                hashed.update(f"{stream.name}\n".encode())
                is_named = True
            hashed.update(mark.encode())
            count += 1
            moved += abs(amount)
    return count, moved, hashed.hexdigest()
