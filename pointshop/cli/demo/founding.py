"""How the village begins: its place in the region tree, staff, settings, register, cards, rules, goods."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from pointshop.accounts import passwords
from pointshop.accounts import service as accounts
from pointshop.accounts.models import User
from pointshop.accounts.queries import find_user, grants_of
from pointshop.cli.demo.catalogue import Good, read_rules
from pointshop.cli.demo.desk import Desk, Happening
from pointshop.cli.demo.population import GROUPS, Home, Person
from pointshop.cli.demo.season import at_clock
from pointshop.cli.demo.staff import MANAGER, PASSWORD, REGIONS, VILLAGE, posts
from pointshop.cli.place import SYSTEM
from pointshop.core.db import unit_of_work
from pointshop.core.ids import derived_name
from pointshop.core.policy import Actor
from pointshop.core.work import Work
from pointshop.merits import catalogue as rules
from pointshop.people import queries as register
from pointshop.people import service as people
from pointshop.people.service import HouseholdData
from pointshop.regions import queries as regions
from pointshop.regions.models import Village
from pointshop.regions.service import change_settings, plant_root, put_region
from pointshop.shop.goods import ProductData, put_product

#: What a household may take of the goods that everybody wants: code → (pieces, period).
LIMITS = {
    "P023": (2, "month"),
    "P025": (2, "month"),
    "P026": (1, "quarter"),
    "P027": (2, "month"),
    "P028": (1, "month"),
    "P047": (1, "year"),
    "P048": (1, "year"),
    "P049": (2, "quarter"),
}
_SETTINGS = {"backdate_days": 31, "void_minutes": 15, "card_daily_points": 150, "period_budget": 6000}


class AlreadyInhabited(Exception):
    """The database holds villages or users; a demonstration is only made in an empty one."""


def open_village() -> Desk:
    """The village and its staff, in one unit of work. Raises AlreadyInhabited."""
    password_hash = passwords.hash_password(passwords.check_password_rules(PASSWORD, username=""))
    return unit_of_work(partial(_open_village, password_hash=password_hash))


def beginnings(desk: Desk, homes: Sequence[Home], goods: Sequence[Good], *, on: date) -> Iterator[Happening]:
    """The days before the first deed, from `on`."""
    yield Happening(at_clock(on, 15), partial(set_ways, desk, _SETTINGS))
    yield Happening(at_clock(on + timedelta(days=1), 9, 30), partial(_adopt_rules, desk, on + timedelta(days=1)))
    for group in GROUPS:
        of_group = [home for home in homes if home.group_no == group.number]
        evening = at_clock(on + timedelta(days=1 + group.number // 2), 18, 8 * group.number)
        yield Happening(evening, partial(_register, desk, of_group))
        yield Happening(evening + timedelta(days=4), partial(_issue_cards, desk, of_group))
    yield Happening(at_clock(on + timedelta(days=5), 10), partial(_list_goods, desk, goods))


def set_ways(desk: Desk, changes: Mapping[str, Any]) -> None:
    """Change the village's settings."""

    def step(work: Work) -> None:
        version = regions.get_settings(work, desk.village.id).version
        change_settings(work, desk.village.id, version=version, changes=dict(changes))

    unit_of_work(step)


def _open_village(work: Work, *, password_hash: str) -> Desk:
    _refuse_inhabited(work)
    plant_root(work)
    for code, name in REGIONS:
        put_region(work, code=code, name=name)
    for post in posts():
        accounts.put_user(
            work,
            SYSTEM,
            username=post.username,
            name=post.name,
            password_hash=password_hash,
            grants=[post.grant],
            is_active=True,
        )
    return Desk(regions.get_village(work, VILLAGE), {post.username: _actor(work, post.username) for post in posts()})


def _refuse_inhabited(work: Work) -> None:
    anyone = select(User.id).limit(1)
    anywhere = select(Village.village_id).limit(1).execution_options(all_villages=True)
    if work.read(anyone).first() or work.read(anywhere).first():
        raise AlreadyInhabited("数据库里已有村或用户；演示村只能建在空数据库里")


def _actor(work: Work, username: str) -> Actor:
    user = find_user(work, username)
    assert user is not None
    return Actor(user.id, user.username, user.name, grants_of(work, user.id))


def _adopt_rules(desk: Desk, day: date) -> None:
    actor_id = desk.staff[MANAGER].user_id

    def step(work: Work) -> None:
        for code, rule in read_rules().items():
            content = rule | {"is_active": True}
            rules.put_rule(work, desk.village.id, code, content, effective_from=day, actor_id=actor_id)

    unit_of_work(step)


def _register(desk: Desk, homes: Sequence[Home]) -> None:
    actor_id = desk.staff[MANAGER].user_id

    def step(work: Work) -> None:
        for home in homes:
            people.put_household(work, desk.village.id, home.number, _entry(home), actor_id=actor_id)

    unit_of_work(step)


def _entry(home: Home) -> HouseholdData:
    return HouseholdData(
        head=home.head,
        group_no=home.group_no,
        lane=home.lane,
        address=home.address,
        phone=home.phone,
        name_consent=home.name_consent,
        members=[_member(person) for person in home.members],
    )


def _member(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "birth_year": person.born,
        "party_member": person.party_member,
        "volunteer": person.volunteer,
        "name_consent": person.name_consent,
    }


def _issue_cards(desk: Desk, homes: Sequence[Home]) -> None:
    def step(work: Work) -> None:
        for home in homes:
            household = register.get_household(work, desk.village.id, home.number)
            name = derived_name(desk.village.code, "card", home.number)
            people.issue_card(work, desk.village.id, household, card_id=name)

    unit_of_work(step)


def _list_goods(desk: Desk, goods: Sequence[Good]) -> None:
    def step(work: Work) -> None:
        for good in goods:
            put_product(work, desk.village.id, good.code, _product(good))

    unit_of_work(step)


def _product(good: Good) -> ProductData:
    limit, period = LIMITS.get(good.code, (None, None))
    return ProductData(
        name=good.name,
        spec=good.spec,
        unit=good.unit,
        points=good.points,
        limit_quantity=limit,
        limit_period=period,
        barcode=None,
        is_active=True,
    )
