"""Fault points are there for tests; in a village nothing happens at them and nothing can arm them."""

import ast
from pathlib import Path

import pytest
from flask import Flask

import pointshop
from pointshop.config import ConfigError, read_config
from pointshop.core import faults
from tests.api import Api

PACKAGE = Path(pointshop.__file__).parent


def test_our_own_code_only_passes_them(app: Flask) -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "faults.py":
            text = path.read_text(encoding="utf-8")
            assert "watched(" not in text, path
            assert "core.faults" not in text, path
    assert vars(faults)["_hook"] is None


def test_each_point_has_its_one_place() -> None:
    named = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "faults.hit":
                assert isinstance(node.args[0], ast.Constant)
                named.append(node.args[0].value)
    assert set(named) == set(faults.POINTS)


def test_no_setting_arms_them() -> None:
    for name in ("FAULTS", "DIE_AT"):
        with pytest.raises(ConfigError):
            read_config({f"POINTSHOP_{name}": "before_commit:1"})


def test_a_named_put_passes_them_in_their_order(api: Api) -> None:
    passed: list[str] = []
    move = {"head": "张建国", "group_no": 1}
    assert api.as_("manager").put("/households/0001", move).status_code == 201
    with faults.watched(passed.append):
        answer = api.as_("manager").put("/households/0001/cards/01890a5d-ac96-774b-bcce-b302099a8057", {})
    assert answer.status_code == 201
    assert tuple(passed) == faults.POINTS
    assert vars(faults)["_hook"] is None
