"""Drives the service and the model of a village side by side, in any order hypothesis thinks of."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from werkzeug.test import TestResponse

from pointshop.app import SEALED
from pointshop.core import clock
from pointshop.core.db import snapshot
from pointshop.ledger.seal import seal_village
from pointshop.merits.service import post_due
from tests.api import Api
from tests.books import violations
from tests.ground import Ground
from tests.model.village import AT_FIRST, HOUSEHOLDS, PRODUCTS, RULES, Asked, Deed, Model, Sale
from tests.world import World

_MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
#: The whole set of checks runs after every so many steps, and at the end.
_CHECK_EVERY = 12

households = st.sampled_from(HOUSEHOLDS)
rules = st.sampled_from(sorted(RULES))
quantities = st.integers(1, 4)
#: Choose one of what there is by then.
picks = st.integers(0, 2**16)


class VillageMachine(RuleBasedStateMachine):
    """ground: where the service lives; it is made anew for each history."""

    ground: Ground
    model_kind: type[Model] = Model

    def __init__(self) -> None:
        super().__init__()
        self.ground.renew()
        self.api, self.world, self.model = Api(self.ground), World(self.ground.app), self.model_kind()
        self.instant, self.steps, self.names = _MORNING, 0, 0

    @initialize()
    def settle(self) -> None:
        with clock.at(self.instant):
            self.world.households(len(HOUSEHOLDS), points=AT_FIRST)
            for code, (points, cap) in RULES.items():
                self.world.rule(code, points=points, cap=cap, cap_period="day" if cap else None)
            for code, points in PRODUCTS.items():
                product = {"name": code, "unit": "个", "points": points}
                assert self.api.as_("manager").put(f"/products/{code}", product).status_code == 201
                goods = {"product": code, "kind": "receive", "quantity": AT_FIRST}
                assert self.api.as_("clerk").put(f"/stock-moves/{self.name()}", goods).status_code == 201
            self.cards = {number: self.world.card(number) for number in HOUSEHOLDS}

    # --- merits ---

    @rule(household=households, code=rules, quantity=quantities, note=st.sampled_from("甲乙"), back=st.integers(0, 1))
    def log(self, household: str, code: str, quantity: int, note: str, back: int) -> None:
        name, day = self.name(), self.today - timedelta(days=back)
        body = {"rule": code, "household": household, "quantity": quantity}
        said = body | {"occurred_on": day.isoformat(), "note": note}
        refused = self.model.log([Deed(name, household, code, quantity, day, note, "")], self.today)
        self.ask("worker", f"/merits/{name}", said, refused)

    @rule(lines=st.lists(st.tuples(households, quantities), min_size=1, max_size=4), code=rules)
    def log_batch(self, lines: list[tuple[str, int]], code: str) -> None:
        name = self.name()
        before = len(self.model.deeds)
        deeds = [Deed(f"{name} {n}", who, code, much, self.today, "批", "") for n, (who, much) in enumerate(lines)]
        refused = self.model.log(deeds, self.today)
        said = [{"household": who, "quantity": much} for who, much in lines]
        body = {"rule": code, "occurred_on": self.today.isoformat(), "note": "批", "lines": said}
        answer = self.ask("worker", f"/merit-batches/{name}", body, refused)
        if refused is None:
            self._rename(deeds, [merit["id"] for merit in answer["merits"]])
        assert len(self.model.deeds) == before + (0 if refused else len(lines))

    @precondition(lambda self: self.model.deeds)
    @rule(pick=picks, decision=st.sampled_from(["approve", "reject"]))
    def review(self, pick: int, decision: str) -> None:
        name = self.pick(self.model.deeds, pick)
        path, body = f"/merits/{name}/review", {"decision": decision}
        self.say("reviewer", path, body, lambda: self.model.review(name, decision, self.today))

    @precondition(lambda self: self.model.deeds)
    @rule(pick=picks)
    def reverse(self, pick: int) -> None:
        name = self.pick(self.model.deeds, pick)
        self.say("manager", f"/merits/{name}/reversal", {"reason": "记错了"}, lambda: self.model.reverse(name))

    @precondition(lambda self: self.model.deeds)
    @rule(pick=picks)
    def withdraw(self, pick: int) -> None:
        name = self.pick(self.model.deeds, pick)
        self.say("worker", f"/merits/{name}/withdrawal", {"reason": "记错了"}, lambda: self.model.withdraw(name))

    # --- the shop ---

    @rule(household=households, basket=st.dictionaries(st.sampled_from(sorted(PRODUCTS)), quantities, min_size=1))
    def redeem(self, household: str, basket: dict[str, int]) -> None:
        name, sale = self.name(), Sale(household, basket)
        lines = [{"product": code, "quantity": quantity} for code, quantity in basket.items()]
        body = {"card": self.cards[household], "lines": lines, "expected_points": sale.points}
        self.ask("clerk", f"/redemptions/{name}", body, self.model.redeem(name, sale))

    @precondition(lambda self: self.model.sales)
    @rule(pick=picks)
    def void(self, pick: int) -> None:
        name = self.pick(self.model.sales, pick)
        self.say("manager", f"/redemptions/{name}/void", {"reason": "拿错了"}, lambda: self.model.void(name))

    @rule(
        code=st.sampled_from(sorted(PRODUCTS)),
        kind=st.sampled_from(["receive", "write_off", "count"]),
        quantity=st.integers(1, 9),
    )
    def move_goods(self, code: str, kind: str, quantity: int) -> None:
        body = {"product": code, "kind": kind, "quantity": quantity}
        self.ask("clerk", f"/stock-moves/{self.name()}", body, self.model.move(code, kind, quantity))

    @rule(household=households)
    def scan(self, household: str) -> None:
        self.model.post_due(self.today, household)
        with clock.at(self.instant):
            answer = self.api.as_("clerk").post("/scans", {"code": self.cards[household]})
        assert answer.get_json()["balance"] == self.model.purses[household]

    # --- the day, and everything again ---

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.instant += timedelta(days=days)

    @rule()
    def hang_a_notice(self) -> None:
        self.model.hang(self.today)
        with clock.at(self.instant):
            self.world.hang_notice()

    @rule()
    def close_the_day(self) -> None:
        self.model.post_due(self.today)
        with clock.at(self.instant):
            self.world.do(lambda work: post_due(work, self.world.village_id))
            self.world.do(lambda work: seal_village(work, self.world.village_id, SEALED))
        # a seal stands between two instants
        self.instant += timedelta(seconds=1)

    @rule(review_levels=st.integers(0, 1), notice_days=st.integers(0, 2))
    def change_settings(self, review_levels: int, notice_days: int) -> None:
        self.model.review_levels, self.model.notice_days = review_levels, notice_days
        with clock.at(self.instant):
            self.world.settings(review_levels=review_levels, notice_days=notice_days)

    @precondition(lambda self: self.model.asked)
    @rule(pick=picks)
    def ask_again(self, pick: int) -> None:
        past = self.model.asked[pick % len(self.model.asked)]
        self.check(self.put(past.role, past.path, past.body), past)

    @rule(picked=st.lists(picks, max_size=6), household=households, quantity=quantities)
    def sync(self, picked: list[int], household: str, quantity: int) -> None:
        """Old ones again, and a new one among them."""
        old = [asked for asked in self.model.asked if asked.role == "worker"]
        again = [old[pick % len(old)] for pick in picked if old]
        name, note = self.name(), f"离线{self.names}"
        body = {"rule": "PLUS", "household": household, "quantity": quantity, "note": note}
        body["occurred_on"] = self.today.isoformat()
        self.model.log([Deed(name, household, "PLUS", quantity, self.today, note, "")], self.today)
        operations = [{"put": past.path.removeprefix("/"), "body": past.body} for past in again]
        operations.insert(len(operations) // 2, {"put": f"merits/{name}", "body": body})
        with clock.at(self.instant):
            answer = self.api.as_("worker").post(
                "/sync", {"device_now": "2026-03-02T08:00:00Z", "operations": operations}
            )
        results = answer.get_json()["results"]
        new = results.pop(len(again) // 2)
        assert new["status"] == 201
        self.model.asked.append(Asked("worker", f"/merits/{name}", body, 201, new["body"]))
        for result, past in zip(results, again, strict=True):
            assert (result["status"], result["body"]) == (200 if past.status == 201 else 422, past.answer)

    # --- what must hold ---

    @invariant()
    def the_service_agrees(self) -> None:
        self.steps += 1
        with clock.at(self.instant):
            listed = self.api.as_("manager").get("/products").get_json()["items"]
            assert {item["code"]: item["on_hand"] for item in listed} in (self.model.shelves, {})
            for number in HOUSEHOLDS if listed else ():
                found = self.api.as_("manager").get(f"/households/{number}").get_json()
                assert (found["balance"], found["honor_points"]) == (
                    self.model.purses[number],
                    self.model.honour[number],
                )
            if self.steps % _CHECK_EVERY == 0:
                self.check_books()

    def teardown(self) -> None:
        with clock.at(self.instant):
            for name, deed in self.model.deeds.items():
                assert self.api.as_("manager").get(f"/merits/{name}").get_json()["state"] == deed.state
            self.check_books()

    def check_books(self) -> None:
        with self.ground.app.app_context():
            assert snapshot(violations) == {}

    # --- how it is asked ---

    @property
    def today(self) -> date:
        return clock.village_day(self.instant)

    def name(self) -> str:
        """The next client-made name; always the same in the same history."""
        self.names += 1
        return str(UUID(int=self.names, version=4))

    @staticmethod
    def pick(holder: dict[str, Any], pick: int) -> str:
        return list(holder)[pick % len(holder)]

    def put(self, role: str, path: str, body: Any) -> TestResponse:
        with clock.at(self.instant):
            return self.api.as_(role).put(path, body)

    def ask(self, role: str, path: str, body: Any, refused: str | None) -> Any:
        """A call under a new name. refused: what the model says; the answer's document."""
        answer = self.put(role, path, body)
        document = answer.get_json(force=True)
        assert (answer.status_code, document.get("code") if refused else None) == (422 if refused else 201, refused)
        self.model.asked.append(Asked(role, path, body, answer.status_code, document))
        return document

    def say(self, role: str, path: str, body: Any, judge: Any) -> None:
        """A verb on a name. In the same words as before it is the same call; otherwise the model judges."""
        for past in self.model.asked:
            if (past.role, past.path, past.body) == (role, path, body):
                self.check(self.put(role, path, body), past)
                return
        refused = judge()
        if any((past.role, past.path) == (role, path) for past in self.model.asked):
            # other words under a name that was used: refused by itself each time, and not remembered
            assume(refused is not None)
            answer = self.put(role, path, body)
            assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, refused)
            return
        self.ask(role, path, body, refused)

    @staticmethod
    def check(answer: TestResponse, past: Asked) -> None:
        """It is answered as it was the first time, whatever has happened since."""
        assert answer.status_code == (200 if past.status == 201 else 422)
        assert answer.headers["Idempotency-Replayed"] == "true"
        assert answer.get_json(force=True) == past.answer

    def _rename(self, deeds: list[Deed], names: list[str]) -> None:
        """The service names the merits of a batch."""
        for deed, name in zip(deeds, names, strict=True):
            del self.model.deeds[deed.name]
            deed.name = name
            self.model.deeds[name] = deed
