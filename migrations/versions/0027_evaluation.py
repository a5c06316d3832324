"""Evaluation rounds: nominees, the roll, the ballot box, counts from paper, results."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import Name, UTCDateTime
from pointshop.core.guards import trigger_statements

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_round",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("group_no", sa.SmallInteger(), nullable=True),
        sa.Column("method", sa.String(length=5), nullable=False),
        sa.Column("electorate", sa.String(length=10), nullable=False),
        sa.Column("choices", sa.SmallInteger(), nullable=True),
        sa.Column("seats", sa.SmallInteger(), nullable=True),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("opens_at", UTCDateTime(), nullable=False),
        sa.Column("closes_at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=True),
        sa.Column("drawn_at", UTCDateTime(), nullable=True),
        sa.Column("drawn_by", sa.BigInteger(), nullable=True),
        sa.Column("paper_ballots", sa.Integer(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=True),
        sa.Column("publication_id", Name, nullable=True),
        sa.CheckConstraint(
            "(electorate = 'judges') = (seats IS NOT NULL)", name=op.f("ck_evaluation_round_only_judges_have_seats")
        ),
        sa.CheckConstraint(
            "(method = 'rank') = (choices IS NOT NULL)", name=op.f("ck_evaluation_round_only_ranking_has_choices")
        ),
        sa.CheckConstraint(
            "(seed IS NULL) = (electorate = 'households' OR state = 'prepared')",
            name=op.f("ck_evaluation_round_judges_are_drawn"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (publication_id IS NOT NULL)", name=op.f("ck_evaluation_round_closed_is_published")
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'failed')) = (ballots IS NOT NULL)",
            name=op.f("ck_evaluation_round_closed_has_ballots"),
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'failed')) = (closed_at IS NOT NULL)",
            name=op.f("ck_evaluation_round_closed_has_instant"),
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'failed')) = (closed_by IS NOT NULL)",
            name=op.f("ck_evaluation_round_closed_has_person"),
        ),
        sa.CheckConstraint(
            "electorate = 'judges' OR state <> 'prepared'", name=op.f("ck_evaluation_round_only_judges_are_waited_for")
        ),
        sa.CheckConstraint("electorate IN ('households', 'judges')", name=op.f("ck_evaluation_round_electorate")),
        sa.CheckConstraint(
            "method = 'rank' OR electorate = 'judges'", name=op.f("ck_evaluation_round_secret_ballots_rank")
        ),
        sa.CheckConstraint(
            "electorate = 'judges' OR quorum >= 3", name=op.f("ck_evaluation_round_secret_ballots_are_many")
        ),
        sa.CheckConstraint("method = 'rank' OR quorum >= 3", name=op.f("ck_evaluation_round_scores_need_judges")),
        sa.CheckConstraint("method IN ('rank', 'score')", name=op.f("ck_evaluation_round_method")),
        sa.CheckConstraint(
            "state <> 'closed' OR ballots >= quorum", name=op.f("ck_evaluation_round_closed_has_quorum")
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR ballots < quorum", name=op.f("ck_evaluation_round_failed_has_no_quorum")
        ),
        sa.CheckConstraint("state IN ('prepared', 'open', 'closed', 'failed')", name=op.f("ck_evaluation_round_state")),
        sa.CheckConstraint("subject IN ('household', 'member')", name=op.f("ck_evaluation_round_subject")),
        sa.CheckConstraint(
            "typeof(ballots) IN ('integer', 'null')", name=op.f("ck_evaluation_round_ballots_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(choices) IN ('integer', 'null')", name=op.f("ck_evaluation_round_choices_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(group_no) IN ('integer', 'null')", name=op.f("ck_evaluation_round_group_no_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(paper_ballots) IN ('integer', 'null')", name=op.f("ck_evaluation_round_paper_ballots_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(quorum) IN ('integer', 'null')", name=op.f("ck_evaluation_round_quorum_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(seats) IN ('integer', 'null')", name=op.f("ck_evaluation_round_seats_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("(seed IS NULL) = (drawn_at IS NULL)", name=op.f("ck_evaluation_round_drawn_has_instant")),
        sa.CheckConstraint("(seed IS NULL) = (drawn_by IS NULL)", name=op.f("ck_evaluation_round_drawn_has_person")),
        sa.CheckConstraint("choices > 0", name=op.f("ck_evaluation_round_choices")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_evaluation_round_closes_after_it_opens")),
        sa.CheckConstraint("drawn_by <> made_by", name=op.f("ck_evaluation_round_drawn_by_somebody_else")),
        sa.CheckConstraint("group_no BETWEEN 1 AND 999", name=op.f("ck_evaluation_round_group_no")),
        sa.CheckConstraint("paper_ballots >= 0", name=op.f("ck_evaluation_round_paper_ballots")),
        sa.CheckConstraint("quorum BETWEEN 1 AND 5000", name=op.f("ck_evaluation_round_quorum")),
        sa.CheckConstraint("seats >= quorum", name=op.f("ck_evaluation_round_seats")),
        sa.ForeignKeyConstraint(
            ["village_id", "publication_id"],
            ["publication.village_id", "publication.id"],
            name=op.f("fk_evaluation_round_village_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(["village_id"], ["village.village_id"], name=op.f("fk_evaluation_round_village_id")),
        sa.PrimaryKeyConstraint("village_id", "id", name=op.f("pk_evaluation_round")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evaluation_round_made", "evaluation_round", ["village_id", "made_at", "id"], unique=False)
    op.create_table(
        "ballot_box",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", Name, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("ballots", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "round_id"],
            ["evaluation_round.village_id", "evaluation_round.id"],
            name=op.f("fk_ballot_box_village_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "round_id", name=op.f("pk_ballot_box")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slip_issue",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", Name, nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=False),
        sa.Column("voters", sa.Text(), nullable=False),
        sa.CheckConstraint("typeof(no) IN ('integer', 'null')", name=op.f("ck_slip_issue_no_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "typeof(issued_by) IN ('integer', 'null')", name=op.f("ck_slip_issue_issued_by_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("no > 0", name=op.f("ck_slip_issue_no")),
        sa.ForeignKeyConstraint(
            ["village_id", "round_id"],
            ["evaluation_round.village_id", "evaluation_round.id"],
            name=op.f("fk_slip_issue_village_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "round_id", "no", name=op.f("pk_slip_issue")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_count",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", Name, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ballots", sa.Text(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["village_id", "round_id"],
            ["evaluation_round.village_id", "evaluation_round.id"],
            name=op.f("fk_paper_count_village_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "round_id", "user_id", name=op.f("pk_paper_count")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evaluation_nominee",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", Name, nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("typeof(no) IN ('integer', 'null')", name=op.f("ck_evaluation_nominee_no_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("no > 0", name=op.f("ck_evaluation_nominee_no")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_evaluation_nominee_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "member_id"],
            ["member.village_id", "member.id"],
            name=op.f("fk_evaluation_nominee_village_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "round_id"],
            ["evaluation_round.village_id", "evaluation_round.id"],
            name=op.f("fk_evaluation_nominee_village_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "round_id", "no", name=op.f("pk_evaluation_nominee")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_evaluation_nominee_household", "evaluation_nominee", ["village_id", "household_id"], unique=False
    )
    op.create_table(
        "evaluation_voter",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", Name, nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("aside", sa.Text(), nullable=False),
        sa.Column("is_drawn", sa.Boolean(name="is_drawn"), nullable=False),
        sa.Column("voted", sa.String(length=5), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint("typeof(no) IN ('integer', 'null')", name=op.f("ck_evaluation_voter_no_is_whole")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("voted <> 'code' OR code_hash IS NOT NULL", name=op.f("ck_evaluation_voter_code_has_hash")),
        sa.CheckConstraint("voted IN ('code', 'paper')", name=op.f("ck_evaluation_voter_voted")),
        sa.CheckConstraint(
            "is_drawn OR (voted IS NULL AND code_hash IS NULL)", name=op.f("ck_evaluation_voter_only_drawn_vote")
        ),
        sa.CheckConstraint("no > 0", name=op.f("ck_evaluation_voter_no")),
        sa.ForeignKeyConstraint(
            ["village_id", "household_id"],
            ["household.village_id", "household.id"],
            name=op.f("fk_evaluation_voter_village_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "member_id"],
            ["member.village_id", "member.id"],
            name=op.f("fk_evaluation_voter_village_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "round_id"],
            ["evaluation_round.village_id", "evaluation_round.id"],
            name=op.f("fk_evaluation_voter_village_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("village_id", "round_id", "no", name=op.f("pk_evaluation_voter")),
        sa.UniqueConstraint("village_id", "code_hash", name=op.f("uq_evaluation_voter_village_id_code_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evaluation_voter_household", "evaluation_voter", ["village_id", "household_id"], unique=False)
    op.create_table(
        "evaluation_result",
        sa.Column("village_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round_id", Name, nullable=False),
        sa.Column("nominee_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("rule_code", sa.String(length=20), nullable=True),
        sa.Column("merit_id", Name, nullable=True),
        sa.Column("unposted", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "typeof(denominator) IN ('integer', 'null')", name=op.f("ck_evaluation_result_denominator_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(nominee_no) IN ('integer', 'null')", name=op.f("ck_evaluation_result_nominee_no_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(numerator) IN ('integer', 'null')", name=op.f("ck_evaluation_result_numerator_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "typeof(place) IN ('integer', 'null')", name=op.f("ck_evaluation_result_place_is_whole")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("(numerator IS NULL) = (denominator IS NULL)", name=op.f("ck_evaluation_result_value")),
        sa.CheckConstraint("denominator > 0", name=op.f("ck_evaluation_result_denominator")),
        sa.CheckConstraint("place > 0", name=op.f("ck_evaluation_result_place")),
        sa.CheckConstraint("place IS NULL OR numerator > 0", name=op.f("ck_evaluation_result_place_has_value")),
        sa.CheckConstraint(
            "rule_code IS NOT NULL OR (merit_id IS NULL AND unposted IS NULL)",
            name=op.f("ck_evaluation_result_points_have_award"),
        ),
        sa.CheckConstraint(
            "rule_code IS NULL OR (merit_id IS NULL) = (unposted IS NOT NULL)",
            name=op.f("ck_evaluation_result_posted_or_says_why"),
        ),
        sa.CheckConstraint("rule_code IS NULL OR place IS NOT NULL", name=op.f("ck_evaluation_result_award_has_place")),
        sa.ForeignKeyConstraint(
            ["village_id", "merit_id"],
            ["merit.village_id", "merit.id"],
            name=op.f("fk_evaluation_result_village_id_merit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id", "round_id", "nominee_no"],
            ["evaluation_nominee.village_id", "evaluation_nominee.round_id", "evaluation_nominee.no"],
            name="fk_evaluation_result_nominee",
        ),
        sa.PrimaryKeyConstraint("village_id", "round_id", "nominee_no", name=op.f("pk_evaluation_result")),
        sa.UniqueConstraint("village_id", "merit_id", name=op.f("uq_evaluation_result_village_id_merit_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_evaluation_nominee_subject",
        "evaluation_nominee",
        ["village_id", "round_id", "household_id", sa.literal_column("coalesce(member_id, 0)")],
        unique=True,
    )
    op.create_index(
        "uq_evaluation_voter_person",
        "evaluation_voter",
        ["village_id", "round_id", "household_id", sa.literal_column("coalesce(member_id, 0)")],
        unique=True,
    )
    guarded = ["evaluation_nominee", "slip_issue", "evaluation_result"]
    for words in trigger_statements(op.get_context().dialect.name, guarded):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("evaluation_result")
    op.drop_table("evaluation_voter")
    op.drop_table("evaluation_nominee")
    op.drop_table("paper_count")
    op.drop_table("slip_issue")
    op.drop_table("ballot_box")
    op.drop_table("evaluation_round")
