"""What tests of merits ask for."""

from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from tests.api import Caller


def day(offset: int = 0) -> str:
    """A day in the village, counted from today."""
    return (village_day(now()) + timedelta(days=offset)).isoformat()


def deed(household: str = "0001", **more: Any) -> dict[str, Any]:
    """A merit as it is asked for: today, by the rule A1."""
    return {"rule": "A1", "household": household, "occurred_on": day()} | more


def batch(*lines: dict[str, Any] | str, **more: Any) -> dict[str, Any]:
    """A batch as it is asked for; a line may be just a household's number."""
    spelled = [{"household": line} if isinstance(line, str) else line for line in lines]
    return {"rule": "A1", "occurred_on": day(), "lines": spelled} | more


def log(caller: Caller, household: str = "0001", *, name: str | None = None, **more: Any) -> TestResponse:
    return caller.put(f"/merits/{name or new_name()}", deed(household, **more))


def logged(caller: Caller, household: str = "0001", **more: Any) -> str:
    """Log one and give its name."""
    name = new_name()
    answer = log(caller, household, name=name, **more)
    assert answer.status_code == 201, answer.text
    return name


def log_batch(caller: Caller, *lines: dict[str, Any] | str, name: str | None = None, **more: Any) -> TestResponse:
    return caller.put(f"/merit-batches/{name or new_name()}", batch(*lines, **more))


def review(caller: Caller, name: str, decision: str = "approve", **more: Any) -> TestResponse:
    return caller.put(f"/merits/{name}/review", {"decision": decision} | more)


def reverse(caller: Caller, name: str, reason: str = "记错了") -> TestResponse:
    return caller.put(f"/merits/{name}/reversal", {"reason": reason})


def state_of(caller: Caller, name: str) -> str:
    found: str = caller.get(f"/merits/{name}").get_json()["state"]
    return found


def honour(caller: Caller, number: str = "0001") -> int:
    """What a household was honoured for this year."""
    found: int = caller.get(f"/households/{number}").get_json()["honor_points"]
    return found
