"""Signing in and out."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from pointshop.accounts.models import LoginFailure, User, UserSession
from pointshop.accounts.queries import hash_token
from pointshop.core.clock import now
from tests.api import Api, Caller
from tests.ground import HOME, PASSWORD
from tests.together import at_once, outcome, outcomes
from tests.world import World


def _sign_in(
    api: Api, username: str = "worker", password: str = PASSWORD, *, address: str = "10.0.0.1", **more: Any
) -> TestResponse:
    body = {"username": username, "password": password} | more
    return api.stranger.post("/api/v1/sessions", body, environ_base={"REMOTE_ADDR": address})


def _with(api: Api, answer: TestResponse) -> Caller:
    return api.stranger._replace(token=answer.get_json()["token"])


def test_a_session_says_who_and_what_and_until_when(api: Api) -> None:
    answer = _sign_in(api)
    assert answer.status_code == 201
    found = answer.get_json()
    assert found["token"].startswith("vps_") and len(found["token"]) > 40
    grants = [{"role": "worker", "region": HOME, "grid": []}]
    user = {"username": "worker", "name": "工作人员", "grants": grants, "active": True}
    assert found["user"] == user | {"password_set": {"at": ANY, "by": "系统"}}
    life = datetime.fromisoformat(found["expires_at"]) - now()
    assert timedelta(hours=11, minutes=59) < life <= timedelta(hours=12)
    assert _with(api, answer).get("/api/v1/me").get_json() == found["user"]


def test_a_named_device_stays_signed_in_for_a_month(api: Api) -> None:
    answer = _sign_in(api, device_name="柜台手机")
    assert datetime.fromisoformat(answer.get_json()["expires_at"]) - now() > timedelta(days=29)


def test_a_session_ends_when_it_said(api: Api) -> None:
    caller = _with(api, _sign_in(api))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=11, minutes=59)):
        assert caller.get("/api/v1/me").status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=12, seconds=1)):
        assert outcome(caller.get("/api/v1/me")) == (401, "unauthenticated")


def test_signing_out_kills_this_token_and_no_other(api: Api) -> None:
    first, second = _with(api, _sign_in(api)), _with(api, _sign_in(api))
    answer = first.delete("/api/v1/sessions/current")
    assert (answer.status_code, answer.data) == (204, b"")
    assert outcome(first.get("/api/v1/me")) == (401, "unauthenticated")
    assert outcome(first.delete("/api/v1/sessions/current")) == (401, "unauthenticated")
    assert second.get("/api/v1/me").status_code == 200


def test_the_database_holds_no_token_and_no_password(api: Api, world: World) -> None:
    token = _sign_in(api).get_json()["token"]
    kept = world.see(lambda work: work.read(select(UserSession.token_hash)).scalars().all())
    assert hash_token(token) in kept
    secrets = [token, token.removeprefix("vps_"), PASSWORD]
    whole = api.ground.contents()
    assert not [secret for secret in secrets if secret.encode() in whole]
    hashes = world.see(lambda work: work.read(select(User.password_hash)).scalars().all())
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in hashes)


def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(api: Api, world: World) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    world.do(lambda work: work.write(update(User).where(User.username == "worker").values(password_hash=weak)))
    assert _sign_in(api).status_code == 201
    (found,) = world.see(
        lambda work: work.read(select(User.password_hash).where(User.username == "worker")).scalars().all()
    )
    assert found != weak and found.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert _sign_in(api).status_code == 201


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic d29ya2VyOng=", "Bearer vps_x", "Bearer \xe9", "Bearer " + "x" * 5000]
)
def test_what_is_no_token_of_ours_is_401(api: Api, header: str) -> None:
    answer = api.stranger.get("/api/v1/me", headers={"Authorization": header})
    assert outcome(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def _told(answer: TestResponse) -> dict[str, Any]:
    return {key: value for key, value in answer.get_json().items() if key != "instance"}


def test_a_wrong_password_an_unknown_user_and_a_dead_account_look_the_same(api: Api) -> None:
    dead = {"name": "走了", "password": "很长的密码一二三", "grants": [], "active": False}
    assert api.root.put("/api/v1/users/gone", dead).status_code == 201
    answers = [
        _sign_in(api, "worker", "wrong"),
        _sign_in(api, "nobody", "wrong"),
        _sign_in(api, "gone", "很长的密码一二三"),
        _sign_in(api, "Worker", PASSWORD),
        _sign_in(api, "' OR 1=1 --", PASSWORD),
        _sign_in(api, "worker", PASSWORD + " "),
        _sign_in(api, "worker", ""),
    ]
    assert outcomes(answers) == {(401, "bad_credentials"): len(answers)}
    assert len({str(_told(answer)) for answer in answers}) == 1


def test_the_sixth_attempt_on_an_account_is_too_many_even_if_right(api: Api) -> None:
    for _ in range(5):
        assert _sign_in(api, password="wrong").status_code == 401
    answer = _sign_in(api)
    assert outcome(answer) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "900"
    # neither from elsewhere, but others and whoever is signed in go on
    assert _sign_in(api, address="10.9.9.9").status_code == 429
    assert _sign_in(api, "clerk").status_code == 201
    assert api.as_("worker").get("/api/v1/me").status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15, seconds=1)):
        assert _sign_in(api).status_code == 201


def test_an_unknown_user_is_throttled_like_a_known_one(api: Api) -> None:
    known = [_sign_in(api, "worker", "wrong") for _ in range(7)]
    unknown = [_sign_in(api, "nobody", "wrong") for _ in range(7)]
    assert [_told(answer) for answer in known] == [_told(answer) for answer in unknown]


def test_success_forgets_the_failures_of_the_account(api: Api, world: World) -> None:
    for _ in range(4):
        _sign_in(api, password="wrong")
    assert _sign_in(api).status_code == 201
    assert world.see(lambda work: work.read(select(func.count()).select_from(LoginFailure)).scalar_one()) == 0
    for _ in range(5):
        assert _sign_in(api, password="wrong").status_code == 401


def test_twenty_failures_of_an_address_on_any_accounts_are_too_many(api: Api) -> None:
    for number in range(20):
        assert _sign_in(api, f"user{number}", "wrong").status_code == 401
    answer = _sign_in(api)
    assert outcome(answer) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "600"
    assert _sign_in(api, address="10.0.0.2").status_code == 201
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10, seconds=1)):
        assert _sign_in(api).status_code == 201


def test_a_forged_address_is_overlooked(api: Api) -> None:
    for number in range(20):
        body = {"username": f"user{number}", "password": "wrong"}
        headers = {"X-Forwarded-For": f"1.2.3.{number}", "Forwarded": f"for=1.2.3.{number}"}
        assert api.stranger.post("/api/v1/sessions", body, headers=headers).status_code == 401
    answer = api.stranger.post(
        "/api/v1/sessions", {"username": "x", "password": "y"}, headers={"X-Forwarded-For": "9.9.9.9"}
    )
    assert answer.status_code == 429


def test_of_twenty_guesses_at_once_five_are_looked_at(api: Api) -> None:
    answers = at_once([partial(_sign_in, api, "worker", f"wrong{number}") for number in range(20)])
    assert outcomes(answers) == {(401, "bad_credentials"): 5, (429, "too_many_requests"): 15}


def test_another_account_of_almost_the_same_name_forgives_nothing(api: Api) -> None:
    """Signing in as WORKER between the guesses must not give five more on worker."""
    body = {"name": "影子", "password": PASSWORD, "grants": [{"role": "worker", "region": HOME}]}
    assert outcome(api.as_("manager").put("/api/v1/users/WORKER", body)) == (422, "validation")
    for _ in range(4):
        _sign_in(api, password="wrong")
    _sign_in(api, "WORKER")
    assert [_sign_in(api, password="wrong").status_code for _ in range(2)] == [401, 429]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "worker"},
        {"username": "worker", "password": None},
        {"username": 1, "password": "x"},
        {"username": ["worker"], "password": "x"},
        {"username": "worker", "password": "x" * 201},
        {"username": "x" * 201, "password": "x"},
        {"username": "worker", "password": PASSWORD, "role": "admin"},
        {"username": "worker", "password": PASSWORD, "device_name": "x" * 61},
    ],
)
def test_nonsense_is_422_and_counts_for_nothing(api: Api, world: World, body: dict[str, Any]) -> None:
    assert outcome(api.stranger.post("/api/v1/sessions", body)) == (422, "validation")
    assert world.see(lambda work: work.read(select(func.count()).select_from(LoginFailure)).scalar_one()) == 0
