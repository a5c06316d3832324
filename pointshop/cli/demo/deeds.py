"""What people of the village do for it: deeds by rule, with the words a grid worker writes beside them. Pure."""

from typing import Literal, NamedTuple

#: Who does a deed: the household as such, any adult, a woman, a volunteer, a Party member; a child at school, one who
#: leaves it for a college, or for the army.
Doer = Literal["household", "adult", "woman", "volunteer", "party", "pupil", "graduate", "recruit"]


class Deed(NamedTuple):
    """A kind of deed. weight: how often, against the others. most: largest quantity; months: in which, () for all."""

    rule: str
    weight: int
    doer: Doer
    notes: tuple[str, ...]
    most: int = 1
    months: tuple[int, ...] = ()


DEEDS = (
    Deed("DJ03", 5, "party", ("到孤寡老人家帮忙", "参加河道清理志愿服务", "协助防汛值守", "帮助五保户收粮")),
    Deed("DJ04", 12, "volunteer", ("村口交通劝导", "图书整理", "入户宣传反诈", "陪护独居老人就医", "广场保洁"), most=4),
    Deed("DJ07", 2, "household", ("建议在渡口增设护栏，已采纳", "建议错峰浇地，已采纳", "建议修缮井台，已采纳")),
    Deed("HJ07", 5, "household", ("清理南坡排水沟", "拆除废弃鸡舍", "清运积存垃圾")),
    Deed("HJ08", 5, "household", ("河堤植柳 3 棵", "村口补植白蜡", "庭院栽石榴"), months=(2, 3, 4, 11)),
    Deed("HJ12", 4, "adult", ("帮五保老人打扫屋院", "给卧床邻居换洗被褥", "帮残疾户清理院落")),
    Deed("WM02", 1, "woman", ("评为村好媳妇", "评为村好婆婆", "评为最美庭院女主人")),
    Deed("WM03", 2, "household", ("儿子婚事 12 桌，已报备", "老人喜丧简办，已报备", "孩子满月不摆酒")),
    Deed("WM05", 3, "adult", ("每天给父母送饭", "照料卧床老人", "接老人同住")),
    Deed("HZ01", 8, "household", ("帮邻居抢收小麦", "借出三轮车送邻居就医", "帮邻居修屋顶", "帮邻居照看孩子")),
    Deed("HZ02", 8, "adult", ("看望独居老人", "接送留守儿童放学", "辅导留守儿童作业")),
    Deed("HZ03", 4, "volunteer", ("上午值班", "下午值班", "周末值班")),
    Deed("HZ04", 3, "volunteer", ("农家书屋整理", "周末借还书登记"), most=4),
    Deed("HZ05", 3, "adult", ("调解宅基地边界纠纷", "劝和两户浇地争执", "调解婆媳矛盾")),
    Deed("HZ06", 4, "volunteer", ("为老人理发", "帮忙修理电器", "义诊量血压")),
    Deed("GY01", 6, "household", ("平整村道", "修补田间路", "清理机井房")),
    Deed("GY02", 2, "household", ("维修路灯", "焊接广场健身器材", "修补文化大院大门")),
    Deed("GY03", 5, "volunteer", ("夜间巡逻", "秋收防火巡查", "汛期河堤巡查")),
    Deed("GY06", 7, "household", ("报告路灯不亮", "报告井盖破损", "报告沟渠堵塞", "报告电线低垂"), most=2),
    Deed("GY07", 4, "household", ("柴草三日内清完", "杂物按期搬离巷道", "污水口已封堵")),
    Deed("TS02A", 1, "adult", ("年中总结会表彰",), months=(7, 1)),
    Deed("TS02B", 1, "adult", ("镇人居环境先进个人", "镇优秀志愿者")),
    Deed("TS03", 1, "household", ("带动三户种西瓜", "传授大棚技术")),
    Deed("JY01A", 4, "graduate", ("收到本科录取通知书",), months=(8,)),
    Deed("JY01B", 3, "graduate", ("收到专科录取通知书",), months=(8,)),
    Deed("JL01", 3, "recruit", ("光荣入伍",), months=(3, 9)),
)

#: What is taken off, one after the other through the half year.
DEDUCTIONS = (
    ("KF10", "鸡群占用井台巷，已劝导两次"),
    ("KF11", "柴草堆放不整齐"),
    ("KF02", "镇里抽查院外有积水垃圾"),
    ("KF10", "鹅圈搭在巷口"),
    ("KF01", "往水渠倒建筑垃圾，教育后仍不清理"),
)


class Gathering(NamedTuple):
    """Something many take part in, logged as one batch. share: of the households in a position to, roughly."""

    rule: str
    doer: Doer
    share: float
    note: str


CLEANING_PLACES = ("村口主干道", "河堤两侧", "文化广场周边", "村北排水沟", "学校门前路", "渡口至机井房")

EVENINGS = (
    Gathering("GY04", "adult", 0.12, "夜校：防电信诈骗"),
    Gathering("GY05", "adult", 0.14, "广场舞排练"),
    Gathering("GY04", "adult", 0.10, "夜校：果树修剪"),
    Gathering("GY01", "household", 0.11, "修整田间路"),
    Gathering("GY05", "adult", 0.16, "乡村戏曲晚会"),
    Gathering("GY03", "volunteer", 0.25, "联防夜巡"),
)
PARTY_DAY = Gathering("DJ01", "party", 0.85, "主题党日")
ASSEMBLY = Gathering("DJ05", "adult", 0.12, "村民代表议事会")
JUDGING = Gathering("HJ01", "household", 0.55, "文明庭院月评")
SCHOOL_REPORT = Gathering("JY04", "pupil", 0.15, "期末获评优秀学生")
COVENANT = Gathering("BG01", "household", 0.85, "签订村规民约守约承诺")
#: Ranks of the courtyard at a quarter's end and how many households reach each.
STARS = (("HJ115", 3, "五星文明庭院"), ("HJ114", 6, "四星文明庭院"), ("HJ113", 10, "三星文明庭院"))
