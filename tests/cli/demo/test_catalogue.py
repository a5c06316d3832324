from pointshop.cli.demo.catalogue import read_goods, read_rules
from pointshop.cli.demo.deeds import (
    ASSEMBLY,
    COVENANT,
    DEDUCTIONS,
    DEEDS,
    EVENINGS,
    JUDGING,
    PARTY_DAY,
    SCHOOL_REPORT,
    STARS,
)
from pointshop.cli.demo.founding import LIMITS
from pointshop.core import fields
from pointshop.merits.schemas import RuleIn


def test_there_are_59_rules_which_a_village_can_adopt_as_they_are() -> None:
    rules = read_rules()
    assert len(rules) == 59
    for rule in rules.values():
        assert fields.load(RuleIn(), rule)["points"] != 0


def test_there_are_50_goods_with_a_price_and_a_cost() -> None:
    goods = read_goods()
    assert len({good.code for good in goods}) == 50
    assert all(good.points > 0 and good.cost_fen > 0 and good.unit for good in goods)


def test_the_story_speaks_only_of_rules_and_goods_in_the_catalogue() -> None:
    gatherings = (*EVENINGS, PARTY_DAY, ASSEMBLY, JUDGING, COVENANT, SCHOOL_REPORT)
    told = {deed.rule for deed in DEEDS} | {gathering.rule for gathering in gatherings}
    told |= {rule for rule, _ in DEDUCTIONS} | {rule for rule, _, _ in STARS}
    assert told <= set(read_rules())
    assert set(LIMITS) <= {good.code for good in read_goods()}
