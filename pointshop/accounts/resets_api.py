"""HTTP of passwords: changing one's own, resetting another's by one-time code, and what was done to an account."""

from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import aliased

from pointshop.accounts import passwords, queries, resets, schemas, service
from pointshop.accounts.models import User, UserEvent
from pointshop.core import clock, paging
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Invalid, NotFound
from pointshop.core.routes import PUBLIC, Call, Feature

feature = Feature("passwords", description="密码与账号变动")


@feature.on("PUT", "/me/password", permission="session.own", body=schemas.PasswordIn, status=204, refuses=[429])
def change_password(call: Call) -> None:
    """修改自己的密码：须给出现在的密码；别处的登录随即失效。"""
    username = call.actor.username
    password_hash = hash_new_password(call.body["password"], username=username)
    unit_of_work(lambda work: service.admit_attempt(work, username=username, address=request.remote_addr or ""))
    user = queries.find_user(reading(), username)
    if user is None or not passwords.matches(call.body["old_password"], user.password_hash):
        # no 401: that would tell the client that the session has ended
        raise Invalid(errors={"old_password": ["现在的密码不正确"]})
    unit_of_work(lambda work: resets.change_password(work, call.actor, password_hash))


@feature.on("POST", "/users/<username>/password-reset", permission="user.write", answer=schemas.ResetOut, status=201)
def begin_reset(call: Call, username: str) -> dict[str, Any]:
    """为忘记密码的人开一个一次性重置码，24 小时内有效，只显示一次；交给本人，由本人设新密码。"""
    begun = unit_of_work(lambda work: resets.begin_reset(work, call.actor, username))
    return {"code": begun.code, "expires_at": clock.as_text(begun.expires_at)}


@feature.on("POST", "/password-resets", permission=PUBLIC, body=schemas.ResetIn, status=204, refuses=[401, 429])
def use_reset(call: Call) -> None:
    """凭重置码设新密码；此前的登录全部失效。"""
    username = call.body["username"]
    password_hash = hash_new_password(call.body["password"], username=username)
    unit_of_work(lambda work: service.admit_attempt(work, username=username, address=request.remote_addr or ""))
    unit_of_work(
        lambda work: resets.use_reset(work, username=username, code=call.body["code"], password_hash=password_hash)
    )


@feature.on(
    "GET",
    "/users/<username>/events",
    permission="user.history",
    query=paging.PageQuery,
    answer=schemas.UserEventPage,
)
def list_events(call: Call, username: str) -> dict[str, Any]:
    """一个账号的变动，最近的在前：何时由谁建立、改权限、设密码、重置。"""
    work = reading()
    user = queries.find_user(work, username)
    if user is None or not service.may_watch(call.actor, queries.grants_of(work, user.id)):
        raise NotFound()
    by = aliased(User)
    statement = paging.page(
        select(UserEvent.id, UserEvent.at, UserEvent.action, UserEvent.grants, by.username)
        .outerjoin(by, by.id == UserEvent.actor_id)
        .where(UserEvent.user_id == user.id),
        keys=[UserEvent.__table__.c.id],
        query=call.query,
        descending=True,
    )
    return paging.answer(work.read(statement).all(), query=call.query, key=lambda row: [row.id], item=_event)


def _event(row: Any) -> dict[str, Any]:
    return {
        "at": clock.as_text(row.at),
        "action": row.action,
        "by": row.username or queries.SYSTEM_NAME,
        "grants": row.grants,
    }


def hash_new_password(password: str, *, username: str) -> str:
    """Its hash, made outside of any unit of work as it takes its time. Raises Invalid for a password that is weak."""
    try:
        return passwords.hash_password(passwords.check_password_rules(password, username=username))
    except ValueError as error:
        raise Invalid(errors={"password": [str(error)]}) from error
