"""Numbers counted per village: of households, of members, of what is published in a year."""

from sqlalchemy import BigInteger, CheckConstraint, String, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.db import Base
from pointshop.core.work import Prepared, Work


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
