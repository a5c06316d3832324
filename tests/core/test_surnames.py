from pointshop.core.surnames import COMPOUND_SURNAMES, split_surname


def test_parts_compound_surnames_from_given_names() -> None:
    assert split_surname("欧阳娜娜") == ("欧阳", "娜娜")
    assert split_surname("尉迟恭") == ("尉迟", "恭")
    assert split_surname("爱新觉罗溥仪") == ("爱新觉罗", "溥仪")


def test_takes_two_characters_as_surname_and_given_name() -> None:
    assert split_surname("欧阳") == ("欧", "阳")
    assert split_surname("张三") == ("张", "三")
    assert split_surname("张") == ("张", "")


def test_knows_only_the_lengths_it_looks_for() -> None:
    assert {len(surname) for surname in COMPOUND_SURNAMES} == {2, 4}
