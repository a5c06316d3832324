"""How surnames are read (姓氏读音) where that is not the usual reading of the character.

Compared with the surname tables of overtrue/pinyin and zh-lx/pinyin-pro. Where families differ (覃 qín and
tán, 隗 wěi and kuí) both readings stand here. Written as in a search key: no tones, v for ü. Surnames that
differ in tone only (任 rén, 华 huà, 燕 yān, 纪 jǐ, 过 guō) need no entry.
"""

_SINGLE = """
不:fou 卜:bu 种:chong 重:chong 谌:chen/shen 都:du 费:fei/bi 盖:ge/gai 句:gou 会:gui 炅:gui 炔:gui 黑:he/hei
阚:kan 六:lu 缪:miao 牟:mu/mou 佴:nai 能:nai 粘:nian 乜:nie 区:ou 番:pan 朴:piao 繁:po 郗:xi/chi 郄:qie/xi
覃:qin/tan 仇:qiu 单:shan 召:shao 折:she 莘:shen/xin 隗:wei/kui 洗:xian 解:xie 郇:xun/huan 么:yao 乐:yue/le
员:yun 贠:yun 貟:yun 藏:zang 扎:za 曾:zeng 查:zha 翟:zhai/di 祭:zhai/ji 秘:bi 薄:bo 澹:tan 柏:bai/bo 宓:mi/fu
浣:wan 尉:wei/yu 那:na 逄:pang 冼:xian 亓:qi 車:che 員:yun 單:shan 區:ou 蓋:ge/gai 繆:miao 樂:yue/le
闞:kan
"""

_COMPOUND = """
万俟:mo/qi 尉迟:yu/chi 尉遲:yu/chi 单于:chan/yu 长孙:zhang/sun 長孫:zhang/sun 令狐:ling/hu 澹台:tan/tai
乐正:yue/zheng 亓官:qi/guan 毌丘:guan/qiu 夹谷:jia/gu 呼延:hu/yan 拓跋:tuo/ba 鲜于:xian/yu 鮮于:xian/yu
漆雕:qi/diao
"""


def _table(text: str) -> dict[str, list[str]]:
    return {name: readings.split("/") for name, readings in (item.split(":") for item in text.split())}


#: Surname of one character → its readings, the likeliest first.
SURNAME_READINGS = {surname: tuple(readings) for surname, readings in _table(_SINGLE).items()}

#: Surname of two characters → for each of them its readings: one.
COMPOUND_READINGS = {
    surname: tuple((reading,) for reading in readings) for surname, readings in _table(_COMPOUND).items()
}
