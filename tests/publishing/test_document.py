import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.publishing.document import NotCanonical, canonical_json, digest, short_digest

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_and_nothing_stands_between_tokens() -> None:
    assert canonical_json({"b": [1, None, True], "a": "王"}) == '{"a":"王","b":[1,null,true]}'.encode()


def test_keys_sort_by_utf_16_as_the_rfc_wants() -> None:
    """RFC 8785, 3.2.3: U+1F600 is D83D DE00 and goes before U+FB33, though its code point is higher."""
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_control_characters_are_escaped_as_in_the_rfc() -> None:
    assert canonical_json("\u20ac$\u000f\nA'\u0042\u0022\u005c\\\"/") == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@given(VALUES)
def test_canonical_text_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(TEXT, VALUES))
def test_order_of_keys_does_not_matter(document: dict[str, object]) -> None:
    assert digest(document) == digest(dict(reversed(document.items())))


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), float("inf"), (1, 2), {1: "a"}, {None: 1}, 2**53, -(2**53), b"x", {"a": {1}}, "\ud800"],
)
def test_values_two_readers_might_read_differently_are_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json({"value": value})


def test_deep_nesting_is_refused_before_it_exhausts_the_stack() -> None:
    value: object = "x"
    for _ in range(50_000):
        value = [value]
    with pytest.raises(NotCanonical, match="levels"):
        canonical_json(value)


def test_digest_is_sha_256_and_its_first_16_digits_are_printed_in_fours() -> None:
    full = digest({"a": 1})
    assert full == hashlib.sha256(b'{"a":1}').hexdigest()
    assert short_digest(full).replace(" ", "") == full[:16]
    assert short_digest("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
