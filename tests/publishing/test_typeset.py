import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.publishing.typeset import LONGEST_LINE, Title, ems, longest_part, name_parts, set_name, set_title

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=50)


@pytest.mark.parametrize(
    ("name", "room", "lines"),
    [
        ("王建国", 4, ("王建国",)),
        ("𠮷野", 4, ("𠮷野",)),
        ("欧阳俊杰", 3, ("欧阳俊杰",)),
        ("阿依古丽·买买提", 4, ("阿依古丽·", "买买提")),
        ("阿依古丽·买买提", 9, ("阿依古丽·买买提",)),
        ("阿卜杜热依木·买买提艾力", 4, ("阿卜杜热依木·", "买买提艾力")),
        ("阿卜杜热依木·买买提艾力·阿布都克里木江", 4, ("阿卜杜热依木·", "买买提艾力·", "阿布都克里木江")),
        ("甲·乙丙丁戊己庚辛壬癸子丑", 4, ("甲·乙丙丁戊己", "庚辛壬癸子丑")),
    ],
)
def test_names_break_only_where_that_makes_them_larger(name: str, room: float, lines: tuple[str, ...]) -> None:
    assert set_name(name, room=room).lines == lines


@given(NAMES, st.floats(2, 20))
def test_a_broken_name_loses_no_character_and_has_a_size_class(name: str, room: float) -> None:
    broken = set_name(name, room=room)
    assert "".join(broken.lines) == name
    assert all(broken.lines)
    assert 1 <= broken.length <= LONGEST_LINE


@given(NAMES)
def test_parts_of_a_name_join_to_the_name(name: str) -> None:
    assert "".join(name_parts(name)) == name
    assert longest_part(name) <= ems(name)


def test_a_variation_selector_stays_with_its_character() -> None:
    ivs = "\U000e0100"
    assert set_name(f"葛{ivs}葛{ivs}葛{ivs}葛{ivs}葛{ivs}葛{ivs}", room=2).lines[0].endswith(ivs)
    assert ems(f"葛{ivs}") == 1


@pytest.mark.parametrize(
    ("title", "lead", "lines"),
    [
        ("光荣榜", "", ("光荣榜",)),
        ("积分先进户光荣榜", "", ("积分先进户光荣榜",)),
        ("2026年第三季度乡村治理积分光荣榜", "2026年第三季度乡村治理积分", ("光荣榜",)),
        ("二〇二六年第三季度先进户", "", ("二〇二六年第三季度先进户",)),
        (
            "石门镇垸头塆村二〇二六年第三季度人居环境整治先进户名单",
            "",
            ("石门镇垸头塆村二〇二六年", "第三季度人居环境整治先进户名单"),
        ),
    ],
)
def test_titles_keep_their_ending_large(title: str, lead: str, lines: tuple[str, ...]) -> None:
    assert set_title(title) == Title(lead, lines, max(map(ems, lines)))
