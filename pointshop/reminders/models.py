"""The table of reminders."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base


class Reminder(Base):
    """Something a household is asked to put right (整改提醒). It costs no points and stands on no board."""

    __tablename__ = "reminder"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        Index("ix_reminder_household", "village_id", "household_id"),
        Index("ix_reminder_due", "village_id", "due_on", "id"),
        CheckConstraint("(cleared_at IS NULL) = (sha256 IS NULL)", name="cleared_has_photo"),
        CheckConstraint("(cleared_at IS NULL) = (cleared_by IS NULL)", name="cleared_by_someone"),
        CheckConstraint("(sha256 IS NULL) = (photo_id IS NULL)", name="photo_has_name"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    item: Mapped[str] = mapped_column(String(100))
    due_on: Mapped[date] = mapped_column(Date)
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_by: Mapped[int] = mapped_column(BigInteger)
    cleared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cleared_by: Mapped[int | None] = mapped_column(BigInteger)
    #: the photo that shows it done: its name, and the SHA-256 of the re-encoded JPEG
    photo_id: Mapped[str | None] = mapped_column(Name)
    sha256: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
