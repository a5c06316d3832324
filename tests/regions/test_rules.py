import pytest

from pointshop.regions.rules import committee_name


@pytest.mark.parametrize(
    ("village", "expected"),
    [
        ("王庄村", "王庄村村民委员会"),
        ("王庄", "王庄村村民委员会"),
        ("王庄村委会", "王庄村村民委员会"),
        ("王庄村村民委员会", "王庄村村民委员会"),
        ("和平社区", "和平社区居民委员会"),
        ("和平社区居委会", "和平社区居民委员会"),
        ("和平社区居民委员会", "和平社区居民委员会"),
    ],
)
def test_the_committee_signs_by_its_full_name(village: str, expected: str) -> None:
    assert committee_name(village) == expected
