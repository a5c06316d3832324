"""Whose address a request comes from (threats.md C19): what a client writes about itself counts for nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask

from pointshop.app import create_app
from pointshop.config import ConfigError, read_config
from pointshop.core.db import db
from pointshop.core.proxies import client_address
from tests.ground import Ground

_OURS = tuple(map(ip_network, ("127.0.0.1", "::1", "10.1.0.0/16")))


@pytest.mark.parametrize(
    ("peer", "header", "expected"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        # what the client itself sent stands before what our proxy added
        ("127.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        # two proxies of ours
        ("127.0.0.1", "1.2.3.4, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        # whoever comes past the proxy is who they are
        ("203.0.113.7", "1.2.3.4", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9,", "127.0.0.1"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("::1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("", "1.2.3.4", ""),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours_is_the_clients(peer: str, header: str, expected: str) -> None:
    assert client_address(peer, header, _OURS) == expected


@contextmanager
def _behind(ground: Ground, *proxies: str) -> Iterator[Flask]:
    app = create_app(replace(ground.config(), trusted_proxies=tuple(map(ip_network, proxies))))
    yield app
    with app.app_context():
        db.engine.dispose()


def _guess(app: Flask, turn: int, *, header: str, peer: str = "127.0.0.1") -> int:
    """A failed sign-in as somebody else each time, so that only the address is what they share."""
    answer = app.test_client().post(
        "/api/v1/sessions",
        json={"username": f"nobody{turn}", "password": "wrong wrong"},
        headers={"X-Forwarded-For": header},
        environ_base={"REMOTE_ADDR": peer},
    )
    return answer.status_code


def test_without_the_setting_a_forged_header_opens_no_new_bucket(app: Flask) -> None:
    found = [_guess(app, turn, header=f"198.51.100.{turn}") for turn in range(21)]
    assert found == [401] * 20 + [429]


def test_behind_a_proxy_each_client_has_its_own_bucket_and_cannot_leave_it(app: Flask, ground: Ground) -> None:
    with _behind(ground, "127.0.0.1") as served:
        guessed = [_guess(served, turn, header=f"198.51.100.{turn}, 203.0.113.9") for turn in range(21)]
        assert guessed == [401] * 20 + [429]
        assert _guess(served, 30, header="203.0.113.10") == 401


def test_past_the_proxy_the_header_counts_for_nothing(app: Flask, ground: Ground) -> None:
    with _behind(ground, "10.1.0.0/16") as served:
        guessed = [_guess(served, turn, header=f"198.51.100.{turn}", peer="203.0.113.9") for turn in range(21)]
    assert guessed == [401] * 20 + [429]


def test_a_client_of_a_proxy_on_this_machine_is_not_this_machine(app: Flask, ground: Ground) -> None:
    with _behind(ground, "127.0.0.1") as served:
        for header in ("203.0.113.9", "127.0.0.1"):
            assert served.test_client().get("/metrics", headers={"X-Forwarded-For": header}).status_code == 404


@pytest.mark.parametrize("setting", ["everyone", "10.0.0.1/8", "1", "127.0.0.1;10.0.0.1"])
def test_a_setting_that_names_nobody_is_refused(setting: str) -> None:
    with pytest.raises(ConfigError):
        read_config({"POINTSHOP_TRUSTED_PROXIES": setting})


def test_the_setting_takes_addresses_and_networks() -> None:
    found: Any = read_config({"POINTSHOP_TRUSTED_PROXIES": "127.0.0.1, ::1,10.1.0.0/16"}).trusted_proxies
    assert found == _OURS
