"""What runs every night over all villages."""

from datetime import timedelta

import time_machine

from pointshop.core import clock
from tests.ground import HOME, OTHER
from tests.installation import Installation, Ran
from tests.world import World


def test_posts_merits_whose_notice_has_ended_in_every_village(installed: Installation, village: World) -> None:
    for each in (village, village.of(OTHER)):
        each.household()
        each.rule()
        each.settings(notice_days=3)
        each.merit()
        each.hang_notice()
    assert f"{HOME} 王庄村：入账 0 条" in installed.run("post-due").out
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        ran = installed.run("post-due")
    assert ran.status == 0
    assert ran.out.splitlines() == [f"{HOME} 王庄村：入账 1 条", f"{OTHER} 李庄村：入账 1 条"]
    assert (village.balance(), village.of(OTHER).balance()) == (35, 5)
    assert installed.run("verify").status == 0


def test_trouble_in_one_village_does_not_stop_the_next(installed: Installation, village: World) -> None:
    for each in (village, village.of(OTHER)):
        each.household()
        each.rule()
        each.settings(notice_days=3)
        each.merit()
        each.hang_notice()
    installed.sql(f"UPDATE account SET balance = {2**63 - 1} WHERE village_id = {HOME}")
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        ran = installed.run("post-due")
    assert ran.status == 1
    assert ran.out.splitlines() == [f"{OTHER} 李庄村：入账 1 条"]
    assert f"{HOME} 王庄村：意外错误" in ran.err
    assert "1 个村没有入账" in ran.err


def test_seals_what_is_new_and_nothing_twice(installed: Installation, village: World) -> None:
    first = seal_later(installed, minutes=2)
    assert first.status == 0
    assert "第 1 号，2 笔，封存码" in first.out
    assert f"{OTHER} 李庄村：没有新账目" in first.out
    assert "第 1 号" not in seal_later(installed, minutes=4).out
    with clock.at(clock.now() + timedelta(minutes=5)):
        village.household("0003", points=7)
    assert "第 2 号，1 笔" in seal_later(installed, minutes=8).out
    assert installed.run("verify").status == 0


def seal_later(installed: Installation, *, minutes: int) -> Ran:
    """What is younger than a minute is left for the next seal on PostgreSQL."""
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        return installed.run("seal")
