"""Reads of users, grants and sessions."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from pointshop.accounts.models import LoginFailure, User, UserGrant, UserSession
from pointshop.core.policy import Actor, Grant, GridCell
from pointshop.core.routes import VillageRef
from pointshop.core.work import AnySelect, Prepared, Work
from pointshop.regions.models import Region

#: What is written where nobody was signed in.
SYSTEM_NAME = "系统"
_Here = aliased(Region)

_IDENTIFY = Prepared(
    select(
        User.id,
        User.username,
        User.name,
        UserGrant.role,
        UserGrant.region_code,
        Region.path,
        UserGrant.grid,
        _Here.village_id,
        _Here.name,
        _Here.path,
    )
    .select_from(UserSession)
    .join(User, and_(User.id == UserSession.user_id, User.is_active))
    .outerjoin(UserGrant, UserGrant.user_id == User.id)
    .outerjoin(Region, Region.code == UserGrant.region_code)
    .outerjoin(_Here, and_(_Here.code == bindparam("village_code"), _Here.level == 5))
    .where(UserSession.token_hash == bindparam("token_hash"), UserSession.expires_at > bindparam("now"))
)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def identify(work: Work, token: str, village_code: str | None) -> tuple[Actor | None, VillageRef | None]:
    """Who holds a token, and the village of a code; None for each that isn't there. One look-up."""
    token_hash = hash_token(token)
    rows = _IDENTIFY.all(work, token_hash=token_hash, village_code=village_code, now=work.now)
    if not rows:
        return None, None
    user_id, username, name, *_, village_id, village_name, village_path = rows[0]
    grants = tuple(_grant(row[3:7]) for row in rows if row[3] is not None)
    actor = Actor(user_id, username, name, grants, token_hash)
    if village_id is None or village_code is None:
        return actor, None
    return actor, VillageRef(village_id, village_code, village_name, village_path)


class UserRow(NamedTuple):
    id: int
    username: str
    name: str
    password_hash: str
    is_active: bool


_USER = Prepared(
    select(User.id, User.username, User.name, User.password_hash, User.is_active).where(
        User.username == bindparam("username")
    )
)
_ALIKE = Prepared(select(User.username).where(func.lower(User.username) == bindparam("lowered")).limit(1))
_GRANTS = Prepared(
    select(UserGrant.role, UserGrant.region_code, Region.path, UserGrant.grid)
    .join(Region, Region.code == UserGrant.region_code)
    .where(UserGrant.user_id == bindparam("user_id"))
    .order_by(UserGrant.region_code, UserGrant.role)
)


def find_user(work: Work, username: str) -> UserRow | None:
    found = _USER.first(work, username=username)
    return UserRow(*found) if found else None


def username_of(work: Work, user_id: int) -> str:
    """Who that is; the system where it is nobody."""
    return work.read(select(User.username).where(User.id == user_id)).scalar_one_or_none() or SYSTEM_NAME


def find_username_like(work: Work, username: str) -> str | None:
    """A user name that differs in nothing but upper and lower case."""
    found = _ALIKE.first(work, lowered=username.lower())
    return found[0] if found else None


def grants_of(work: Work, user_id: int) -> tuple[Grant, ...]:
    return tuple(_grant(row) for row in _GRANTS.all(work, user_id=user_id))


def grants_within(work: Work, user_ids: Sequence[int], path: str) -> dict[int, list[Grant]]:
    """User id → their grants in the region of `path` or below, for many users at once."""
    statement = (
        select(UserGrant.user_id, UserGrant.role, UserGrant.region_code, Region.path, UserGrant.grid)
        .join(Region, Region.code == UserGrant.region_code)
        .where(UserGrant.user_id.in_(user_ids), Region.path.startswith(path, autoescape=True))
        .order_by(UserGrant.region_code, UserGrant.role)
    )
    found: dict[int, list[Grant]] = {user_id: [] for user_id in user_ids}
    for user_id, *grant in work.read(statement):
        found[user_id].append(_grant(grant))
    return found


def users_within(path: str) -> AnySelect:
    """Users with at least one grant in the region of `path` or below."""
    inside = (
        select(UserGrant.user_id)
        .join(Region, Region.code == UserGrant.region_code)
        .where(Region.path.startswith(path, autoescape=True))
    )
    return select(User.id, User.username, User.name, User.is_active).where(User.id.in_(inside))


def users_named(work: Work, user_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """User id → `{username, name}`, for many at once; the system is none of them."""
    statement = select(User.id, User.username, User.name).where(User.id.in_(user_ids))
    return {id: {"username": username, "name": name} for id, username, name in work.read(statement)}


_ADDRESS_FAILURES = Prepared(
    select(func.count()).where(LoginFailure.at > bindparam("since"), LoginFailure.address == bindparam("address"))
)
_ACCOUNT_FAILURES = Prepared(
    select(func.count()).where(LoginFailure.at > bindparam("since"), LoginFailure.account == bindparam("account"))
)


def count_account_failures(work: Work, account: str, *, since: datetime) -> int:
    return _ACCOUNT_FAILURES.one(work, account=account, since=since)[0]


def count_address_failures(work: Work, address: str, *, since: datetime) -> int:
    return _ADDRESS_FAILURES.one(work, address=address, since=since)[0]


def _grant(row: Any) -> Grant:
    role, region, path, grid = row
    cells = tuple(GridCell(cell["group_no"], cell.get("lane")) for cell in grid)
    return Grant(role, region, path, cells)
