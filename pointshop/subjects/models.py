"""The table of erasures."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import whole_numbers


class Erasure(Base):
    """Whose data were erased (删除记录): ids alone, so that an old backup can be made to forget too. Never changed."""

    __tablename__ = "erasure"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_erasure_household", "village_id", "household_id"),
        CheckConstraint("member_id >= 0", name="member_id"),
        *whole_numbers("member_id"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    #: 0 for the household with all its members
    member_id: Mapped[int] = mapped_column(BigInteger)
    #: why: asked for, or its time was over
    basis: Mapped[str] = mapped_column(String(20))
    erased_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
