"""Binding a user to a WeChat, by a one-time code handed out in person: never by telephone number or name."""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select

from pointshop.accounts import service
from pointshop.accounts.models import LoginFailure, User, WeChatBinding, WeChatCode
from pointshop.accounts.queries import UserRow
from pointshop.core.codes import clean_code, in_groups, new_code
from pointshop.core.errors import BadCredentials, Forbidden
from pointshop.core.policy import Actor
from pointshop.core.work import Prepared, Work

#: How long a code may be used.
CODE_LIFE = timedelta(minutes=10)

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
    """code: shown once, in four groups of four."""

    code: str
    expires_at: datetime


def issue_code(work: Work, user_id: int) -> BindingCode:
    """A code for one user, in place of the one before; it is shown once and stored as a digest."""
    code, expires_at = new_code(), work.now + CODE_LIFE
    work.write(delete(WeChatCode).where((WeChatCode.user_id == user_id) | (WeChatCode.expires_at <= work.now)))
    work.write(insert(WeChatCode).values(user_id=user_id, code_hash=_digest(code), expires_at=expires_at))
    return BindingCode(in_groups(code), expires_at)


def user_of(work: Work, openid_hash: str, *, binding_code: str | None, address: str) -> UserRow:
    """Who signs in with a WeChat; with a code (which `admit_guess` has counted), whom it is bound to from now on.

    Raises Forbidden for a WeChat that is bound to nobody, BadCredentials for a code that is wrong or spent, and for a
    user who is dismissed.
    """
    if binding_code is not None:
        user = _bind(work, openid_hash, clean_code(binding_code) or "")
        for guesser in (openid_hash, address):
            _take_back(work, guesser)
        return user
    found = _BOUND.first(work, openid_hash=openid_hash)
    if found is None:
        raise Forbidden("此微信还没有绑定用户，请向村管理员领取绑定码")
    return _active(UserRow(*found))


def unbind(work: Work, user_id: int) -> None:
    """Forget a user's WeChat, and the code that was to bind one."""
    work.write(delete(WeChatBinding).where(WeChatBinding.user_id == user_id))
    work.write(delete(WeChatCode).where(WeChatCode.user_id == user_id))


def admit_guess(work: Work, openid_hash: str, address: str) -> None:
    """Count a code that is about to be looked at, for the WeChat it comes from and for the address.

    It stays counted unless it is right, and then it alone is taken back (`user_of`): neither signing in with a WeChat
    that is bound already nor a right code forgives the wrong ones before. Raises TooManyRequests.
    """
    for guesser in (openid_hash, address):
        _stand_in_line(work, guesser)
        service.admit_attempt(work, username=_guesser(guesser), address=_guesser(address))


def forgive(work: Work, account: str) -> None:
    """Attempts that `service.admit_attempt` counted were no failures."""
    work.write(delete(LoginFailure).where(LoginFailure.account == _digest(account)))


def _stand_in_line(work: Work, guesser: str) -> None:
    """Guesses that count at once would not see each other; there is no row of a stranger's that could be held."""
    if work.dialect.name == "postgresql":
        number = int(_digest(_guesser(guesser))[:15], 16)
        work.read(select(func.pg_advisory_xact_lock(number))).all()


def _take_back(work: Work, guesser: str) -> None:
    """The last guess was right."""
    mine = LoginFailure.account == _digest(_guesser(guesser))
    last = select(func.max(LoginFailure.id)).where(mine).scalar_subquery()
    work.write(delete(LoginFailure).where(mine, LoginFailure.id == last))


def _guesser(who: str) -> str:
    return f"wechat code {who}"


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
