"""Tables of evaluation rounds.

Who voted stands in `evaluation_voter`, what was voted in `ballot_box`: one row for a whole round, its ballots in the
order of what they say. No key, no instant and no order leads from one to the other (docs/decisions/0023-evaluation.md).
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers
from pointshop.evaluation.rules import ELECTORATES, LEAST_QUORUM, METHODS, STATES, SUBJECTS, WAYS


class Round(Base):
    """An evaluation (评选): on what terms, from when until when, and how it ended."""

    __tablename__ = "evaluation_round"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "publication_id"], ["publication.village_id", "publication.id"]),
        Index("ix_evaluation_round_made", "village_id", "made_at", "id"),
        one_of("subject", SUBJECTS),
        one_of("method", METHODS),
        one_of("electorate", ELECTORATES),
        one_of("state", STATES),
        CheckConstraint("group_no BETWEEN 1 AND 999", name="group_no"),
        CheckConstraint("quorum BETWEEN 1 AND 5000", name="quorum"),
        CheckConstraint(f"method = 'rank' OR quorum >= {LEAST_QUORUM}", name="scores_need_judges"),
        # of two ballots each of the two voters knows the other's
        CheckConstraint(f"electorate = 'judges' OR quorum >= {LEAST_QUORUM}", name="secret_ballots_are_many"),
        # a score sheet shows whom it leaves out, and so whose it is
        CheckConstraint("method = 'rank' OR electorate = 'judges'", name="secret_ballots_rank"),
        CheckConstraint("(method = 'rank') = (choices IS NOT NULL)", name="only_ranking_has_choices"),
        CheckConstraint("(electorate = 'judges') = (seats IS NOT NULL)", name="only_judges_have_seats"),
        CheckConstraint("choices > 0", name="choices"),
        CheckConstraint("seats >= quorum", name="seats"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("(seed IS NULL) = (drawn_at IS NULL)", name="drawn_has_instant"),
        CheckConstraint("(seed IS NULL) = (drawn_by IS NULL)", name="drawn_has_person"),
        CheckConstraint("(seed IS NULL) = (electorate = 'households' OR state = 'prepared')", name="judges_are_drawn"),
        CheckConstraint("electorate = 'judges' OR state <> 'prepared'", name="only_judges_are_waited_for"),
        CheckConstraint("drawn_by <> made_by", name="drawn_by_somebody_else"),
        CheckConstraint("(state IN ('closed', 'failed')) = (closed_at IS NOT NULL)", name="closed_has_instant"),
        CheckConstraint("(state IN ('closed', 'failed')) = (closed_by IS NOT NULL)", name="closed_has_person"),
        CheckConstraint("(state IN ('closed', 'failed')) = (ballots IS NOT NULL)", name="closed_has_ballots"),
        CheckConstraint("state <> 'closed' OR ballots >= quorum", name="closed_has_quorum"),
        CheckConstraint("state <> 'failed' OR ballots < quorum", name="failed_has_no_quorum"),
        CheckConstraint("(state = 'closed') = (publication_id IS NOT NULL)", name="closed_is_published"),
        CheckConstraint("paper_ballots >= 0", name="paper_ballots"),
        *whole_numbers("group_no", "quorum", "choices", "seats", "ballots", "paper_ballots"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("village.village_id"), primary_key=True, autoincrement=False
    )
    id: Mapped[str] = mapped_column(Name, primary_key=True)
    title: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(10))
    #: whose households vote and are put up; None for the whole village
    group_no: Mapped[int | None] = mapped_column(SmallInteger)
    method: Mapped[str] = mapped_column(String(5))
    electorate: Mapped[str] = mapped_column(String(10))
    #: how many a ballot may rank
    choices: Mapped[int | None] = mapped_column(SmallInteger)
    #: how many judges are drawn
    seats: Mapped[int | None] = mapped_column(SmallInteger)
    #: fewest ballots that decide anything
    quorum: Mapped[int] = mapped_column(Integer)
    #: JSON: criteria and awards, as decided before anybody voted
    terms: Mapped[str] = mapped_column(Text)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[int] = mapped_column(BigInteger)
    #: what the judges were drawn with
    seed: Mapped[str | None] = mapped_column(String(80))
    drawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    drawn_by: Mapped[int | None] = mapped_column(BigInteger)
    #: of the ballots, how many came on paper; None until two counts agree
    paper_ballots: Mapped[int | None] = mapped_column(Integer)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    ballots: Mapped[int | None] = mapped_column(Integer)
    publication_id: Mapped[str | None] = mapped_column(Name)


class Nominee(Base):
    """A household or a member put up in an evaluation (评选对象). Never changed."""

    __tablename__ = "evaluation_nominee"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "round_id"], ["evaluation_round.village_id", "evaluation_round.id"]),
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "member_id"], ["member.village_id", "member.id"]),
        Index("ix_evaluation_nominee_household", "village_id", "household_id"),
        Index(
            "uq_evaluation_nominee_subject",
            "village_id",
            "round_id",
            "household_id",
            func.coalesce(text("member_id"), text("0")),
            unique=True,
        ),
        CheckConstraint("no > 0", name="no"),
        *whole_numbers("no"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: as printed on the ballot: 1, 2, 3 …
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    household_id: Mapped[int] = mapped_column(BigInteger)
    member_id: Mapped[int | None] = mapped_column(BigInteger)


class Voter(Base):
    """One line of the roll (投票人名册): who may vote, and whether they did. Not when, and not what."""

    __tablename__ = "evaluation_voter"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "round_id"], ["evaluation_round.village_id", "evaluation_round.id"]),
        ForeignKeyConstraint(["village_id", "household_id"], ["household.village_id", "household.id"]),
        ForeignKeyConstraint(["village_id", "member_id"], ["member.village_id", "member.id"]),
        Index("ix_evaluation_voter_household", "village_id", "household_id"),
        Index(
            "uq_evaluation_voter_person",
            "village_id",
            "round_id",
            "household_id",
            func.coalesce(text("member_id"), text("0")),
            unique=True,
        ),
        UniqueConstraint("village_id", "code_hash"),
        one_of("voted", WAYS),
        CheckConstraint("no > 0", name="no"),
        CheckConstraint("is_drawn OR (voted IS NULL AND code_hash IS NULL)", name="only_drawn_vote"),
        CheckConstraint("voted <> 'code' OR code_hash IS NOT NULL", name="code_has_hash"),
        *whole_numbers("no"),
        {"info": {"dist": "village_id"}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[str] = mapped_column(Name, primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    household_id: Mapped[int] = mapped_column(BigInteger)
    #: the judge; None for a household's one ballot
    member_id: Mapped[int | None] = mapped_column(BigInteger)
    #: JSON: ids of the households for which this voter steps aside, the own one among them
    aside: Mapped[str] = mapped_column(Text)
    #: every household; of the candidates for judges those who were drawn
    is_drawn: Mapped[bool] = mapped_column(Boolean(name="is_drawn"))
    #: how the ballot came
    voted: Mapped[str | None] = mapped_column(String(5))
    #: SHA-256 of the code on the slip
    code_hash: Mapped[str | None] = mapped_column(String(64), info={"secret": True})


class SlipIssue(Base):
    """Codes printed for voters (投票单印发): by whom, when and for whom. Never changed."""

    __tablename__ = "slip_issue"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "round_id"], ["evaluation_round.village_id", "evaluation_round.id"]),
        CheckConstraint("no > 0", name="no"),
        *whole_numbers("no", "issued_by"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[str] = mapped_column(Name, primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by: Mapped[int] = mapped_column(BigInteger)
    #: JSON: their numbers on the roll
    voters: Mapped[str] = mapped_column(Text)


class BallotBox(Base):
    """All ballots of a round (票箱) in one row, sorted by what they say; of judges with the judge's number."""

    __tablename__ = "ballot_box"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "round_id"], ["evaluation_round.village_id", "evaluation_round.id"]),
        {"info": {"dist": "village_id", "secret": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[str] = mapped_column(Name, primary_key=True)
    #: 128 random bits, digested with the ballots: who only has the digest can't try ballots until one fits
    salt: Mapped[str] = mapped_column(String(32))
    #: JSON
    ballots: Mapped[str] = mapped_column(Text)


class PaperCount(Base):
    """Paper ballots as one person entered them (纸质选票录入); a second person's must say the same."""

    __tablename__ = "paper_count"
    __table_args__ = (
        ForeignKeyConstraint(["village_id", "round_id"], ["evaluation_round.village_id", "evaluation_round.id"]),
        {"info": {"dist": "village_id", "secret": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[str] = mapped_column(Name, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: JSON, sorted
    ballots: Mapped[str] = mapped_column(Text)
    #: JSON: numbers of those who signed for their ballot, sorted
    signed: Mapped[str] = mapped_column(Text)


class Result(Base):
    """What a nominee came to (评选结果), and the merit that gives points for it. Never changed."""

    __tablename__ = "evaluation_result"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "round_id", "nominee_no"],
            ["evaluation_nominee.village_id", "evaluation_nominee.round_id", "evaluation_nominee.no"],
            name="fk_evaluation_result_nominee",
        ),
        ForeignKeyConstraint(["village_id", "merit_id"], ["merit.village_id", "merit.id"]),
        UniqueConstraint("village_id", "merit_id"),
        CheckConstraint("(numerator IS NULL) = (denominator IS NULL)", name="value"),
        CheckConstraint("denominator > 0", name="denominator"),
        CheckConstraint("place > 0", name="place"),
        CheckConstraint("place IS NULL OR numerator > 0", name="place_has_value"),
        CheckConstraint("rule_code IS NULL OR place IS NOT NULL", name="award_has_place"),
        CheckConstraint("rule_code IS NOT NULL OR (merit_id IS NULL AND unposted IS NULL)", name="points_have_award"),
        CheckConstraint("rule_code IS NULL OR (merit_id IS NULL) = (unposted IS NOT NULL)", name="posted_or_says_why"),
        *whole_numbers("nominee_no", "numerator", "denominator", "place"),
        {"info": {"dist": "village_id", "append_only": True}, "sqlite_with_rowid": False},
    )

    village_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    round_id: Mapped[str] = mapped_column(Name, primary_key=True)
    nominee_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: Borda points or trimmed mean, exactly; None where too few judged it
    numerator: Mapped[int | None] = mapped_column(BigInteger)
    denominator: Mapped[int | None] = mapped_column(BigInteger)
    #: None for who may have no award, or came to nothing
    place: Mapped[int | None] = mapped_column(Integer)
    rule_code: Mapped[str | None] = mapped_column(String(20))
    merit_id: Mapped[str | None] = mapped_column(Name)
    #: code of the refusal where the rule gave no points: its cap was used up, the household has gone
    unposted: Mapped[str | None] = mapped_column(String(40))
