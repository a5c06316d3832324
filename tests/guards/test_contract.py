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


def test_every_call_is_described_in_chinese_and_in_one_line(app: Flask) -> None:
    """The summaries stand on /docs, which people read."""
    described = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    said = {
        f"{method} {path}": f"{call.get('summary', '')} {call.get('description', '')}".strip()
        for path, found in described.items()
        for method, call in found.items()
        if method != "parameters"
    }
    assert [
        call for call, words in said.items() if "`" in words or not any("一" <= each <= "龥" for each in words)
    ] == []
