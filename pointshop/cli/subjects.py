"""`pointshop retention`: let go, each night, of what has been kept long enough; and forget again after a restore."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from pointshop.cli.books import in_every_village
from pointshop.cli.place import at_work, configured
from pointshop.core import clock
from pointshop.core.db import empty_log, unit_of_work
from pointshop.core.routes import VillageRef
from pointshop.merits.photo_store import PhotoStore
from pointshop.subjects.erasing import drop_pictures, reapply
from pointshop.subjects.journal import Journal
from pointshop.subjects.retention import RULES, YOUNGEST_ORPHAN, let_go, let_go_of_sign_ins

_SAID = {rule.name: rule.says for rule in RULES}


@click.command()
def retention() -> None:
    """按保存期限清理个人信息（每晚一次），并补做备份恢复后又出现的删除；一个村出错不影响其他村。"""

    def clear(village: VillageRef) -> str:
        gone = unit_of_work(partial(let_go, village_id=village.id))
        return "，".join(f"{_SAID[name]} {rows} 条" for name, rows in gone.items() if rows) or "没有到期的"

    config = configured()
    with at_work(config):
        forget_again(config.data_dir)
    in_every_village(clear, undone="没有清理")
    with at_work(config):
        click.echo(f"过期的登录 {unit_of_work(let_go_of_sign_ins)} 条")
        click.echo(f"无主的照片 {_drop_orphans(config.data_dir, older=YOUNGEST_ORPHAN)} 张")
        empty_log()


def forget_again(data_dir: Path) -> None:
    """Erase what a restored backup has brought back; says so when there was any."""
    again = reapply(Journal(data_dir))
    if again:
        click.echo(f"备份恢复后重新删除个人信息 {again} 项")


def _drop_orphans(data_dir: Path, *, older: timedelta) -> int:
    store = PhotoStore(data_dir)
    return drop_pictures(store, store.list_older(clock.now() - older))
