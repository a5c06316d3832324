"""Running an offline batch: each operation is the client-named PUT it says it is, in a unit of work of its own."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pointshop.core import fields
from pointshop.core.errors import BadRequest, Forbidden, Invalid
from pointshop.core.ids import NAME_PATTERN, new_name
from pointshop.core.problems import as_problem
from pointshop.core.routes import Call, CommandSpec, Feature, hand_in
from pointshop.sync.schemas import OperationIn

_VILLAGE = "/villages/<village:v>/"
_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


class Target(NamedTuple):
    """A kind of operation that may come offline: what its path looks like, and the command behind it."""

    shape: re.Pattern[str]
    command: CommandSpec


def targets(features: Sequence[Feature]) -> list[Target]:
    """The commands of these features, by the paths under a village at which phones know them."""
    return [Target(_shape(command.route.rule), command) for feature in features for command in feature.commands]


def run_operation(call: Call, known: Sequence[Target], operation: Any) -> dict[str, Any]:
    """One operation with the same rules as its own call: `{put, status, body}`. Never raises for what was sent."""
    try:
        asked = fields.load(_OPERATION, operation)
        command, path = _find(known, asked["put"])
        answer = hand_in(command, asked["body"], path, actor=call.actor, village=call.village)
        status, body = answer.http_status, json.loads(answer.body)
    except Exception as error:
        problem = as_problem(error)
        status, body = problem.status, problem.document(instance=new_name())
    return {"put": _named(operation), "status": status, "body": body}


_OPERATION = OperationIn()


def _named(operation: Any) -> str | None:
    """What the phone calls it, however it is called."""
    put = operation.get("put") if isinstance(operation, dict) else None
    return put if isinstance(put, str) else None


def read_device_clock(text: str) -> datetime:
    """The phone's present instant. Raises Invalid when it has no offset or is no instant."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(errors={"device_now": ["时间须写作 2026-11-22T08:00:00+08:00"]}) from error
    if found.tzinfo is None or not 2000 <= found.year <= 2100:
        raise Invalid(errors={"device_now": ["时间须带时区"]})
    return found


def _find(known: Sequence[Target], put: str) -> tuple[CommandSpec, dict[str, str]]:
    for target in known:
        match = target.shape.fullmatch(put)
        if match is not None:
            return target.command, match.groupdict()
    if put.startswith("redemptions/"):
        raise Forbidden("离线时不能兑换：积分无法核对")
    raise BadRequest("不认识的操作")


def _shape(rule: str) -> re.Pattern[str]:
    pattern, end = "", 0
    below = rule.removeprefix(_VILLAGE)
    for part in _PART.finditer(below):
        matches = NAME_PATTERN if part["kind"] == "name" else "[^/]{1,40}"
        pattern += re.escape(below[end : part.start()]) + f"(?P<{part['name']}>{matches})"
        end = part.end()
    return re.compile(pattern + re.escape(below[end:]), re.ASCII)
