"""The README's five minutes with curl speak of the village that `pointshop demo` makes."""

import re
from pathlib import Path

from pointshop.cli.demo.catalogue import read_goods, read_rules
from pointshop.cli.demo.staff import MANAGER, PASSWORD, VILLAGE
from pointshop.ledger.service import get_balance
from pointshop.people.queries import get_household
from tests.cli.demo.conftest import Village

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
TOUR = README[README.index("## Five minutes with curl") : README.index("## A village of your own")]


def test_names_the_village_and_a_login_of_it() -> None:
    assert set(re.findall(r"villages/(\d+)", TOUR)) == {VILLAGE}
    assert f'"username": "{MANAGER}", "password": "{PASSWORD}"' in TOUR


def test_logs_a_rule_and_takes_goods_at_their_price() -> None:
    # the quotes inside the shell's double quotes are escaped
    said = TOUR.replace("\\", "")
    assert set(re.findall(r'"rule": "(\w+)"', said)) <= read_rules().keys()
    (code, quantity), *more = re.findall(r'"product": "(\w+)", "quantity": (\d+)', said)
    (expected,) = re.findall(r'"expected_points": (\d+)', said)
    prices = {good.code: good.points for good in read_goods()}
    assert (int(quantity) * prices[code], more) == (int(expected), [])


def test_household_has_points_for_what_it_takes(village: Village) -> None:
    (number,) = set(re.findall(r"households/(\d+)/", TOUR))
    (expected,) = re.findall(r"expected_points\W+(\d+)", TOUR)
    household = village.see(lambda work: get_household(work, village.id, number))
    assert village.see(lambda work: get_balance(work, village.id, household.id)) >= int(expected)
