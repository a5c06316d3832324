"""The table of closing policies."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.closing.rules import CYCLES, RULES
from pointshop.core.columns import UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers


class ClosingPolicy(Base):
    """How a village ends its periods (结转办法), as decided at an instant; the newest counts. Never changed."""

    __tablename__ = "closing_policy"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        one_of("cycle", CYCLES),
        one_of("rule", RULES),
        CheckConstraint("share BETWEEN 1 AND 99", name="share"),
        CheckConstraint("points_limit BETWEEN 1 AND 1000000", name="points_limit"),
        CheckConstraint("(rule = 'share') = (share IS NOT NULL)", name="only_share_has_share"),
        CheckConstraint("(rule = 'limit') = (points_limit IS NOT NULL)", name="only_limit_has_limit"),
        *whole_numbers("version", "share", "points_limit"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    cycle: Mapped[str] = mapped_column(String(7))
    rule: Mapped[str] = mapped_column(String(5))
    #: per cent that is kept
    share: Mapped[int | None] = mapped_column(SmallInteger)
    #: most points that are kept
    points_limit: Mapped[int | None] = mapped_column(Integer)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
