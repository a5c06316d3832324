"""Tables of what was published. Append-only: a sheet that hung on the wall can't be unsaid, only withdrawn."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers


class Publication(Base):
    """A frozen sheet (公示): its document, its yearly number, how long it may be read without a login."""

    __tablename__ = "publication"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "replaces"], ["publication.village_id", "publication.id"], name="fk_publication_replaces"
        ),
        UniqueConstraint("village_id", "kind", "year", "serial", "edition", name="uq_publication_number"),
        UniqueConstraint("village_id", "token"),
        CheckConstraint("serial > 0", name="serial"),
        CheckConstraint("edition > 0", name="edition"),
        CheckConstraint("(edition > 1) = (replaces IS NOT NULL)", name="correction_replaces"),
        CheckConstraint("until_on >= from_on", name="ends_after_start"),
        CheckConstraint("length(digest) = 64", name="digest"),
        *whole_numbers("year", "serial", "edition"),
        # what replaces another came later
        {
            "info": {"dist": "village_id", "append_only": True, "order": ["published_at", "village_id", "id"]},
            "sqlite_with_rowid": False,
        },
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: `honor_roll`, or a name of publishing.kinds
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int] = mapped_column(SmallInteger)
    #: 期: 1, 2, 3 … without gaps in each village, kind and year
    serial: Mapped[int] = mapped_column(Integer)
    #: 1, or more for a correction (更正) under the same number
    edition: Mapped[int] = mapped_column(SmallInteger)
    #: id of the edition this one takes the place of
    replaces: Mapped[str | None] = mapped_column(Name)
    #: canonical JSON, byte for byte what the digest is over
    document: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the document
    digest: Mapped[str] = mapped_column(String(64))
    #: 128 random bits: who has the sheet may read the page
    token: Mapped[str] = mapped_column(String(22))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: first and last village day of the public page
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: digest of all of the above
    mark: Mapped[str] = mapped_column(String(16))


class Withdrawal(Base):
    """The end of a public page before its time (撤下): consent withdrawn, a mistake found."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "publication_id"], ["publication.village_id", "publication.id"]),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    publication_id: Mapped[str] = mapped_column(Name, primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)


class PublicLink(Base):
    """Which publication a token leads to, in one look-up over all villages.

    A reference table, since nothing unique over all villages can stand in a village's table (scale.md S8); it points
    into village tables without a foreign key, `verify` compares them. Few rows a year and village.
    """

    __tablename__ = "public_link"
    __table_args__ = ({"info": {"dist": "reference", "append_only": True}, "sqlite_with_rowid": False},)

    token: Mapped[str] = mapped_column(String(22), primary_key=True)
    village_id: Mapped[int] = mapped_column(BigInteger)
    publication_id: Mapped[str] = mapped_column(Name)


class Posting(Base):
    """Proof that a sheet hangs (张贴凭证): a photo of it, where, since when. Never changed.

    The first one of a sheet starts its notice period; the picture lies in the data folder under its digest.
    """

    __tablename__ = "posting"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "publication_id"], ["publication.village_id", "publication.id"]),
        Index("ix_posting_publication", "village_id", "publication_id", "recorded_at"),
        *whole_numbers("width", "height"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    publication_id: Mapped[str] = mapped_column(Name)
    place: Mapped[str] = mapped_column(String(60))
    #: the village day on which it was hung
    posted_on: Mapped[date] = mapped_column(Date)
    #: SHA-256 of the re-encoded JPEG
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    #: digest of all of the above
    mark: Mapped[str] = mapped_column(String(16))


class Objection(Base):
    """What somebody says against a sheet or one line of it (异议), and what the supervisor decided."""

    __tablename__ = "objection"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "publication_id"], ["publication.village_id", "publication.id"]),
        ForeignKeyConstraint(["village_id", "answered_in"], ["publication.village_id", "publication.id"]),
        Index("ix_objection_publication", "village_id", "publication_id"),
        Index("ix_objection_state", "village_id", "state", "received_at", "id"),
        CheckConstraint("line_no > 0", name="line_no"),
        one_of("channel", ["paper", "page"]),
        one_of("state", ["open", "upheld", "dismissed"]),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_instant"),
        CheckConstraint("(state = 'open') = (decided_by IS NULL)", name="decided_has_person"),
        CheckConstraint("(state = 'open') = (reason IS NULL)", name="decided_has_reason"),
        CheckConstraint("answered_in IS NULL OR state <> 'open'", name="only_decided_is_answered"),
        CheckConstraint("(channel = 'paper') = (received_by IS NOT NULL)", name="paper_has_receiver"),
        *whole_numbers("line_no"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    publication_id: Mapped[str] = mapped_column(Name)
    #: of the printed table; None where it is about the whole sheet
    line_no: Mapped[int | None] = mapped_column(Integer)
    #: what that line is about, without a name: printed with the answer
    matter: Mapped[str] = mapped_column(String(60))
    #: `paper`: taken down by staff; `page`: sent from the public page
    channel: Mapped[str] = mapped_column(String(10))
    #: whether its line waits for the decision; said again on the public page after it was dismissed, it does not
    holds: Mapped[bool] = mapped_column(Boolean(name="holds"))
    words: Mapped[str] = mapped_column(Text, info={"secret": True})
    #: who objects; None for an anonymous one
    name: Mapped[str | None] = mapped_column(String(50), info={"secret": True})
    contact: Mapped[str | None] = mapped_column(String(60), info={"secret": True})
    #: the member of staff it is about, who then doesn't decide it
    about: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_by: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    #: printed on the next sheet
    reason: Mapped[str | None] = mapped_column(String(200))
    #: the sheet that told the village of the decision
    answered_in: Mapped[str | None] = mapped_column(Name)
