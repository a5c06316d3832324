"""The demonstration village, told from its founding to this moment, each event at its own instant."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from random import Random
from typing import NamedTuple

from flask import Flask

from pointshop.cli.demo import board, market, neighbours, office, stockroom
from pointshop.cli.demo.catalogue import read_goods, read_rules
from pointshop.cli.demo.counter import Counter
from pointshop.cli.demo.desk import Desk, Happening
from pointshop.cli.demo.diary import Diary, Logbook
from pointshop.cli.demo.founding import beginnings, open_village
from pointshop.cli.demo.population import Home, settle
from pointshop.cli.demo.roster import Neighbour, Quota, read_roster
from pointshop.cli.demo.season import Season, at_clock, season_until
from pointshop.cli.demo.staff import VILLAGE, Login, posts
from pointshop.core import clock
from pointshop.core.db import reading, snapshot
from pointshop.regions.queries import find_region

SEED = 20260501


class DemoLogins(NamedTuple):
    """What to tell whoever had the demonstration made. village: its code; name: how people call it."""

    village: str
    name: str
    logins: tuple[Login, ...]


def build(app: Flask, *, seed: int = SEED) -> DemoLogins:
    """Make a village with half a year of life up to now; the same for the same seed and day.

    Takes seconds. Every change goes through a service and a unit of work of its own, so that a story which is broken
    off is a shorter one. Raises AlreadyInhabited when there is a village or user.
    """
    season = season_until(clock.now())
    with app.app_context():
        with clock.at(at_clock(season.founded_on, 14)):
            desk = open_village()
        homes = settle(Random(f"{seed} homes"), year=season.today.year)
        _live(_founding(desk, homes, season))
        roster = snapshot(partial(read_roster, village_id=desk.village.id, homes=homes))
        _live(_half_year(desk, roster, season, seed=seed))
    return _logins(desk.village.name)


def find_logins(app: Flask) -> DemoLogins | None:
    """The logins of a demonstration that was made earlier, as they were then; None where there is none."""
    with app.app_context():
        found = find_region(reading(), VILLAGE)
    return _logins(found.name) if found else None


def _logins(name: str) -> DemoLogins:
    return DemoLogins(VILLAGE, name, tuple(post.login() for post in posts()))


def _founding(desk: Desk, homes: list[Home], season: Season) -> Iterable[Happening]:
    goods = read_goods()
    yield from beginnings(desk, homes, goods, on=season.founded_on)
    yield from stockroom.first_delivery(desk, goods, at_clock(season.founded_on + timedelta(days=8), 9))


def _half_year(desk: Desk, roster: list[Neighbour], season: Season, *, seed: int) -> Iterable[Happening]:
    book, goods = Logbook(), read_goods()
    stay_away = frozenset(neighbour.home.number for neighbour in roster if not neighbour.home.zeal)
    counter = Counter(desk, Random(f"{seed} counter"), stay_away=stay_away)
    diary = Diary(Random(f"{seed} diary"), season, roster, Quota(read_rules()))
    yield from diary.gatherings(desk, book)
    yield from diary.deductions(desk, book)
    yield from diary.single_deeds(desk, book)
    yield from neighbours.events(desk, book, roster, Random(f"{seed} events"), season)
    yield from neighbours.gifts(desk, roster, season)
    yield from office.changes_of_ways(desk, season)
    yield from office.signings(desk, book, Random(f"{seed} signings"), season)
    yield from office.postings(desk, season)
    yield from office.seals(desk, season)
    yield from office.reversals(desk, book, Random(f"{seed} reversals"), season)
    yield from office.honor_rolls(desk, season)
    yield from office.evaluations(desk, season)
    wall = board.Board(desk)
    yield from board.notices(wall, season)
    yield from board.disclosures(wall, season)
    yield from market.market_days(counter, Random(f"{seed} market"), season)
    yield from stockroom.deliveries(desk, goods, season)
    yield from stockroom.mishaps(desk, season)


def _live(happenings: Iterable[Happening]) -> None:
    """Let everything happen in the order of its instant; of two at one instant the second comes a moment later."""
    last = None
    for happening in sorted(happenings, key=lambda happening: happening.at):
        at = happening.at if last is None or happening.at > last else last + timedelta(milliseconds=1)
        with clock.at(at):
            happening.do()
        last = at
