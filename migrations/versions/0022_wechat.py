"""Users' WeChat on the mini-program, and the codes with which they bind it."""

import sqlalchemy as sa
from alembic import op

from pointshop.core.columns import UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_USER_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "wechat_binding",
        sa.Column("openid_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", _USER_ID, nullable=False),
        sa.Column("bound_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_wechat_binding_user_id")),
        sa.PrimaryKeyConstraint("openid_hash", name=op.f("pk_wechat_binding")),
        sa.UniqueConstraint("user_id", name=op.f("uq_wechat_binding_user_id")),
    )
    op.create_table(
        "wechat_code",
        sa.Column("user_id", _USER_ID, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_wechat_code_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_wechat_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_wechat_code_code_hash")),
    )


def downgrade() -> None:
    op.drop_table("wechat_code")
    op.drop_table("wechat_binding")
