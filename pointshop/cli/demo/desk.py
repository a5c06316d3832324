"""The desk at which the staff of the story hand in what they do: by the same door as over HTTP, without the wire.

Each command is checked by its schema and its permission, runs in a unit of work of its own and is remembered under its
name, refusals too.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pointshop.app import FEATURES
from pointshop.core.clock import as_text, now
from pointshop.core.ids import derived_name
from pointshop.core.policy import Actor
from pointshop.core.routes import VillageRef, hand_in

_COMMANDS = {command.kind: command for feature in FEATURES for command in feature.commands}


class Reply(NamedTuple):
    """status: 201 or 422. document: the answer, or the problem with its `code`."""

    status: int
    document: dict[str, Any]

    @property
    def refused_for(self) -> str | None:
        return str(self.document["code"]) if self.status == 422 else None


class Unexpected(RuntimeError):
    """The story does not fit the rules of the house; the message is the refusal."""


class Desk:
    """Where one village's staff hand in commands. staff: by username."""

    def __init__(self, village: VillageRef, staff: Mapping[str, Actor]) -> None:
        self.village = village
        self.staff = staff
        self._names = 0

    def try_to(self, username: str, kind: str, body: Mapping[str, Any], **path: str) -> Reply:
        """Hand in a command and take what comes, a refusal too. path: `id` for a verb on a name that exists."""
        path = {"id": self._new_name(kind)} | path
        answer = hand_in(_COMMANDS[kind], body, path, actor=self.staff[username], village=self.village)
        return Reply(answer.status, json.loads(answer.body))

    def send(self, username: str, kind: str, body: Mapping[str, Any], **path: str) -> dict[str, Any]:
        """Hand in a command that must succeed; its answer. Raises Unexpected for a refusal."""
        reply = self.try_to(username, kind, body, **path)
        if reply.refused_for:
            raise Unexpected(f"{kind} {body}: {reply.document}")
        return reply.document

    def _new_name(self, kind: str) -> str:
        self._names += 1
        return derived_name(self.village.code, kind, as_text(now()), self._names)


class Happening(NamedTuple):
    """Something that is done at an instant."""

    at: datetime
    do: Callable[[], object]
