import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.core.codes import clean_code, new_code

CODE = "0123456789ABCDEF"


def test_a_code_is_eighty_bits_in_sixteen_characters() -> None:
    assert new_code(lambda size: bytes(size)) == "0" * 16
    assert new_code(lambda size: b"\xff" * size) == "Z" * 16
    assert new_code(lambda size: b"\x08" + bytes(size - 1)) == "10" + "0" * 14


def test_codes_differ() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


@given(st.binary(min_size=10, max_size=10))
def test_every_code_reads_back_however_it_is_written(seed: bytes) -> None:
    code = new_code(lambda _size: seed)
    grouped = "-".join(code[i : i + 4] for i in range(0, 16, 4))
    for written in (code, code.lower(), grouped, f" {grouped.lower()}\n", f"https://jf.example.cn/c/{code}"):
        assert clean_code(written) == code


@pytest.mark.parametrize(
    "written",
    [
        "0123456789abcdef",
        "oL23456789ABCDEF",
        "Oi23-4567-89AB-CDEF",
        "0123 4567 89AB CDEF",
        "0123·4567·89ab·cdef",
        "0123.4567.89AB.CDEF",
        "0123—4567—89AB—CDEF",
        "０１２３４５６７８９ＡＢＣＤＥＦ",
        "HTTPS://JF.EXAMPLE.CN/C/0123456789ABCDEF",
        "http://127.0.0.1:8000/c/0123456789abcdef",
        "https://jf.example.cn/shop/c/0123-4567-89ab-cdef/",
        "https://jf.example.cn/c/0123456789abcdef?from=scan#top",
    ],
)
def test_reads_what_people_type_and_scanners_send(written: str) -> None:
    assert clean_code(written) == CODE


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "0123456789ABCDE",
        "0123456789ABCDEF0",
        "0123456789ABCDEU",
        "0123456789ABCDE中",
        "0123456789ABCDE\u0661",
        "0123456789ABCDEF\x00",
        "https://jf.example.cn/c/",
        "https://jf.example.cn/d/0123456789ABCDEF",
        "ftp://jf.example.cn/c/0123456789ABCDEF",
        "javascript:alert(1)/c/0123456789ABCDEF",
        "wxp://f2f0123456789ABCDEF",
        "\ud800" * 16,
        " " * 513,
        "ﷺ" * 512,
        "0" * 4096,
    ],
)
def test_reads_no_code_from_anything_else(written: str) -> None:
    assert clean_code(written) is None


@given(st.text(max_size=600))
def test_gives_a_whole_code_or_nothing(written: str) -> None:
    code = clean_code(written)
    assert code is None or (clean_code(code) == code and len(code) == 16)


@given(st.integers(0, 15), st.characters())
def test_a_changed_character_never_reads_as_the_same_code(position: int, other: str) -> None:
    changed = CODE[:position] + other + CODE[position + 1 :]
    alike = {"0": "0oO", "1": "1iIlL"}.get(CODE[position], CODE[position] + CODE[position].lower())
    if clean_code(changed) == CODE:
        assert clean_code(other * 16) == clean_code(alike[0] * 16)
