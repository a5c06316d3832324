"""Tables of users, grants, sessions, failed logins, and what was done to accounts: reference data, small."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from pointshop.core.columns import UTCDateTime
from pointshop.core.db import Base
from pointshop.core.guards import one_of, whole_numbers
from pointshop.core.policy import ROLES

#: created; name, grants or activity changed; password set by another, or by its owner; a reset begun, and used
EVENTS = (
    *("created", "changed", "password_set", "password_changed", "reset_begun", "reset_used"),
    *("wechat_code", "wechat_bound", "wechat_unbound"),
)
_SERIAL = BigInteger().with_variant(Integer, "sqlite")


class User(Base):
    """A member of staff who signs in (用户). Villagers need no account."""

    __tablename__ = "app_user"
    __table_args__ = ({"info": {"dist": "reference"}},)

    id: Mapped[int] = mapped_column(_SERIAL, Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    #: Argon2id, with its parameters
    password_hash: Mapped[str] = mapped_column(String(200), info={"secret": True})
    is_active: Mapped[bool] = mapped_column(Boolean(name="is_active"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class UserGrant(Base):
    """A role on a region (授权)."""

    __tablename__ = "user_grant"
    __table_args__ = (
        one_of("role", ROLES),
        {"info": {"dist": "reference"}},
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(12), primary_key=True)
    #: a worker's grid: `[{"group_no": 3, "lane": "东巷"}]`; empty for the whole village
    grid: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class UserSession(Base):
    """A signed-in device: the digest of its token. Gone when revoked."""

    __tablename__ = "user_session"
    __table_args__ = ({"info": {"dist": "reference", "secret": True}},)

    #: SHA-256 of the token, hex
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    device_name: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PasswordReset(Base):
    """A reset that was begun and not used yet (密码重置): the digest of its one-time code. One a user."""

    __tablename__ = "password_reset"
    __table_args__ = ({"info": {"dist": "reference", "secret": True}},)

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    #: SHA-256 of the code, which has 80 random bits, hex
    code_hash: Mapped[str] = mapped_column(String(64))
    started_by: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class UserEvent(Base):
    """What was done to an account, and by whom (账号变动). Never changed."""

    __tablename__ = "user_event"
    __table_args__ = (
        one_of("action", EVENTS),
        Index("ix_user_event_user", "user_id", "id"),
        *whole_numbers("id"),
        {"info": {"dist": "reference", "append_only": True}},
    )

    id: Mapped[int] = mapped_column(_SERIAL, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    action: Mapped[str] = mapped_column(String(20))
    #: 0 at the server's own prompt
    actor_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: what the user may do from then on, where that changed
    grants: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))


class LoginFailure(Base):
    """A failed login, kept while it counts (登录失败). Holds digests, so that a mistyped password is no leak."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_account", "account", "at"),
        Index("ix_login_failure_address", "address", "at"),
        {"info": {"dist": "reference", "secret": True}},
    )

    id: Mapped[int] = mapped_column(_SERIAL, Identity(), primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class WeChatBinding(Base):
    """A user's WeChat on our mini-program (微信绑定): the digest of the openid, which is nobody else's business."""

    __tablename__ = "wechat_binding"
    __table_args__ = ({"info": {"dist": "reference", "secret": True}},)

    #: SHA-256 of app id and openid, hex
    openid_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), unique=True)
    bound_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WeChatCode(Base):
    """A one-time code with which a user binds their WeChat (绑定码), handed out in person; one at a time."""

    __tablename__ = "wechat_code"
    __table_args__ = ({"info": {"dist": "reference", "secret": True}},)

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    #: SHA-256 of the code, hex
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
