from random import Random

from pointshop.cli.demo.population import GROUPS, Home, settle
from pointshop.core.text import clean_name

RARE = ("𠮷", "㛃", "䶮", "垚", "喆", "犇", "赟", "郄", "仉", "欧阳", "上官", "阿依古丽·买买提")
YEAR = 2026


def homes(seed: str = "x") -> list[Home]:
    return settle(Random(seed), year=YEAR)


def test_there_are_six_groups_of_at_least_128_households_in_all() -> None:
    found = homes()
    assert len(found) >= 128
    assert {home.group_no for home in found} == {1, 2, 3, 4, 5, 6}
    assert len({home.number for home in found}) == len(found)
    assert {home.lane for home in found} == {lane for group in GROUPS for lane in group.lanes}


def test_households_have_two_to_six_members_of_different_names() -> None:
    for home in homes():
        names = [person.name for person in home.members]
        assert 2 <= len(names) <= 6
        assert len(set(names)) == len(names)


def test_names_are_legal_and_some_are_rare_whatever_the_seed() -> None:
    for seed in ("x", "y", "z"):
        names = [person.name for home in homes(seed) for person in home.members]
        assert [clean_name(name) for name in names] == names
        assert [part for part in RARE if not any(part in name for name in names)] == []


def test_children_hold_no_office_and_were_never_asked() -> None:
    children = [person for home in homes() for person in home.members if YEAR - person.born < 18]
    assert len(children) > 60
    assert not any(person.party_member or person.volunteer or person.name_consent is not None for person in children)


def test_heads_are_grown_up_and_most_but_not_all_agreed_to_be_named() -> None:
    found = homes()
    assert min(YEAR - home.members[0].born for home in found) >= 22
    agreed = sum(home.name_consent is True for home in found)
    assert len(found) * 0.6 < agreed < len(found) * 0.9


def test_few_are_zealous_and_some_are_far_away() -> None:
    zeal = sorted((home.zeal for home in homes()), reverse=True)
    assert zeal[0] > 4 * zeal[len(zeal) // 2] > 0
    assert zeal[-1] == 0


def test_the_same_seed_settles_the_same_people() -> None:
    assert homes() == homes()
    assert homes() != homes("another")
