"""A village as two dictionaries and a list: what each household can spend, what lies on each shelf, and what was asked.

It says what the service must answer, in a few lines of arithmetic that share nothing with it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

HOUSEHOLDS = ("0001", "0002", "0003")
#: product → points
PRODUCTS = {"P1": 1, "P2": 3}
#: rule → (points, most per day and household or None)
RULES = {"PLUS": (5, None), "MINUS": (-4, None), "CAPPED": (2, 3)}
#: what each purse and each shelf begins with
AT_FIRST = 20
ENDED = ("rejected", "withdrawn", "reversed")


@dataclass
class Deed:
    """A merit. moved: points it really brought into the purse; a deduction stops at zero."""

    name: str
    household: str
    rule: str
    quantity: int
    day: date
    note: str
    state: str
    due_on: date | None = None
    moved: int = 0

    @property
    def points(self) -> int:
        return RULES[self.rule][0] * self.quantity

    def is_same_as(self, other: "Deed") -> bool:
        """Whether both tell of the same thing, so that only one may count."""
        return (self.household, self.rule, self.day, self.note) == (other.household, other.rule, other.day, other.note)


@dataclass
class Sale:
    household: str
    basket: dict[str, int]
    is_voided: bool = False

    @property
    def points(self) -> int:
        return sum(PRODUCTS[code] * quantity for code, quantity in self.basket.items())


@dataclass
class Asked:
    """A call under a client-made name, and what was answered for good."""

    role: str
    path: str
    body: Any
    status: int
    answer: Any


@dataclass
class Model:
    """The two dictionaries, the list, and what the rules need to remember."""

    purses: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HOUSEHOLDS, AT_FIRST))
    shelves: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PRODUCTS, AT_FIRST))
    asked: list[Asked] = field(default_factory=list)
    honour: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HOUSEHOLDS, 0))
    deeds: dict[str, Deed] = field(default_factory=dict)
    sales: dict[str, Sale] = field(default_factory=dict)
    review_levels: int = 0
    notice_days: int = 0

    # --- merits: each returns the refusal's code, or None ---

    def log(self, deeds: list[Deed], today: date) -> str | None:
        """All or nothing, as a batch is."""
        live = [deed for deed in self.deeds.values() if deed.state not in ENDED]
        for number, deed in enumerate(deeds):
            if any(deed.is_same_as(other) for other in live + deeds[:number]):
                return "duplicate_merit"
        for deed in deeds:
            cap = RULES[deed.rule][1]
            used = sum(each.quantity for each in live + deeds if self._counts_with(each, deed))
            if cap is not None and used > cap:
                return "cap_exceeded"
        for deed in deeds:
            self.deeds[deed.name] = deed
            if self.review_levels:
                deed.state = "submitted"
            else:
                self._move_on(deed, today)
        return None

    def review(self, name: str, decision: str, today: date) -> str | None:
        deed = self.deeds[name]
        if deed.state != "submitted":
            return "not_pending"
        if decision == "reject":
            deed.state = "rejected"
        else:
            self._move_on(deed, today)
        return None

    def reverse(self, name: str) -> str | None:
        deed = self.deeds[name]
        if deed.state in ENDED:
            return "already_voided"
        if deed.state == "posted":
            self._pay(deed.household, -deed.moved)
            self.honour[deed.household] -= deed.points
        deed.state = "reversed"
        return None

    def withdraw(self, name: str) -> str | None:
        deed = self.deeds[name]
        if deed.state != "submitted":
            return "not_pending"
        deed.state = "withdrawn"
        return None

    def hang(self, today: date) -> None:
        """All that waits for a notice hangs on one since today."""
        for deed in self.deeds.values():
            if deed.state == "approved":
                deed.state, deed.due_on = "noticed", today + timedelta(days=max(self.notice_days, 1))

    def post_due(self, today: date, household: str | None = None) -> None:
        due = [
            deed
            for deed in self.deeds.values()
            if deed.state == "noticed" and deed.due_on is not None and deed.due_on <= today
        ]
        for deed in sorted(due, key=lambda deed: (deed.due_on, deed.name)):
            if household in (None, deed.household):
                self._post(deed)

    def _counts_with(self, one: Deed, other: Deed) -> bool:
        return (one.household, one.rule, one.day) == (other.household, other.rule, other.day)

    def _move_on(self, deed: Deed, today: date) -> None:
        if self.notice_days and deed.points > 0:
            deed.state = "approved"
        else:
            self._post(deed)

    def _post(self, deed: Deed) -> None:
        deed.state = "posted"
        deed.moved = self._pay(deed.household, deed.points)
        self.honour[deed.household] += deed.points

    def _pay(self, household: str, points: int) -> int:
        """Into the purse, or out of it as far as there is something; what really moved."""
        moved = max(points, -self.purses[household])
        self.purses[household] += moved
        return moved

    # --- the shop ---

    def redeem(self, name: str, sale: Sale) -> str | None:
        if any(quantity > self.shelves[code] for code, quantity in sale.basket.items()):
            return "out_of_stock"
        if sale.points > self.purses[sale.household]:
            return "insufficient_points"
        self.sales[name] = sale
        self.purses[sale.household] -= sale.points
        for code, quantity in sale.basket.items():
            self.shelves[code] -= quantity
        return None

    def void(self, name: str) -> str | None:
        sale = self.sales[name]
        if sale.is_voided:
            return "already_voided"
        sale.is_voided = True
        self.purses[sale.household] += sale.points
        for code, quantity in sale.basket.items():
            self.shelves[code] += quantity
        return None

    def move(self, code: str, kind: str, quantity: int) -> str | None:
        if kind == "write_off" and quantity > self.shelves[code]:
            return "out_of_stock"
        found = self.shelves[code]
        self.shelves[code] = {"receive": found + quantity, "write_off": found - quantity, "count": quantity}[kind]
        return None
