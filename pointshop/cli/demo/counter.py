"""The shop's counter: a card is shown, a basket filled, goods and points change hands, or someone is told no."""

from random import Random

from pointshop.cli.demo.baskets import OnShelf, fill_basket, order
from pointshop.cli.demo.desk import Desk, Reply
from pointshop.cli.demo.staff import CLERKS, MANAGER
from pointshop.cli.demo.stockroom import read_shelf
from pointshop.core.clock import now, village_day
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Refused
from pointshop.ledger.queries import balances_of
from pointshop.people import queries as register
from pointshop.shop.scanning import Shown, scan

#: Who has less stays at home.
_WORTH_COMING = 8
#: What they take who leave with less than they came for: a bar of soap, a bottle of vinegar.
_CONSOLATION, _VINEGAR = "P005", "P019"


class Counter:
    """Whom it serves depends on who has points at the time; nobody twice on a day. stay_away: never come."""

    def __init__(self, desk: Desk, chance: Random, *, stay_away: frozenset[str]) -> None:
        self._desk = desk
        self._chance = chance
        self._stay_away = stay_away
        self._served: set[str] = set()
        #: this morning's points and cards by household number; the shelf by code, kept up to date
        self._purses: dict[str, int] = {}
        self._cards: dict[str, str] = {}
        self._shelf: dict[str, OnShelf] = {}
        #: the present day's sales by name, with their clerk
        self._sales: list[tuple[str, str]] = []
        self._lost_card: tuple[str, str] | None = None

    def open(self) -> None:
        """A new market day."""
        self._served.clear()
        self._sales.clear()
        self._purses, self._cards = self._look_up_purses(), self._look_up_cards()
        self._shelf = {line.code: line for line in read_shelf(reading(), self._desk.village.id)}

    def serve_someone(self, clerk: str) -> None:
        """Someone comes, shows the card and takes what the points allow."""
        number = self._next_customer()
        if number is None:
            return
        code = self._cards[number]
        shown = self._scan(clerk, code)
        if isinstance(shown, Shown):
            basket = fill_basket(self._chance, list(self._shelf.values()), points=shown.points_left)
            if basket:
                self._redeem(clerk, code, basket)

    def ask_too_much(self, product: str, quantity: int, *, having_under: int | None = None) -> None:
        """Someone asks for more than the limit, the points or the shelf give, and goes home with soap.

        having_under: someone who has fewer points than this.
        """
        number = self._next_customer(having_under)
        if number is None:
            return
        code = self._cards[number]
        self._scan(CLERKS[0], code)
        if self._redeem(CLERKS[0], code, {self._shelf[product]: quantity}).refused_for:
            self._redeem(CLERKS[0], code, {self._shelf[_CONSOLATION]: 1})

    def sell_wrong_bottle(self) -> None:
        """The clerk took the wrong bottle, sees it at once and takes the sale back."""
        number = self._next_customer()
        if number is None:
            return
        sold = self._redeem(CLERKS[1], self._cards[number], {self._shelf[_VINEGAR]: 1})
        if not sold.refused_for:
            self._desk.send(CLERKS[1], "void", {"reason": "拿错商品，应为酱油"}, id=sold.document["id"])

    def take_back_later(self) -> None:
        """A customer returns in the afternoon: too late for the clerk, so the manager takes the sale back."""
        if self._sales:
            name, clerk = self._sales[0]
            self._desk.try_to(clerk, "void", {"reason": "包装破损"}, id=name)
            self._desk.send(MANAGER, "void", {"reason": "商品包装破损，村民退回"}, id=name)

    def enter_slip(self) -> None:
        """What was brought to a sickbed against a paper slip is entered afterwards."""
        number = self._next_customer()
        if number is not None:
            slip = {"household": number, "occurred_on": village_day(now()).isoformat(), "note": "送货上门，纸质单补录"}
            self._desk.try_to(MANAGER, "redemption", slip | order({self._shelf[_VINEGAR]: 1}))

    def lose_card(self) -> None:
        """A card is reported lost and replaced."""
        number = self._next_customer()
        if number is not None:
            self._lost_card = number, self._cards[number]
            self._desk.send(MANAGER, "card", {}, number=number)

    def show_lost_card(self) -> None:
        """The lost card turned up in a drawer."""
        if self._lost_card is not None:
            self._scan(CLERKS[1], self._lost_card[1])

    def show_strange_code(self) -> None:
        """Someone holds up the code of a parcel."""
        self._scan(CLERKS[0], "")

    def _next_customer(self, having_under: int | None = None) -> str | None:
        """Who has points and was not here today; the more points, the likelier."""
        able = {
            number: points
            for number, points in self._purses.items()
            if number not in self._served and (having_under is None or points < having_under)
        }
        if not able:
            return None
        (number,) = self._chance.choices(list(able), list(able.values()))
        self._served.add(number)
        return number

    def _look_up_purses(self) -> dict[str, int]:
        """Household number → its points this morning, of those whom it is worth coming."""
        work, village_id = reading(), self._desk.village.id
        numbers = {row.id: row.number for row in register.all_households(work, village_id)}
        return {
            numbers[household_id]: points
            for household_id, points in sorted(balances_of(work, village_id, list(numbers)).items())
            if points >= _WORTH_COMING and numbers[household_id] not in self._stay_away
        }

    def _look_up_cards(self) -> dict[str, str]:
        """Household number → the code of its card in force."""
        cards = register.cards_in_force(reading(), self._desk.village.id, group_no=None)
        return {number: code for number, _, _, code, _ in cards}

    def _scan(self, clerk: str, code: str) -> Shown | Refused:
        clerk_id = self._desk.staff[clerk].user_id
        return unit_of_work(lambda work: scan(work, self._desk.village.id, code, clerk_id=clerk_id))

    def _redeem(self, clerk: str, code: str, basket: dict[OnShelf, int]) -> Reply:
        reply = self._desk.try_to(clerk, "redemption", {"card": code} | order(basket))
        if not reply.refused_for:
            self._sales.append((reply.document["id"], clerk))
            for line, pieces in basket.items():
                self._shelf[line.code] = line._replace(on_hand=line.on_hand - pieces)
        return reply
