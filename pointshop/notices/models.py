"""What each sheet holds of the books: the days it tells of. Lines of merit notices are merits.models.NoticeLine."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name
from pointshop.core.db import Base


class Coverage(Base):
    """Which days of the books a sheet tells of (公开期间): what the rhythm of publishing is held against."""

    __tablename__ = "coverage"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "publication_id"], ["publication.village_id", "publication.id"]),
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_coverage_kind", "village_id", "kind", "last_on"),
        Index("ix_coverage_household", "village_id", "household_id"),
        CheckConstraint("first_on <= last_on", name="ends_after_start"),
        CheckConstraint("(kind = 'passbook') = (household_id IS NOT NULL)", name="only_passbook_has_household"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    publication_id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: that of the publication
    kind: Mapped[str] = mapped_column(String(20))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    #: whose page it is, of a passbook
    household_id: Mapped[int | None] = mapped_column(BigInteger)
