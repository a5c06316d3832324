from random import Random
from typing import get_args

from pointshop.cli.demo.names import Sex, pick_given_name, pick_surname
from pointshop.core.text import clean_name


def test_names_follow_the_generation() -> None:
    old = {pick_given_name(Random(number), born=1944, sex="female") for number in range(200)}
    young = {pick_given_name(Random(number), born=2016, sex="female") for number in range(200)}
    assert "桂兰" in old and "梓涵" in young
    assert not old & young


def test_every_year_of_a_life_has_names_that_the_register_takes() -> None:
    for born in range(1920, 2035):
        for sex in get_args(Sex):
            name = pick_surname(Random(born)) + pick_given_name(Random(born), born=born, sex=sex)
            assert clean_name(name) == name


def test_the_lanes_old_families_are_the_most() -> None:
    chance = Random(1)
    surnames = [pick_surname(chance, ("郄", "仉")) for _ in range(400)]
    assert 0.5 < sum(surname in "郄仉" for surname in surnames) / 400 < 0.75


def test_without_old_families_the_frequent_surnames_lead() -> None:
    chance = Random(1)
    surnames = [pick_surname(chance) for _ in range(2000)]
    assert surnames.count("王") > surnames.count("马") > 0
