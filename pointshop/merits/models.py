"""Tables of rules, merits, reviews and photos."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers
from pointshop.core.periods import PERIOD_KINDS

#: States in which a merit counts against caps and duplicates; in words, as the index below needs it.
LIVE_STATES = ("submitted", "approved", "noticed", "held", "posted")
LIVE = f"state IN ({', '.join(map(repr, LIVE_STATES))})"
#: On a notice that hangs, and waiting for its period to end.
WAITING = "state = 'noticed'"
#: Approved, and waiting for a notice, or for the one it stands on to be hung.
APPROVED = "state = 'approved'"
STATES = ("submitted", "approved", "noticed", "held", "posted", "rejected", "withdrawn", "reversed")


class RuleVersion(Base):
    """A rule (积分细则) as it stands from a day on. A change makes a new version; merits keep theirs."""

    __tablename__ = "rule_version"
    __table_args__ = (
        ForeignKeyConstraint(["village_id"], ["village.village_id"]),
        CheckConstraint("points <> 0 AND points BETWEEN -10000 AND 10000", name="points"),
        CheckConstraint("cap > 0", name="cap"),
        CheckConstraint("(cap IS NULL) = (cap_period IS NULL)", name="cap_has_period"),
        one_of("cap_period", PERIOD_KINDS),
        one_of("track", ["spend", "honor"]),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(60))
    #: for one `per`; negative for a deduction
    points: Mapped[int] = mapped_column(Integer)
    #: what quantity counts: 次, 小时, 件
    per: Mapped[str] = mapped_column(String(10))
    #: most that counts for a household in a period
    cap: Mapped[int | None] = mapped_column(Integer)
    cap_period: Mapped[str | None] = mapped_column(String(10))
    #: what proves the deed, in words
    evidence: Mapped[str | None] = mapped_column(String(60))
    #: `spend`: points go to the account and count for honor; `honor`: only the latter
    track: Mapped[str] = mapped_column(String(10))
    is_active: Mapped[bool] = mapped_column(Boolean(name="is_active"))
    effective_from: Mapped[date] = mapped_column(Date)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int] = mapped_column(BigInteger)


class Merit(Base):
    """What a household or one of its members did, and what it is worth (积分记录)."""

    __tablename__ = "merit"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "member_id"], ["member.village_id", "member.id"]),
        ForeignKeyConstraint(
            ["village_id", "rule_code", "rule_version"],
            ["rule_version.village_id", "rule_version.code", "rule_version.version"],
        ),
        # one deed, one merit; and how much of a cap is used is read from here
        Index(
            "uq_merit_deed",
            "village_id",
            "household_id",
            "rule_code",
            "occurred_on",
            func.coalesce(text("member_id"), text("0")),
            "note",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index(
            "ix_merit_waiting",
            "village_id",
            "household_id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index(
            "ix_merit_approved",
            "village_id",
            "id",
            sqlite_where=text(APPROVED),
            postgresql_where=text(APPROVED),
        ),
        Index("ix_merit_day", "village_id", "occurred_on", "id"),
        one_of("state", STATES),
        CheckConstraint("quantity BETWEEN 1 AND 9999", name="quantity"),
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("levels_needed BETWEEN 0 AND 2", name="levels_needed"),
        CheckConstraint("state <> 'noticed' OR due_on IS NOT NULL", name="noticed_has_end"),
        CheckConstraint("(state = 'reversed') = (reversed_at IS NOT NULL)", name="reversed_has_time"),
        CheckConstraint("entry_seq IS NULL OR state IN ('posted', 'reversed')", name="only_posted_has_entry"),
        *whole_numbers("quantity", "points"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    household_id: Mapped[int] = mapped_column(BigInteger)
    member_id: Mapped[int | None] = mapped_column(BigInteger)
    rule_code: Mapped[str] = mapped_column(String(20))
    rule_version: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[int] = mapped_column(Integer)
    #: what the rule gives; a deduction may have taken less (see its entry)
    points: Mapped[int] = mapped_column(Integer)
    occurred_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10))
    #: signatures it needs, as the village was set when it was logged
    levels_needed: Mapped[int] = mapped_column(SmallInteger)
    #: first day on which a merit may be posted: known once its notice hangs
    due_on: Mapped[date | None] = mapped_column(Date)
    #: line in the passbook; none for honor alone, or where nothing was left to deduct
    entry_seq: Mapped[int | None] = mapped_column(Integer)
    #: the batch it came in
    batch_id: Mapped[str | None] = mapped_column(Name)
    logged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    logged_by: Mapped[int] = mapped_column(BigInteger)
    reversed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: why it was withdrawn or reversed
    end_reason: Mapped[str | None] = mapped_column(String(200))


class MeritReview(Base):
    """One signature on a merit (审核)."""

    __tablename__ = "merit_review"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "merit_id"], ["merit.village_id", "merit.id"]),
        CheckConstraint("level BETWEEN 1 AND 2", name="level"),
        one_of("decision", ["approve", "reject"]),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    merit_id: Mapped[str] = mapped_column(Name, primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    decision: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str | None] = mapped_column(String(200))
    reviewer_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class DeclaredConflict(Base):
    """A merit that its logger says is for their own family (申报回避): a higher region signs it; it stays marked."""

    __tablename__ = "declared_conflict"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "merit_id"], ["merit.village_id", "merit.id"]),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    merit_id: Mapped[str] = mapped_column(Name, primary_key=True)
    declared_by: Mapped[int] = mapped_column(BigInteger)
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Photo(Base):
    """Evidence of a merit (佐证照片); the picture itself lies in the data folder under its digest."""

    __tablename__ = "photo"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "merit_id"], ["merit.village_id", "merit.id"]),
        Index("ix_photo_merit", "village_id", "merit_id"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    merit_id: Mapped[str] = mapped_column(Name)
    #: SHA-256 of the re-encoded JPEG
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    uploaded_by: Mapped[int] = mapped_column(BigInteger)
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class NoticeLine(Base):
    """A merit as a line of a merit notice (公示条目). Never changed; a corrected sheet has lines of its own."""

    __tablename__ = "notice_line"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "publication_id"], ["publication.village_id", "publication.id"]),
        ForeignKeyConstraint(["village_id", "merit_id"], ["merit.village_id", "merit.id"]),
        Index("ix_notice_line_merit", "village_id", "merit_id"),
        CheckConstraint("line_no > 0", name="line_no"),
        *whole_numbers("line_no"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    publication_id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: as printed: 1, 2, 3 …
    line_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    merit_id: Mapped[str] = mapped_column(Name)
