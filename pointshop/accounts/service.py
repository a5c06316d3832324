"""What is done with users and sessions."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from pointshop.accounts import passwords
from pointshop.accounts.models import (
    LoginFailure,
    PasswordReset,
    User,
    UserEvent,
    UserGrant,
    UserSession,
    WeChatBinding,
    WeChatCode,
)
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
from pointshop.core.work import Change, Prepared, Work
from pointshop.regions.queries import find_region
from pointshop.regions.rules import path_of

#: A browser's session, and that of a phone which was given a name.
SESSION_LIFE = timedelta(hours=12)
DEVICE_LIFE = timedelta(days=30)
TOKEN_PREFIX = "vps_"
ACCOUNT_WINDOW, ACCOUNT_FAILURES = timedelta(minutes=15), 5
ADDRESS_WINDOW, ADDRESS_FAILURES = timedelta(minutes=10), 20
#: Roles that neither sign what others entered nor watch over them.
_SIGNS_NOTHING = frozenset({"worker", "clerk", "viewer"})


class NewSession(NamedTuple):
    token: str
    expires_at: datetime
    user: UserRow
    grants: tuple[Grant, ...]


_ADD_SESSION = Change(insert(UserSession))


_IN_LINE = Prepared(
    # weak enough not to hold up whoever only points to the user
    select(User.id).where(User.username == bindparam("username")).with_for_update(key_share=True)
)


def admit_attempt(work: Work, *, username: str, address: str) -> None:
    """Count an attempt to sign in before the password is looked at: of many at once none slips through.

    It stays a failure unless `open_session` takes it back. Raises TooManyRequests after too many failures of this
    account or from this address. Names are counted as typed: only the exact one can be right.
    """
    account, origin = _digest(username), _digest(address)
    # attempts on one account stand in line: those that count at once would not see each other
    _IN_LINE.first(work, username=username)
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
    forgive(work, user.username)
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
    grant beyond it or for the password of one who is not theirs to let in, Invalid for an unknown region, a new user
    without a password, or no grant from who is no admin.
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
        record(work, user_id, "created", actor, grants=grants)
    else:
        user_id = user.id
        _change_user(
            work, actor, user, name=name, password_hash=password_hash, is_active=is_active, wanted=_held(wanted)
        )
        record(work, user_id, "changed", actor, grants=grants)
    work.write(delete(UserGrant).where(UserGrant.user_id == user_id))
    if wanted:
        work.write(insert(UserGrant), [{"user_id": user_id} | grant for grant in wanted])
    return user is None


def within_scope(actor: Actor, grants: Sequence[Grant]) -> bool:
    """Whether the actor governs all that a user may do; a user without grants belongs to admins."""
    if not grants:
        return any(grant.role == "admin" for grant in actor.grants)
    return all(_may_grant(actor, grant.role, grant.path) for grant in grants)


def may_watch(actor: Actor, grants: Sequence[Grant]) -> bool:
    """Whether the actor may read what was done to an account: who governs it, and a village's supervisor all of its."""
    paths = {grant.path for grant in grants}
    return within_scope(actor, grants) or (bool(paths) and all(actor.may("user.history", path) for path in paths))


def may_let_in(actor: Actor, grants: Sequence[Grant]) -> bool:
    """Whether the actor may replace the password of a user with these grants, or begin its reset.

    Whoever can do that can be that user for a while. So those who sign for others' entries, or watch over them, are let
    in again only by an admin of a higher region (threats.md B09, §6.1); a manager helps those who do neither.
    """
    if any(grant.role == "admin" and _stands_above(grant.path, grants) for grant in actor.grants):
        return True
    return within_scope(actor, grants) and all(grant.role in _SIGNS_NOTHING for grant in grants)


def _stands_above(path: str, grants: Sequence[Grant]) -> bool:
    return all(grant.path.startswith(path) and grant.path != path for grant in grants)


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


def _held(wanted: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    """(role, path) of each grant."""
    return {(grant["role"], path_of(grant["region_code"])) for grant in wanted}


def _change_user(
    work: Work,
    actor: Actor,
    user: UserRow,
    *,
    name: str,
    password_hash: str | None,
    is_active: bool,
    wanted: set[tuple[str, str]],
) -> None:
    present = grants_of(work, user.id)
    if not within_scope(actor, present):
        raise NotFound()
    _check_change(actor, user, present, wanted=wanted, is_active=is_active)
    if wanted != {(grant.role, grant.path) for grant in present}:
        # a code that was handed to a worker opens no reviewer's account
        forget_codes(work, user.id)
    if password_hash is not None:
        if not may_let_in(actor, present):
            raise Forbidden("此人的密码只能由上级管理员重置，或由本人修改")
        set_password(work, user.id, password_hash)
        record(work, user.id, "password_set", actor)
    elif not is_active:
        end_sessions(work, user.id)
    work.write(update(User).where(User.id == user.id).values(name=name, is_active=is_active))


def _check_change(
    actor: Actor, user: UserRow, present: Sequence[Grant], *, wanted: set[tuple[str, str]], is_active: bool
) -> None:
    """Who signs for others or watches over them is dismissed from above, not by whom they sign for; and nobody
    changes what they themselves may do. Raises Forbidden."""
    held = {(grant.role, grant.path) for grant in present}
    if user.id == actor.user_id and wanted != held:
        raise Forbidden("不能改自己的权限")
    trusted = {(role, path) for role, path in held if role not in _SIGNS_NOTHING}
    loses = not trusted <= wanted or (trusted and user.is_active and not is_active)
    if loses and not may_let_in(actor, present):
        raise Forbidden("审核员、监督员和村管理员由上级管理员调整或停用")


def set_password(work: Work, user_id: int, password_hash: str, *, but: str = "") -> None:
    """Replace a password: what was open under the old one ends. but: digest of the session that stays open."""
    work.write(update(User).where(User.id == user_id).values(password_hash=password_hash))
    forget_codes(work, user_id)
    work.write(delete(WeChatBinding).where(WeChatBinding.user_id == user_id))
    end_sessions(work, user_id, but=but)


def forget_codes(work: Work, user_id: int) -> None:
    """Void the one-time codes of a user that nobody has used yet."""
    work.write(delete(PasswordReset).where(PasswordReset.user_id == user_id))
    work.write(delete(WeChatCode).where(WeChatCode.user_id == user_id))


def end_sessions(work: Work, user_id: int, *, but: str = "") -> None:
    work.write(delete(UserSession).where(UserSession.user_id == user_id, UserSession.token_hash != but))


def forgive(work: Work, username: str) -> None:
    """Take back the failures of an account whose owner has proved who they are."""
    work.write(delete(LoginFailure).where(LoginFailure.account == _digest(username)))


def record(
    work: Work, user_id: int, action: str, actor: Actor, *, grants: Sequence[dict[str, Any]] | None = None
) -> None:
    """Write down what was done to an account."""
    shown = [dict(grant) for grant in grants] if grants is not None else None
    work.write(
        insert(UserEvent).values(user_id=user_id, action=action, actor_id=actor.user_id, at=work.now, grants=shown)
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
