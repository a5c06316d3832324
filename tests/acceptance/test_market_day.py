"""F09, F10, F11: a market day on one purse, on the last piece and on all shelves, through real server processes.

`-m soak` sends a thousand at a time, as threats.md asks; without it there are fewer of them.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.acceptance.served import Answer, Served, VillageOnline, open_village, running
from tests.acceptance.test_first_day import TODAY
from tests.ground import Ground
from tests.on_postgresql import PostgresqlGround

GOODS = [f"P{number}" for number in range(10)]
#: Callers at a time.
_COUNTERS = 64


class Market(NamedTuple):
    """household 0001 has 50 points, 0002 has plenty; of each of GOODS there is plenty, of BROOM one."""

    village: VillageOnline
    cards: dict[str, str]
    database: str

    def storm(self, orders: list[dict[str, Any]]) -> "Storm":
        """All orders, each under a name of its own, from as many counters as a town has."""
        with ThreadPoolExecutor(_COUNTERS) as counters:
            return Storm(list(counters.map(self._send, orders)))

    def order(self, household: str, *codes: str) -> dict[str, Any]:
        lines = [{"product": code, "quantity": 1} for code in codes]
        return {"card": self.cards[household], "lines": lines, "expected_points": len(codes)}

    def balance(self, household: str) -> int:
        found: int = self.village.get("manager", f"/households/{household}").json["balance"]
        return found

    def on_hand(self) -> dict[str, int]:
        listed = self.village.get("clerk", "/products").json["items"]
        return {item["code"]: item["on_hand"] for item in listed}

    def _send(self, order: dict[str, Any]) -> tuple[Answer, float]:
        began = time.monotonic()
        answer = self.village.put("clerk", "/redemptions/{id}", order)
        return answer, time.monotonic() - began


class Storm(NamedTuple):
    """Answers, and how many seconds each took."""

    answers: list[tuple[Answer, float]]

    @property
    def outcomes(self) -> dict[str, int]:
        return Counter(str(answer.status) if answer.status < 400 else answer.json["code"] for answer, _ in self.answers)

    @property
    def p99(self) -> float:
        return sorted(seconds for _, seconds in self.answers)[int(len(self.answers) * 0.99)]


@pytest.fixture
def market(ground: Ground, tmp_path: Path) -> Iterator[Market]:
    with ground.copied(tmp_path) as config:
        database = "sqlite" if config.database_url.startswith("sqlite") else "postgresql"
        with running(Served.of(config, workers=1 if database == "sqlite" else 3)) as served:
            village = open_village(served, ground.tokens)
            yield Market(village, _open(village), database)
            assert village.verify() == 0


def _open(village: VillageOnline) -> dict[str, str]:
    cards = {}
    for number, points in (("0001", 50), ("0002", 5000)):
        rule = {"category": "志愿服务", "name": "好事", "points": points}
        merit = {"rule": f"R{number}", "household": number, "occurred_on": TODAY}
        for path, body in (
            (f"/households/{number}", {"head": "张建国", "group_no": 1}),
            (f"/rules/R{number}", rule),
            ("/merits/{id}", merit),
        ):
            assert village.put("manager", path, body).status == 201
        cards[number] = village.put("manager", f"/households/{number}/cards/{{id}}", {}).json["code"]
    for code in (*GOODS, "BROOM"):
        assert village.put("manager", f"/products/{code}", {"name": code, "unit": "个", "points": 1}).status == 201
        goods = {"product": code, "kind": "receive", "quantity": 1 if code == "BROOM" else 5000}
        assert village.put("clerk", "/stock-moves/{id}", goods).status == 201
    return cards


@pytest.mark.parametrize(("count", "bar"), [(120, 30.0), pytest.param(1000, 5.0, marks=pytest.mark.soak)])
def test_everybody_at_once_gets_what_is_there_and_hears_why_not(
    market: Market, ground: Ground, count: int, bar: float
) -> None:
    """bar: seconds in which 99 of 100 are answered on PostgreSQL; on SQLite twice as many."""
    before = _deadlocks(ground)
    purse = market.storm([market.order("0001", "P1")] * count)
    assert purse.outcomes == {"201": 50, "insufficient_points": count - 50}
    assert market.balance("0001") == 0
    broom = market.storm([market.order("0002", "BROOM")] * count)
    assert broom.outcomes == {"201": 1, "out_of_stock": count - 1}
    chance = random.Random(11)
    baskets = market.storm([market.order("0002", *chance.sample(GOODS, 4)) for _ in range(count)])
    assert baskets.outcomes == {"201": count}
    assert market.balance("0002") == 4999 - 4 * count
    assert sum(market.on_hand().values()) == 5000 * len(GOODS) - 50 - 4 * count
    market.village.served.stop()
    assert _deadlocks(ground) == before
    print(f"\n{market.database}: {count} at once, p99 {purse.p99:.2f} s, {broom.p99:.2f} s, {baskets.p99:.2f} s")
    assert max(purse.p99, broom.p99, baskets.p99) < bar * (2 if market.database == "sqlite" else 1)


def _deadlocks(ground: Ground) -> int:
    """In all databases of the server; processes that ended have told of theirs. SQLite knows none."""
    if not isinstance(ground, PostgresqlGround):
        return 0
    ((count,),) = ground.server.run("SELECT sum(deadlocks)::bigint FROM pg_stat_database")
    return int(count)
