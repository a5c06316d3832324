"""Staff that a test hires for itself."""

from typing import Any

from pointshop.accounts import passwords
from pointshop.accounts import service as accounts
from pointshop.accounts.queries import find_user
from pointshop.cli.place import SYSTEM
from pointshop.core.db import unit_of_work
from pointshop.core.work import Work
from tests.api import Api, Caller
from tests.ground import HOME

#: Argon2id takes its time; users who never sign in with a password share one.
_HASH = passwords.hash_password("nobody signs in with this")


def hire(api: Api, username: str, *roles: str, region: str = HOME, grid: list[dict[str, Any]] | None = None) -> Caller:
    """A new user with these roles in a region, signed in."""
    grants = [{"role": role, "region": region, "grid": grid or []} for role in roles]

    def step(work: Work) -> str:
        accounts.put_user(
            work, SYSTEM, username=username, name="临时工", password_hash=_HASH, grants=grants, is_active=True
        )
        user = find_user(work, username)
        assert user is not None
        return accounts.open_session(work, user, device_name=None).token

    with api.ground.app.app_context():
        token = unit_of_work(step)
    return Caller(api.ground.app, token, region if len(region) == 12 else HOME)
