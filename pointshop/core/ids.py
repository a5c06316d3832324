"""Names made by clients, names made by us, and numbers counted per village."""

import hashlib
import re
import secrets
import time

from sqlalchemy import BigInteger, CheckConstraint, String, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.db import Base
from pointshop.core.work import Prepared, Work

#: UUID version 4 or 7, lower case, with hyphens: the only spelling of a name.
NAME_PATTERN = r"[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_NAME = re.compile(NAME_PATTERN, re.ASCII)


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def new_name() -> str:
    """A UUIDv7: 48 bits of milliseconds, then chance (RFC 9562)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return _spell(number)


def derived_name(*parts: str | int) -> str:
    """A name that follows from others, the same each time: SHA-256 of the parts in the shape of a version 4."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    number = int.from_bytes(digest[:16])
    number = number & ~(0xF << 76) | 0x4 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return _spell(number)


def _spell(number: int) -> str:
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Counter(Base):
    """The last number given out per village and purpose. For rare things only: its row is shared by the village."""

    __tablename__ = "counter"
    __table_args__ = (CheckConstraint("value > 0", name="positive"), {"info": {"dist": "village_id"}})

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: what is counted, with its year where it starts anew each year: `household`, `honor_roll 2026`
    purpose: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


_TAKE = insert(Counter).values(
    village_id=bindparam("village_id"), purpose=bindparam("purpose"), value=bindparam("count")
)
_TAKE_NUMBERS = Prepared(
    _TAKE.on_conflict_do_update(
        index_elements=[Counter.village_id, Counter.purpose],
        set_={"value": Counter.value + _TAKE.excluded.value},
    ).returning(Counter.value)
)


def take_numbers(work: Work, village_id: int, purpose: str, *, count: int = 1) -> range:
    """The next `count` numbers of a purpose, from 1 on, never given out twice."""
    (last,) = _TAKE_NUMBERS.one(work, village_id=village_id, purpose=purpose, count=count)
    return range(last - count + 1, last + 1)
