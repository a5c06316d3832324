"""HTTP of users and sessions."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from pointshop.accounts import passwords, queries, resets, schemas, service
from pointshop.accounts.models import User
from pointshop.accounts.resets_api import hash_new_password
from pointshop.core import clock, paging
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Forbidden, Invalid, NotFound
from pointshop.core.fields import check
from pointshop.core.policy import Grant, require
from pointshop.core.routes import PUBLIC, Call, Feature, reply
from pointshop.regions.rules import level_of, path_of

feature = Feature("accounts", description="用户、授权与登录")


@feature.on(
    "POST",
    "/sessions",
    permission=PUBLIC,
    body=schemas.LoginIn,
    answer=schemas.SessionOut,
    status=201,
    refuses=[401, 429],
)
def open_session(call: Call) -> dict[str, Any]:
    """登录：得到一个令牌，只显示这一次；以后每次请求放在 Authorization: Bearer 里。"""
    username, address = call.body["username"], request.remote_addr or ""
    unit_of_work(lambda work: service.admit_attempt(work, username=username, address=address))
    user = service.check_password(queries.find_user(reading(), username), call.body["password"])
    if passwords.needs_new_hash(user.password_hash):
        renewed = passwords.hash_password(call.body["password"])
        unit_of_work(lambda work: service.renew_hash(work, user, renewed))
    return session_document(
        unit_of_work(lambda work: service.open_session(work, user, device_name=call.body["device_name"]))
    )


def session_document(opened: service.NewSession) -> dict[str, Any]:
    """What whoever signed in is told; the only time the token is shown."""
    user = opened.user
    return {
        "token": opened.token,
        "expires_at": clock.as_text(opened.expires_at),
        "user": _me(user.id, _user(user.username, user.name, opened.grants, active=True)),
    }


@feature.on("GET", "/me", permission="session.own", answer=schemas.MeOut)
def get_me(call: Call) -> dict[str, Any]:
    """现在登录的是谁，在哪里能做什么，密码是谁设的。"""
    return _me(call.actor.user_id, _user(call.actor.username, call.actor.name, call.actor.grants, active=True))


@feature.on("DELETE", "/sessions/current", permission="session.own", status=204)
def close_session(call: Call) -> None:
    """退出：令牌当场失效。"""
    unit_of_work(lambda work: service.close_session(work, call.actor.session))


@feature.on(
    "PUT",
    "/users/<username>",
    permission="user.write",
    body=schemas.UserIn,
    answer=schemas.UserOut,
    status=201,
    refuses=[429],
)
def put_user(call: Call, username: str) -> Response:
    """新建用户，或改姓名、权限、停用。已有用户的密码只能由上级换，换后其登录失效；一般请用重置码。"""
    check(schemas.username_field(), username, name="username")
    password_hash = _password_hash(call, username)
    is_new = unit_of_work(
        lambda work: service.put_user(
            work,
            call.actor,
            username=username,
            name=call.body["name"],
            password_hash=password_hash,
            grants=call.body["grants"],
            is_active=call.body["active"],
        )
    )
    return reply(_read_user(call, username), status=201 if is_new else 200)


@feature.on("GET", "/users/<username>", permission="user.read", answer=schemas.UserOut)
def get_user(call: Call, username: str) -> dict[str, Any]:
    """管辖范围内的一个用户。"""
    return _read_user(call, username)


@feature.on(
    "GET",
    "/users",
    permission="user.read",
    query=schemas.UserQuery,
    answer=schemas.UserPage,
    refuses=[404],
)
def list_users(call: Call) -> dict[str, Any]:
    """在一个区划及以下有权限的用户，以及这些权限；在别处的权限不显示。"""
    work, path = reading(), _path_of(call.query["region"])
    require(call.actor, "user.read", path)
    statement = paging.page(queries.users_within(path), keys=[User.__table__.c.username], query=call.query)
    rows = work.read(statement).all()
    grants = queries.grants_within(work, [row.id for row in rows], path)
    return paging.answer(
        rows,
        query=call.query,
        key=lambda row: [row.username],
        item=lambda row: _user(row.username, row.name, grants[row.id], active=row.is_active),
    )


def _path_of(code: str) -> str:
    try:
        level_of(code)
    except ValueError as error:
        raise Invalid(errors={"region": [str(error)]}) from error
    return path_of(code)


def _read_user(call: Call, username: str) -> dict[str, Any]:
    found = queries.find_user(reading(), username)
    grants = queries.grants_of(reading(), found.id) if found else ()
    if found is None or not service.within_scope(call.actor, grants):
        raise NotFound()
    return _user(found.username, found.name, grants, active=found.is_active)


def _password_hash(call: Call, username: str) -> str | None:
    """The hash of the password that was sent; None where it is the one the user has, or none was sent.

    Whoever may not replace it learns whether it is the same only as fast as somebody who signs in. Raises as
    `service.put_user` does, TooManyRequests.
    """
    password = call.body.get("password")
    if password is None:
        return None
    user = queries.find_user(reading(), username)
    if user is None:
        return hash_new_password(password, username=username)
    present = queries.grants_of(reading(), user.id)
    if not service.within_scope(call.actor, present):
        raise NotFound()
    if service.may_let_in(call.actor, present):
        is_same = passwords.matches(password, user.password_hash)
        return None if is_same else hash_new_password(password, username=username)
    unit_of_work(lambda work: service.admit_attempt(work, username=username, address=request.remote_addr or ""))
    if not passwords.matches(password, user.password_hash):
        raise Forbidden("此人的密码只能由上级管理员重置，或由本人修改")
    unit_of_work(lambda work: service.forgive(work, username))
    return None


def _me(user_id: int, document: dict[str, Any]) -> dict[str, Any]:
    """Who is signed in hears who set their password, so that nobody does so unnoticed."""
    last = resets.last_set(reading(), user_id)
    if last is None:
        return document | {"password_set": None}
    by = None if last.by is None else queries.username_of(reading(), last.by)
    return document | {"password_set": {"at": clock.as_text(last.at), "by": by}}


def _user(username: str, name: str, grants: Sequence[Grant], *, active: bool) -> dict[str, Any]:
    return {"username": username, "name": name, "grants": [_grant(grant) for grant in grants], "active": active}


def _grant(grant: Grant) -> dict[str, Any]:
    cells = [{"group_no": cell.group_no, "lane": cell.lane} for cell in grant.grid]
    return {"role": grant.role, "region": grant.region, "grid": cells}
