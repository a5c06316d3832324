"""Market days: the first and the middle of each month, and what goes wrong on some of them."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from pointshop.cli.demo.counter import Counter
from pointshop.cli.demo.desk import Happening
from pointshop.cli.demo.season import Season, at_clock
from pointshop.cli.demo.staff import CLERKS

MARKET_DAYS = (1, 15)
_FEWEST, _MOST = 15, 21


def market_days(counter: Counter, chance: Random, season: Season) -> Iterator[Happening]:
    """All market days so far, customer by customer; on the very first day nobody has points yet."""
    days = [day for day in season.days() if day.day in MARKET_DAYS and day > season.opens_on]
    for index, day in enumerate(days):
        happenings = [*_mornings(counter, chance, day), *_scenes(counter, index, day)]
        yield from (happening for happening in happenings if season.has_come(happening.at))


def _mornings(counter: Counter, chance: Random, day: date) -> Iterator[Happening]:
    yield Happening(at_clock(day, 8), counter.open)
    at = at_clock(day, 8, 20)
    for customer in range(chance.randint(_FEWEST, _MOST)):
        at += timedelta(seconds=chance.randint(200, 620))
        yield Happening(at, partial(counter.serve_someone, CLERKS[customer % len(CLERKS)]))


def _scenes(counter: Counter, index: int, day: date) -> Iterator[Happening]:
    scenes: dict[int, tuple[datetime, Callable[[], None]]] = {
        1: (at_clock(day, 10, 41), counter.sell_wrong_bottle),
        2: (at_clock(day, 14, 10), counter.enter_slip),
        3: (at_clock(day, 10, 6), counter.show_strange_code),
        4: (at_clock(day, 9, 51), partial(counter.ask_too_much, "P027", 3)),
        5: (at_clock(day, 16, 30), counter.take_back_later),
        6: (at_clock(day, 10, 16), partial(counter.ask_too_much, "P047", 1, having_under=120)),
        7: (at_clock(day, 9, 31), counter.lose_card),
        8: (at_clock(day, 10, 21), counter.show_lost_card),
        9: (at_clock(day, 10, 26), partial(counter.ask_too_much, "P017", 75)),
    }
    if index in scenes:
        yield Happening(*scenes[index])
