import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.core.ids import new_name
from pointshop.lineage.handover import BadHandover, Handover, read_handover, write_handover

KEY = "k" * 40
PAPER = Handover(new_name(), "410926100201", "410927100201", "0001", 75)


def test_what_is_handed_in_is_what_was_handed_out() -> None:
    text = write_handover(PAPER, key=KEY)
    assert read_handover(f" {text}\n", key=KEY) == PAPER
    assert text.isascii() and len(text) < 250


@given(place=st.integers(0, 400), other=st.characters(codec="ascii", exclude_categories=["C", "Z"]))
def test_a_document_with_one_letter_changed_is_none(place: int, other: str) -> None:
    text = write_handover(PAPER, key=KEY)
    place %= len(text) - 1  # the last letter holds bits that mean nothing
    if text[place] != other:
        with pytest.raises(BadHandover):
            read_handover(text[:place] + other + text[place + 1 :], key=KEY)


@pytest.mark.parametrize("text", ["", "PS1", "PS1..", "PS1.e30.e30", "x.y.z", "积分", "PS1.积.分", "." * 900])
def test_what_was_never_one_is_none(text: str) -> None:
    with pytest.raises(BadHandover):
        read_handover(text, key=KEY)


def test_another_installations_document_is_none() -> None:
    with pytest.raises(BadHandover):
        read_handover(write_handover(PAPER, key="other" * 8), key=KEY)
