"""HTTP of users and sessions."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from pointshop.accounts import passwords, queries, schemas, service
from pointshop.accounts.models import User
from pointshop.core import clock, paging
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Invalid, NotFound
from pointshop.core.fields import check
from pointshop.core.policy import Grant, require
from pointshop.core.routes import PUBLIC, Call, Feature, reply
from pointshop.regions.rules import level_of, path_of

feature = Feature("accounts", description="用户、授权与登录")


@feature.on("POST", "/sessions", permission=PUBLIC, body=schemas.LoginIn, answer=schemas.SessionOut, status=201)
def open_session(call: Call) -> dict[str, Any]:
    """Sign in (登录): a token for the `Authorization: Bearer` header, shown once."""
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
        "user": _user(user.username, user.name, opened.grants, active=True),
    }


@feature.on("GET", "/me", permission="session.own", answer=schemas.UserOut)
def get_me(call: Call) -> dict[str, Any]:
    """Who is signed in, and what they may do where."""
    return _user(call.actor.username, call.actor.name, call.actor.grants, active=True)


@feature.on("DELETE", "/sessions/current", permission="session.own", status=204)
def close_session(call: Call) -> None:
    """Sign out (退出): the token is dead at once."""
    unit_of_work(lambda work: service.close_session(work, call.actor.session))


@feature.on(
    "PUT",
    "/users/<username>",
    permission="user.write",
    body=schemas.UserIn,
    answer=schemas.UserOut,
    status=201,
)
def put_user(call: Call, username: str) -> Response:
    """Add a user or replace name, password and grants; sessions end when the password changes."""
    check(schemas.username_field(), username, name="username")
    password_hash = _password_hash(call.body.get("password"), username=username)
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
    """One user within the caller's scope."""
    return _read_user(call, username)


@feature.on("GET", "/users", permission="user.read", query=schemas.UserQuery, answer=schemas.UserPage)
def list_users(call: Call) -> dict[str, Any]:
    """Users with a grant in a region or below, and these grants; what they may do elsewhere is not told."""
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


def _password_hash(password: str | None, *, username: str) -> str | None:
    if password is None:
        return None
    try:
        return passwords.hash_password(passwords.check_password_rules(password, username=username))
    except ValueError as error:
        raise Invalid(errors={"password": [str(error)]}) from error


def _user(username: str, name: str, grants: Sequence[Grant], *, active: bool) -> dict[str, Any]:
    return {"username": username, "name": name, "grants": [_grant(grant) for grant in grants], "active": active}


def _grant(grant: Grant) -> dict[str, Any]:
    cells = [{"group_no": cell.group_no, "lane": cell.lane} for cell in grant.grid]
    return {"role": grant.role, "region": grant.region, "grid": cells}
