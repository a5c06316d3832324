"""kill -9 at any moment, start again, repeat what was not answered: everything happened exactly once."""

import http.client
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pointshop.__main__ import run
from pointshop.core import faults
from tests.acceptance import dying
from tests.acceptance.served import Served, VillageOnline, new_name, open_village, running
from tests.acceptance.test_first_day import TODAY
from tests.ground import Ground

POINTS = 5


@dataclass(slots=True)
class Sender:
    """A phone that keeps sending, and remembers what was answered and what was not."""

    village: VillageOnline
    chance: random.Random
    answered: dict[str, int] = field(default_factory=dict)
    unanswered: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.send(new_name(), *self.next())

    def send(self, name: str, role: str, path: str, body: dict[str, Any]) -> None:
        self.unanswered[name] = (role, path, body)
        try:
            answer = self.village.put(role, path, body, name)
        except (OSError, http.client.HTTPException):
            return
        if answer.status == 503:
            return
        assert answer.status in (200, 201), answer.body
        self.answered[name] = answer.status
        del self.unanswered[name]

    def repeat(self) -> None:
        """Send what has no answer again, until it has: a server that was busy asked for it too."""
        for _ in range(20):
            for name, asked in list(self.unanswered.items()):
                self.send(name, *asked)
            if not self.unanswered:
                return

    def next(self) -> tuple[str, str, dict[str, Any]]:
        if self.chance.random() < 0.5:
            note = f"{self.chance.random()}"
            body: dict[str, Any] = {"rule": "GOOD", "household": "0001", "occurred_on": TODAY, "note": note}
            return "worker", "/merits/{id}", body
        return (
            "clerk",
            "/redemptions/{id}",
            {
                "card": self.village.tokens["card"],
                "lines": [{"product": "P1", "quantity": 1}],
                "expected_points": 1,
            },
        )


@pytest.fixture
def village(ground: Ground, tmp_path: Path) -> Iterator[VillageOnline]:
    with ground.copied(tmp_path) as config, running(Served.of(config)) as served:
        found = open_village(served, ground.tokens)
        rule = {"category": "志愿服务", "name": "好事", "points": POINTS}
        head = {"head": "张建国", "group_no": 1}
        for role, path, body in (
            ("manager", "/households/0001", head),
            ("manager", "/rules/GOOD", rule),
            ("manager", "/products/P1", {"name": "牙刷", "unit": "支", "points": 1}),
            # more than is sold in two hundred cuts
            *[("clerk", "/stock-moves/{id}", {"product": "P1", "kind": "receive", "quantity": 9999})] * 9,
            ("manager", "/merits/{id}", {"rule": "GOOD", "household": "0001", "occurred_on": TODAY, "quantity": 999}),
        ):
            assert found.put(role, path, body).status == 201
        found.tokens["card"] = found.put("manager", "/households/0001/cards/{id}", {}).json["code"]
        yield found


def survive(village: VillageOnline, *, cuts: int, seed: int) -> tuple[list[Sender], int]:
    """Cut the power `cuts` times under four senders; returns them, and how many calls had to be repeated."""
    chance, senders, repeated = (
        random.Random(seed),
        [Sender(village, random.Random(seed * 100 + n)) for n in range(4)],
        0,
    )
    for _ in range(cuts):
        stop = threading.Event()
        threads = [threading.Thread(target=sender.run, args=(stop,)) for sender in senders]
        for thread in threads:
            thread.start()
        stop.wait(chance.uniform(0.05, 0.6))
        village.served.kill()
        stop.set()
        for thread in threads:
            thread.join()
        village.served.start()
        repeated += sum(len(sender.unanswered) for sender in senders)
        for sender in senders:
            sender.repeat()
    return senders, repeated


def whole_passbook(village: VillageOnline) -> list[dict[str, Any]]:
    path = "/households/0001/passbook?limit=200"
    page = village.get("manager", path).json
    lines: list[dict[str, Any]] = page["items"]
    while page["next"]:
        page = village.get("manager", f"{path}&after={page['next']}").json
        lines += page["items"]
    return lines


def check_history(village: VillageOnline, senders: list[Sender]) -> None:
    """Every answered name is there once, and nothing else is."""
    assert not any(sender.unanswered for sender in senders)
    names = {name for sender in senders for name in sender.answered}
    lines = whole_passbook(village)
    sources = [line["source"]["id"] for line in lines[:-1]]
    assert sorted(sources) == sorted(names)
    balance = village.get("manager", "/households/0001").json["balance"]
    assert balance == lines[0]["balance_after"] == sum(line["points"] for line in lines)
    assert village.verify() == 0


def test_a_server_that_dies_at_its_fault_points_did_everything_once(village: VillageOnline) -> None:
    sender = Sender(village, random.Random(3))
    for point in faults.POINTS:
        die_once(village, sender, point)
    village.served.stop()
    village.served.program = run
    village.served.start()
    sender.repeat()
    check_history(village, [sender])
    assert sorted(sender.answered.values()) == [200] * 2 + [201] * 8


def die_once(village: VillageOnline, sender: Sender, point: str) -> None:
    """Start a server that dies at the point while it serves the second of two calls; send those, and what the server
    before it left unanswered."""
    served = village.served
    if served.process is not None:
        served.stop()
    served.program, served.settings["DIE_AT"] = dying.run, f"{point}:{2 + len(sender.unanswered)}"
    served.start()
    sender.repeat()
    for _ in range(2):
        sender.send(new_name(), *sender.next())
    assert len(sender.unanswered) == 1
    served.mourn()


def test_four_phones_survive_power_cuts_exactly_once(village: VillageOnline) -> None:
    senders, _ = survive(village, cuts=4, seed=1)
    assert sum(len(sender.answered) for sender in senders) > 20
    check_history(village, senders)


@pytest.mark.soak
def test_two_hundred_power_cuts(village: VillageOnline) -> None:
    senders, repeated = survive(village, cuts=200, seed=2)
    assert repeated > 0
    check_history(village, senders)
