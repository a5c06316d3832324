"""${message}"""
<%
    def plain(text):
        return "\n".join(line for line in (text or "pass").splitlines() if not line.lstrip().startswith("# ###")).strip()
%>
import sqlalchemy as sa
from alembic import op
${imports or ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${plain(upgrades)}


def downgrade() -> None:
    ${plain(downgrades)}
