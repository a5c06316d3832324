"""Every call of the contract is there under its name, and described."""

import pytest
from flask import Flask

from tests.contract import CALLS, PAGES, calls


@pytest.mark.parametrize(
    ("method", "path"), [(method, f"/api/v1{path}") for method, path in calls(CALLS)] + calls(PAGES), ids=" ".join
)
def test_call_of_the_contract_is_described(app: Flask, method: str, path: str) -> None:
    described = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    assert method.lower() in described.get(path, {})
