from pypinyin.constants import PINYIN_DICT

from pointshop.core.surnames import COMPOUND_SURNAMES
from pointshop.people.pinyin import search_term
from pointshop.people.surname_readings import COMPOUND_READINGS, SURNAME_READINGS

#: Readings that live in the surname only and that dictionaries of characters leave out.
_SURNAME_ONLY = {
    ("黑", "he"),
    ("费", "bi"),
    ("谌", "shen"),
    ("会", "gui"),
    ("贠", "yun"),
    ("貟", "yun"),
    ("浣", "wan"),
}


def _known(char: str) -> set[str]:
    return {search_term(reading) for reading in PINYIN_DICT[ord(char)].split(",")}


def test_every_reading_is_one_that_the_character_has() -> None:
    unknown = {
        (char, reading)
        for char, readings in SURNAME_READINGS.items()
        for reading in readings
        if reading not in _known(char)
    }
    assert unknown == _SURNAME_ONLY


def test_every_compound_surname_has_one_known_reading_for_each_character() -> None:
    assert set(COMPOUND_READINGS) <= COMPOUND_SURNAMES
    for surname, readings in COMPOUND_READINGS.items():
        for char, (reading,) in zip(surname, readings, strict=True):
            assert reading in _known(char)
