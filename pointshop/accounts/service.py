"""What is done with users and sessions."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, update

from pointshop.accounts import passwords
from pointshop.accounts.models import LoginFailure, User, UserGrant, UserSession
from pointshop.accounts.queries import (
    UserRow,
    count_account_failures,
    count_address_failures,
    find_user,
    find_username_like,
    grants_of,
    hash_token,
)
from pointshop.core.errors import BadCredentials, Forbidden, Invalid, NotFound, TooManyRequests
from pointshop.core.policy import Actor, Grant
from pointshop.core.work import Change, Work
from pointshop.regions.queries import find_region
from pointshop.regions.rules import path_of

#: A browser's session, and that of a phone which was given a name.
SESSION_LIFE = timedelta(hours=12)
DEVICE_LIFE = timedelta(days=30)
TOKEN_PREFIX = "vps_"
ACCOUNT_WINDOW, ACCOUNT_FAILURES = timedelta(minutes=15), 5
ADDRESS_WINDOW, ADDRESS_FAILURES = timedelta(minutes=10), 20


class NewSession(NamedTuple):
    token: str
    expires_at: datetime
    user: UserRow
    grants: tuple[Grant, ...]


_ADD_SESSION = Change(insert(UserSession))


def admit_attempt(work: Work, *, username: str, address: str) -> None:
    """Count an attempt to sign in before the password is looked at: of many at once none slips through.

    It stays a failure unless `open_session` takes it back. Raises TooManyRequests after too many failures of this
    account or from this address. Names are counted as typed: only the exact one can be right.
    """
    account, origin = _digest(username), _digest(address)
    work.write(delete(LoginFailure).where(LoginFailure.at < work.now - ACCOUNT_WINDOW))
    if count_account_failures(work, account, since=work.now - ACCOUNT_WINDOW) >= ACCOUNT_FAILURES:
        raise TooManyRequests("登录失败次数过多，请 15 分钟后再试", retry_after=900)
    if count_address_failures(work, origin, since=work.now - ADDRESS_WINDOW) >= ADDRESS_FAILURES:
        raise TooManyRequests("登录失败次数过多，请 10 分钟后再试", retry_after=600)
    work.write(insert(LoginFailure).values(account=account, address=origin, at=work.now))


def check_password(user: UserRow | None, password: str) -> UserRow:
    """The user whose password it is. Slow on purpose, so outside any unit of work. Raises BadCredentials."""
    is_right = passwords.matches(password, user.password_hash if user else None)
    if user is None or not is_right or not user.is_active:
        raise BadCredentials()
    return user


def renew_hash(work: Work, user: UserRow, password_hash: str) -> None:
    """Keep a password that was right under today's parameters; sessions stay."""
    work.write(update(User).where(User.id == user.id).values(password_hash=password_hash))


def open_session(work: Work, user: UserRow, *, device_name: str | None) -> NewSession:
    """A new token for a user who proved who they are. The token is shown once and stored as a digest."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires_at = work.now + (DEVICE_LIFE if device_name else SESSION_LIFE)
    work.write(delete(LoginFailure).where(LoginFailure.account == _digest(user.username)))
    work.write(delete(UserSession).where(UserSession.user_id == user.id, UserSession.expires_at < work.now))
    _ADD_SESSION.run(
        work,
        token_hash=hash_token(token),
        user_id=user.id,
        device_name=device_name,
        created_at=work.now,
        expires_at=expires_at,
    )
    return NewSession(token, expires_at, user, grants_of(work, user.id))


def close_session(work: Work, token_hash: str) -> None:
    """End one session at once."""
    work.write(delete(UserSession).where(UserSession.token_hash == token_hash))


def put_user(
    work: Work,
    actor: Actor,
    *,
    username: str,
    name: str,
    password_hash: str | None,
    grants: Sequence[dict[str, Any]],
    is_active: bool,
) -> bool:
    """Add a user or replace their name, password and grants; returns whether they are new.

    password_hash: None keeps the present one. Raises NotFound for a user outside the actor's scope, Forbidden for a
    grant beyond it, Invalid for an unknown region, a new user without a password, or no grant from who is no admin.
    """
    wanted = [_wanted(work, actor, grant) for grant in grants]
    if not wanted and not within_scope(actor, ()):
        # such a user would be out of the actor's own sight at once
        raise Invalid(errors={"grants": ["至少保留一项授权；不再任用的请停用"]})
    user = find_user(work, username)
    if user is None:
        if password_hash is None:
            raise Invalid(errors={"password": ["必填"]})
        if find_username_like(work, username) is not None:
            raise Invalid(errors={"username": ["已有只在大小写上不同的用户名"]})
        user_id = _add_user(work, username=username, name=name, password_hash=password_hash, is_active=is_active)
    else:
        if not within_scope(actor, grants_of(work, user.id)):
            raise NotFound()
        user_id = user.id
        _change_user(work, user_id, name=name, password_hash=password_hash, is_active=is_active)
    work.write(delete(UserGrant).where(UserGrant.user_id == user_id))
    if wanted:
        work.write(insert(UserGrant), [{"user_id": user_id} | grant for grant in wanted])
    return user is None


def within_scope(actor: Actor, grants: Sequence[Grant]) -> bool:
    """Whether the actor governs all that a user may do; a user without grants belongs to admins."""
    if not grants:
        return any(grant.role == "admin" for grant in actor.grants)
    return all(_may_grant(actor, grant.role, grant.path) for grant in grants)


def _may_grant(actor: Actor, role: str, path: str) -> bool:
    if not actor.may("user.write", path):
        return False
    is_admin = any(grant.role == "admin" for grant in actor.grants_at(path))
    return is_admin or role not in ("admin", "viewer")


def _wanted(work: Work, actor: Actor, grant: dict[str, Any]) -> dict[str, Any]:
    code = grant["region"]
    if find_region(work, code) is None:
        raise Invalid(errors={"grants": [f"没有区划 {code}"]})
    if not _may_grant(actor, grant["role"], path_of(code)):
        raise Forbidden("不能授予您管辖范围之外的权限")
    return {"role": grant["role"], "region_code": code, "grid": grant["grid"]}


def _add_user(work: Work, *, username: str, name: str, password_hash: str, is_active: bool) -> int:
    added = work.write(
        insert(User)
        .values(username=username, name=name, password_hash=password_hash, is_active=is_active, created_at=work.now)
        .returning(User.id)
    )
    user_id: int = added.scalar_one()
    return user_id


def _change_user(work: Work, user_id: int, *, name: str, password_hash: str | None, is_active: bool) -> None:
    values: dict[str, Any] = {"name": name, "is_active": is_active}
    if password_hash is not None:
        values["password_hash"] = password_hash
    if password_hash is not None or not is_active:
        work.write(delete(UserSession).where(UserSession.user_id == user_id))
    work.write(update(User).where(User.id == user_id).values(values))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
