"""Tables of users, grants, sessions and failed logins: reference data, small and rarely written."""

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
from pointshop.core.guards import one_of
from pointshop.core.policy import ROLES

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
