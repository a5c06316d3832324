"""`pointshop retention`: let go, each night, of what has been kept long enough; and forget again after a restore."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from pointshop.cli.place import at_work, configured
from pointshop.core import clock
from pointshop.core.db import reading, unit_of_work
from pointshop.merits.photo_store import PhotoStore
from pointshop.regions.queries import list_villages
from pointshop.subjects.erasing import drop_pictures, reapply
from pointshop.subjects.journal import Journal
from pointshop.subjects.retention import RULES, YOUNGEST_ORPHAN, let_go, let_go_of_sign_ins

_SAID = {rule.name: rule.says for rule in RULES}


@click.command()
def retention() -> None:
    """按保存期限清理个人信息（每晚一次），并补做备份恢复后又出现的删除。"""
    config = configured()
    with at_work(config):
        forget_again(config.data_dir)
        for village in list_villages(reading()):
            for name, rows in unit_of_work(partial(let_go, village_id=village.id), patient=False).items():
                if rows:
                    click.echo(f"{village.code} {village.name}：{_SAID[name]}，清理 {rows} 条")
        click.echo(f"过期的登录 {unit_of_work(let_go_of_sign_ins)} 条")
        click.echo(f"无主的照片 {_drop_orphans(config.data_dir, older=YOUNGEST_ORPHAN)} 张")


def forget_again(data_dir: Path) -> None:
    """Erase what a restored backup has brought back; says so when there was any."""
    again = reapply(Journal(data_dir))
    if again:
        click.echo(f"备份恢复后重新删除个人信息 {again} 项")


def _drop_orphans(data_dir: Path, *, older: timedelta) -> int:
    store = PhotoStore(data_dir)
    return drop_pictures(store, store.list_older(clock.now() - older))
