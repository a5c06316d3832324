"""Where the code of a card leads, found before its village is known.

Revision 0021. The cards that are there are entered as they stand.
"""

import sqlalchemy as sa
from alembic import op

from pointshop.core.guards import trigger_statements

revision = "0021"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_link",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_card_link")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO card_link (code, village_id) SELECT code, village_id FROM card")
    for words in trigger_statements(op.get_context().dialect.name, ["card_link"]):
        op.execute(words)


def downgrade() -> None:
    op.drop_table("card_link")
