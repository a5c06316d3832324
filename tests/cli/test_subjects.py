"""What the night lets go of."""

from datetime import timedelta

import pytest
import time_machine

from pointshop.core import clock
from pointshop.core.ids import new_name
from pointshop.core.work import Work
from pointshop.merits.photo_store import PhotoStore
from pointshop.subjects.erasing import erase
from pointshop.subjects.journal import Journal
from tests.ground import HOME, OTHER
from tests.installation import Installation
from tests.world import World


def test_goes_through_every_village_and_says_what_went(installed: Installation, village: World) -> None:
    village.rule()
    village.merit()
    PhotoStore(installed.config.data_dir).keep("ab" * 32, b"x")
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        ran = installed.run("retention")
    assert ran.status == 0, ran.err
    assert f"{OTHER} 李庄村：没有到期的" in ran.out
    assert f"{HOME} 王庄村：" in ran.out
    assert "无主的照片 1 张" in ran.out
    assert installed.run("verify").status == 0


def test_forgets_again_what_a_restored_backup_brought_back(installed: Installation, village: World) -> None:
    village.household("0077", head="司马相如")

    def forget(work: Work) -> None:
        asked = {"household": "0077", "member_id": None, "basis": "request"}
        erased = erase(work, village.village_id, new_name(), **asked, actor_id=1)  # type: ignore[arg-type]
        Journal(installed.config.data_dir).append([erased.entry])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        village.do(forget)
    assert "重新删除个人信息 1 项" in installed.run("retention").out
    assert "重新删除" not in installed.run("retention").out
    assert installed.run("verify").status == 0
