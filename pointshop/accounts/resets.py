"""How people get in again: a one-time code in place of a forgotten password, and changing one's own (密码).

Who begins a reset hands the code over and never learns the password that follows; the account's history shows who began
it and when (docs/decisions/0006-who-lets-whom-in.md).
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from pointshop.accounts import service
from pointshop.accounts.models import PasswordReset, UserEvent
from pointshop.accounts.queries import UserRow, find_user, grants_of
from pointshop.core.codes import clean_code, in_groups, new_code
from pointshop.core.errors import BadCredentials, Forbidden, NotFound
from pointshop.core.policy import Actor
from pointshop.core.work import Work

#: How long a code may be used.
CODE_LIFE = timedelta(hours=24)


class Begun(NamedTuple):
    """code: shown once, in four groups of four."""

    code: str
    expires_at: datetime


class LastSet(NamedTuple):
    """Who last set a password; by: None for its owner."""

    at: datetime
    by: int | None


def begin_reset(work: Work, actor: Actor, username: str) -> Begun:
    """A code with which the user may choose a new password; one begun before is void. The old password stays good
    until then. Raises NotFound for a user outside the actor's scope, Forbidden for one whom others must let in."""
    user = find_user(work, username)
    grants = grants_of(work, user.id) if user else ()
    if user is None or not service.within_scope(actor, grants):
        raise NotFound()
    if not service.may_let_in(actor, grants):
        raise Forbidden("此人的密码只能由上级管理员重置，或由本人修改")
    return open_reset(work, actor, user)


def open_reset(work: Work, actor: Actor, user: UserRow) -> Begun:
    """The same, without asking whether the actor may."""
    code, expires_at = new_code(), work.now + CODE_LIFE
    work.write(delete(PasswordReset).where(PasswordReset.user_id == user.id))
    work.write(
        insert(PasswordReset).values(
            user_id=user.id, code_hash=_digest(code), started_by=actor.user_id, expires_at=expires_at
        )
    )
    service.record(work, user.id, "reset_begun", actor)
    return Begun(in_groups(code), expires_at)


def use_reset(work: Work, *, username: str, code: str, password_hash: str) -> None:
    """Let in who holds the code: the new password counts, every session ends. Raises BadCredentials, the same for
    each reason. The attempt has been counted (`service.admit_attempt`)."""
    user, typed = find_user(work, username), clean_code(code)
    found = work.read(
        select(PasswordReset.code_hash, PasswordReset.started_by)
        .where(PasswordReset.user_id == (user.id if user else None), PasswordReset.expires_at > work.now)
        .with_for_update()
    ).first()
    is_right = hmac.compare_digest(_digest(typed or ""), found.code_hash if found else "")
    if user is None or not user.is_active or not is_right:
        raise BadCredentials("用户名或重置码不正确，或重置码已过期")
    service.set_password(work, user.id, password_hash)
    service.record(work, user.id, "reset_used", Actor(user.id, user.username, user.name, ()))
    service.forgive(work, username)


def change_password(work: Work, actor: Actor, password_hash: str) -> None:
    """Replace the actor's own password; their other sessions end."""
    service.set_password(work, actor.user_id, password_hash, but=actor.session)
    service.record(work, actor.user_id, "password_changed", actor)
    service.forgive(work, actor.username)


def last_set(work: Work, user_id: int) -> LastSet | None:
    """When a user's password was last set, and by whom if not by themselves; None where that was never written down."""
    found = work.read(
        select(UserEvent.at, UserEvent.action, UserEvent.actor_id)
        .where(
            UserEvent.user_id == user_id,
            UserEvent.action.in_(["created", "password_set", "password_changed", "reset_used"]),
        )
        .order_by(UserEvent.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    return LastSet(found.at, found.actor_id if found.action in ("created", "password_set") else None)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
