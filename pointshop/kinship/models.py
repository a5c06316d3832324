"""The table of ties between staff and households."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of

#: `own`: the user lives there; `kin`: relatives of the user do.
RELATIONS = ("own", "kin")


class Tie(Base):
    """A declared tie between a member of staff and a household (回避关系). One that ended stays, with its days."""

    __tablename__ = "tie"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_tie_household", "village_id", "household_id"),
        one_of("relation", RELATIONS),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_someone"),
        CheckConstraint("ended_at >= declared_at", name="ended_after_start"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    household_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    relation: Mapped[str] = mapped_column(String(3))
    declared_by: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
