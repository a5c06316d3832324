"""What a division code says. Pure."""

ROOT = "0"
ROOT_PATH = "/0/"
#: digits of a code → level of the tree
_LEVELS = {1: 0, 2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
_PARENT_DIGITS = {2: 1, 4: 2, 6: 4, 9: 6, 12: 9}
VILLAGE_LEVEL = 5


def level_of(code: str) -> int:
    """0 country, 1 province, 2 city, 3 county, 4 township, 5 village. Raises ValueError for no such code."""
    is_code = code.isascii() and code.isdigit() and (code == ROOT or code[0] != "0")
    if not is_code or len(code) not in _LEVELS or (len(code) == 1 and code != ROOT):
        raise ValueError("区划代码须为 2、4、6、9 或 12 位数字")
    return _LEVELS[len(code)]


def parent_of(code: str) -> str:
    """The code one level up; the country for a province."""
    digits = _PARENT_DIGITS[len(code)]
    return ROOT if digits == 1 else code[:digits]


def path_of(code: str) -> str:
    """`410926` → `/0/41/4109/410926/`."""
    steps = [ROOT] + [code[:digits] for digits in sorted(_PARENT_DIGITS) if digits <= len(code)]
    return "/" + "/".join(steps) + "/"


def branch_name(village: str) -> str:
    """The Party branch that signs with the committee: 王庄村 → 中共王庄村支部委员会."""
    for ending in ("村民委员会", "居民委员会", "居委会", "村委会"):
        if village.endswith(ending):
            village = village.removesuffix(ending) + ("村" if ending.startswith("村") else "社区")
    return f"中共{village}支部委员会"


def committee_name(village: str) -> str:
    """Who signs for a village: 王庄村 → 王庄村村民委员会, 和平社区 → 和平社区居民委员会.

    The official list names many villages after their office already (王庄村委会, 和平社区居委会); these become the
    office's full name.
    """
    for short, full in (("居委会", "居民委员会"), ("村委会", "村村民委员会")):
        if village.endswith(short):
            return village.removesuffix(short) + full
    if village.endswith(("村民委员会", "居民委员会")):
        return village
    if village.endswith(("社区", "居")):
        return village + "居民委员会"
    return village + ("村民委员会" if village.endswith("村") else "村村民委员会")
