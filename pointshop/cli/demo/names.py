"""Invented names of villagers, as a village of northern China has them. Pure: chance comes in as an argument.

Surnames follow their frequency in the country; given names follow the decade of birth and the sex (建国 is born in the
1950s, 子轩 in the 2010s). Given names of public figures with frequent surnames are left out of the lists.
"""

from collections.abc import Sequence
from random import Random
from typing import Literal, NamedTuple

Sex = Literal["male", "female"]

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
#: Share of the population per thousand, in the order above; those after the first twenty alike.
_SHARES = (72, 71, 67, 54, 45, 30, 22, 22, 21, 20, 14, 13, 12, 12, 10, 10, 9, 9, 9, 8)


class _Given(NamedTuple):
    """Given names of one generation. since: the first year of birth."""

    since: int
    male: tuple[str, ...]
    female: tuple[str, ...]


def _given(since: int, male: str, female: str) -> _Given:
    return _Given(since, tuple(male.split()), tuple(female.split()))


_GENERATIONS = (
    _given(
        1900,
        "福生 德厚 长贵 玉山 守义 金山 怀仁 树林 春生 万福 庆祥 有田 广才 凤山 兴旺 满仓 进财 连生 福堂 玉堂 守信 来顺",
        "桂兰 玉珍 凤英 秀英 桂英 兰英 素珍 翠英 玉兰 淑珍 凤莲 桂枝 秀莲 改花 巧云 素芹 月娥 桂香 金莲 玉凤",
    ),
    _given(
        1950,
        "建国 建军 卫东 爱国 国庆 解放 援朝 保国 新民 跃进 建设 胜利 志华 国安 拥军 长春 玉林 和平 永福 国营",
        "秀兰 桂芳 玉梅 爱华 秀芝 桂荣 玉芬 秀珍 金凤 玉霞 凤兰 淑芳 改革 爱莲 秀芬 桂珍 素梅 玉英 兰芝 新荣",
    ),
    _given(
        1968,
        "志刚 建华 海军 红军 永红 卫国 建平 国强 振华 志华 文明 红卫 海峰 永胜 建新 占军 全胜 俊峰 金柱 学军 保华",
        "丽娟 春梅 红霞 秀丽 红梅 海霞 艳萍 建萍 玉红 爱红 丽萍 巧玲 慧芳 凤霞 俊英 淑敏 银环 秋菊 彩霞 永梅",
    ),
    _given(
        1980,
        "伟 磊 勇 超 涛 亮 波 辉 建伟 晓东 晓光 海涛 永亮 俊杰 志伟 小军 国栋 彦峰 利民 占伟 红涛 振宇",
        "静 丽 艳 敏 燕 芳 晓燕 丽丽 海燕 晓红 艳丽 红艳 小芳 利娟 瑞霞 俊丽 玉洁 亚丽 素丽 会娟 慧敏",
    ),
    _given(
        1990,
        "浩 鑫 帅 杰 阳 文博 世杰 明辉 志远 俊豪 亚飞 梦飞 家豪 旭东 鹏飞 少华 一鸣 永康 博文 瑞峰",
        "婷婷 倩 雪 莹 梦 佳佳 晓雨 梦瑶 雪梅 亚楠 怡 文静 梦迪 慧 思雨 瑞雪 晶晶 小雨 佳慧 梦洁",
    ),
    _given(
        2000,
        "宇轩 浩然 子豪 俊熙 天佑 嘉豪 佳乐 明轩 一帆 子涵 俊辉 家乐 皓轩 梓豪 旭阳 博涵 天宇 冠宇",
        "欣怡 雨桐 思琪 佳怡 雨欣 可欣 诗涵 梦琪 紫涵 雅琪 静怡 欣悦 若曦 语嫣 佳琪 嘉怡 雨菲 思涵",
    ),
    _given(
        2011,
        "子轩 沐宸 梓睿 奕辰 浩宇 铭泽 宇航 皓宇 沐阳 辰逸 景行 子墨 宇泽 俊宇 锦程 屹辰 承泽 亦凡",
        "梓涵 一诺 诗雨 沐晴 语桐 若汐 依诺 芷晴 欣妍 可馨 艺涵 语汐 沐瑶 知夏 苡沫 雨泽 念安 梓萱",
    ),
)


def pick_surname(chance: Random, favourites: Sequence[str] = ()) -> str:
    """A surname. favourites: those of the lane's old families, who are more than half of it."""
    if favourites and chance.random() < 0.62:
        return chance.choice(favourites)
    weights = [*_SHARES, *[5] * (len(_SURNAMES) - len(_SHARES))]
    return chance.choices(_SURNAMES, weights)[0]


def pick_given_name(chance: Random, *, born: int, sex: Sex) -> str:
    """A given name of the generation that was born in the year `born`."""
    generation = max((one for one in _GENERATIONS if one.since <= born), key=lambda one: one.since)
    return chance.choice(generation.male if sex == "male" else generation.female)
