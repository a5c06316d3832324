import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointshop.people.pinyin import search_key, search_term


def _found(typed: str, *names: str, number: str = "0301") -> bool:
    return search_term(typed) in search_key(names, number)


@pytest.mark.parametrize(
    ("name", "surname_reading", "usual_reading"),
    [
        ("单雄信", "shanxiongxin", "danxiongxin"),
        ("解缙", "xiejin", "jiejin"),
        ("仇英", "qiuying", "chouying"),
        ("查良镛", "zhaliangyong", "chaliangyong"),
        ("曾国强", "zengguoqiang", "cengguoqiang"),
        ("区家麟", "oujialin", "qujialin"),
        ("盖叫天", "gejiaotian", "gaijiaotian"),
        ("朴顺子", "piaoshunzi", "pushunzi"),
        ("缪斌", "miaobin", "moubin"),
        ("乐毅", "yueyi", "leyi"),
        ("种师道", "chongshidao", "zhongshidao"),
        ("员半千", "yunbanqian", "yuanbanqian"),
        ("繁钦", "poqin", "fanqin"),
        ("秘红", "bihong", "mihong"),
        ("翟志刚", "zhaizhigang", "dizhigang"),
        ("折德扆", "shedeyi", "zhedeyi"),
        ("黑大明", "hedaming", "heidaming"),
        ("覃小兰", "qinxiaolan", "tanxiaolan"),
        ("么红", "yaohong", "mehong"),
        ("隗延章", "weiyanzhang", "kuiyanzhang"),
        ("祭遵", "zhaizun", "jizun"),
        ("郄秀", "qiexiu", "xixiu"),
        ("薄一", "boyi", "baoyi"),
        ("阚泽", "kanze", "hanze"),
        ("尉迟恭", "yuchigong", "weichigong"),
        ("万俟卨", "moqixie", "wanqixie"),
        ("单于明", "chanyuming", "danyuming"),
        ("长孙健", "zhangsunjian", "changsunjian"),
        ("澹台明", "tantaiming", "dantaiming"),
        ("乐正子", "yuezhengzi", "lezhengzi"),
    ],
)
def test_finds_a_surname_by_its_own_and_by_the_usual_reading(
    name: str, surname_reading: str, usual_reading: str
) -> None:
    lines = search_key([name], "1").split("\n")
    assert surname_reading in lines
    assert usual_reading in lines
    assert lines.index(surname_reading) < lines.index(usual_reading)


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        *[
            ("任平", "renping"),
            ("华佗", "huatuo"),
            ("燕青", "yanqing"),
            ("纪晓", "jixiao"),
            ("宁静", "ningjing"),
        ],
        *[("冼星海", "xianxinghai"), ("那英", "naying"), ("尉健行", "weijianxing"), ("过百龄", "guobailing")],
        *[("令狐冲", "linghuchong"), ("车胤", "cheyin"), ("逄先知", "pangxianzhi"), ("亓玉", "qiyu")],
        *[("褚遂良", "chusuiliang"), ("晁盖", "chaogai"), ("亓官明", "qiguanming"), ("鲜于枢", "xianyushu")],
    ],
)
def test_reads_the_other_surnames_as_their_bearers_do(name: str, reading: str) -> None:
    assert search_key([name], "1").split("\n")[2] == reading


@pytest.mark.parametrize(
    "typed",
    [
        "欧阳",
        "娜娜",
        "ouyang",
        "OuYang Na",
        "ouy",
        "oynn",
        "OYNN",
        "ｏｙｎｎ",
        "0301",
        "３０１",
        "yangna",
        "ōuyáng",
    ],
)
def test_finds_a_household_by_what_people_type(typed: str) -> None:
    assert _found(typed, "张三", "欧阳娜娜")


@pytest.mark.parametrize("typed", ["lvbu", "lubu", "lü bu", "Lǚ Bù", "lb"])
def test_finds_umlauts_however_they_are_typed(typed: str) -> None:
    assert _found(typed, "吕布")


@pytest.mark.parametrize(
    "typed",
    ["阿卜杜热依木·买买提", "阿卜杜热依木•买买提", "热依木买买提", "abudureyimu", "abodure", "maimaiti"],
)
def test_finds_names_with_a_dot_with_and_without_it(typed: str) -> None:
    assert _found(typed, "阿卜杜热依木·买买提")


@pytest.mark.parametrize("typed", ["xi'an", "xian", "XI’AN", "xi an"])
def test_overlooks_spaces_and_apostrophes(typed: str) -> None:
    assert _found(typed, "李西安")


def test_finds_either_reading_inside_a_given_name() -> None:
    for typed in ("lizhongyang", "lichongyang"):
        assert _found(typed, "李重阳")
    for typed in ("zhanglehang", "zhangyuexing"):
        assert _found(typed, "张乐行")


def test_keeps_characters_that_have_no_known_reading() -> None:
    key = search_key(["\U000323b0野", "\U000f0000三"], "1")
    assert "\U000323b0ye" in key
    assert "\U000f0000san" in key


def test_finds_look_alike_and_variant_forms() -> None:
    assert _found("张一", "张\u2f00")
    assert _found("角", "张⾓")
    assert _found("葛城", "葛\U000e0100城")
    assert _found("A", "Ａ")


def test_finds_latin_names_by_word_and_initials() -> None:
    assert _found("o'neil", "O'Neil-李")
    assert _found("oneil-li", "O'Neil-李")
    assert "ol" in search_key(["O'Neil-李"], "1").split("\n")


def test_what_was_typed_never_reaches_from_one_name_into_the_next() -> None:
    key = search_key(["张三", "李四"], "1")
    assert key.split("\n")[0] == "1"
    assert search_term("三\n李") not in key
    assert search_term("sanli") not in key


def test_nothing_typed_is_an_empty_term() -> None:
    assert search_term(" \u3000'·\u200b") == ""


def test_a_name_of_many_readings_makes_a_key_of_bounded_size() -> None:
    assert len(search_key(["那" * 50], "1").split("\n")) <= 2 + 16 + 16
    assert "zhonghangle" in search_key(["钟行乐"], "1")


@given(st.text(max_size=60))
def test_a_term_is_one_line_in_a_form_that_stays(typed: str) -> None:
    term = search_term(typed)
    assert search_term(term) == term
    assert "\n" not in term


@given(st.text(st.characters(categories=["Lo", "Lu", "Ll", "Mn"]), min_size=1, max_size=12))
def test_every_name_is_found_by_itself(name: str) -> None:
    stored = unicodedata.normalize("NFC", name)
    assert search_term(stored) in search_key([stored], "1")


def test_a_thousand_households_take_less_than_a_second() -> None:
    names = ["张建国", "李秀英", "单国强", "阿卜杜热依木·买买提"]
    start = time.process_time()
    for number in range(1000):
        search_key(names, str(number))
    assert time.process_time() - start < 1
