"""Binding a user to a WeChat, by a one-time code handed out in person: never by telephone number or name."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from pointshop.accounts import service
from pointshop.accounts.models import LoginFailure, User, WeChatBinding, WeChatCode
from pointshop.accounts.queries import UserRow
from pointshop.core.errors import BadCredentials, Forbidden
from pointshop.core.policy import Actor
from pointshop.core.work import Prepared, Work

#: How long a code may be used.
CODE_LIFE = timedelta(minutes=30)
_DIGITS = 8

_USER_COLUMNS = (User.id, User.username, User.name, User.password_hash, User.is_active)
_BOUND = Prepared(
    select(*_USER_COLUMNS)
    .join(WeChatBinding, WeChatBinding.user_id == User.id)
    .where(WeChatBinding.openid_hash == bindparam("openid_hash"))
)
_OF_CODE = Prepared(
    select(*_USER_COLUMNS)
    .join(WeChatCode, WeChatCode.user_id == User.id)
    .where(WeChatCode.code_hash == bindparam("code_hash"), WeChatCode.expires_at > bindparam("now"))
)


class BindingCode(NamedTuple):
    code: str
    expires_at: datetime


def issue_code(work: Work, user_id: int) -> BindingCode:
    """A code for one user, in place of the one before; it is shown once and stored as a digest."""
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    expires_at = work.now + CODE_LIFE
    work.write(delete(WeChatCode).where((WeChatCode.user_id == user_id) | (WeChatCode.expires_at <= work.now)))
    work.write(insert(WeChatCode).values(user_id=user_id, code_hash=_digest(code), expires_at=expires_at))
    return BindingCode(code, expires_at)


def user_of(work: Work, openid_hash: str, *, binding_code: str | None) -> UserRow:
    """Who signs in with a WeChat; with a code, whom it is bound to from now on.

    Raises Forbidden for a WeChat that is bound to nobody, BadCredentials for a code that is wrong or spent, and for a
    user who is dismissed.
    """
    if binding_code is not None:
        return _bind(work, openid_hash, binding_code)
    found = _BOUND.first(work, openid_hash=openid_hash)
    if found is None:
        raise Forbidden("此微信还没有绑定用户，请向村管理员领取绑定码")
    return _active(UserRow(*found))


def unbind(work: Work, user_id: int) -> None:
    """Forget a user's WeChat, and the code that was to bind one."""
    work.write(delete(WeChatBinding).where(WeChatBinding.user_id == user_id))
    work.write(delete(WeChatCode).where(WeChatCode.user_id == user_id))


def forgive(work: Work, account: str) -> None:
    """An attempt that `service.admit_attempt` counted was no failure."""
    work.write(delete(LoginFailure).where(LoginFailure.account == _digest(account)))


def _bind(work: Work, openid_hash: str, code: str) -> UserRow:
    found = _OF_CODE.first(work, code_hash=_digest(code), now=work.now)
    if found is None:
        raise BadCredentials("绑定码不正确或已过期")
    user = _active(UserRow(*found))
    unbind(work, user.id)
    work.write(delete(WeChatBinding).where(WeChatBinding.openid_hash == openid_hash))
    work.write(insert(WeChatBinding).values(openid_hash=openid_hash, user_id=user.id, bound_at=work.now))
    service.record(work, user.id, "wechat_bound", Actor(user.id, user.username, user.name, ()))
    return user


def _active(user: UserRow) -> UserRow:
    if not user.is_active:
        raise BadCredentials("此用户已停用")
    return user


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
