"""The Chinese surnames of more than one character (复姓)."""

_LISTED = """
万俟 上官 东方 东郭 东门 乐正 亓官 仲孙 令狐 公冶 公孙 公羊 公良 公西 南宫 南门 单于 即墨 司寇 司徒
司空 司马 叱干 呼延 哥舒 壤驷 夏侯 太史 太叔 夹谷 完颜 宇文 宗政 宰父 左丘 巫马 慕容 独孤 拓跋 梁丘
榖梁 谷梁 欧阳 段干 毌丘 淳于 漆雕 澹台 濮阳 爱新觉罗 申屠 百里 皇甫 端木 第五 纳兰 羊舌 耶律 西门
诸葛 贺兰 赫连 达奚 轩辕 钟离 长孙 闻人 闾丘 颛孙 鲜于 尉迟
司馬 尉遲 東方 歐陽 西門 諸葛 長孫 鮮于
"""

#: From 百家姓 and 现代汉语词典, with some traditional forms that returning villagers bring along.
COMPOUND_SURNAMES = frozenset(_LISTED.split())


def split_surname(name: str) -> tuple[str, str]:
    """Part a Chinese name into surname and given name: 欧阳娜娜 → (欧阳, 娜娜), 欧阳 → (欧, 阳).

    A name that is nothing but a compound surname is taken as one-character surname and given name.
    """
    for size in (4, 2):
        if len(name) > size and name[:size] in COMPOUND_SURNAMES:
            return name[:size], name[size:]
    return name[:1], name[1:]
