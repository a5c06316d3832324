"""`pointshop import …`: bringing in what a village kept on paper or in a spreadsheet."""

from pathlib import Path

import click

from pointshop.cli.place import SYSTEM, CommandFailed, at_work
from pointshop.core.db import reading, unit_of_work
from pointshop.core.routes import VillageRef
from pointshop.people.importing import import_households, read_household_sheet
from pointshop.people.spreadsheet import FILE_LIMIT
from pointshop.regions.queries import find_region, get_village


@click.group("import")
def import_() -> None:
    """导入已有的名册。"""


@import_.command("households")
@click.argument("village")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查，不写入")
def households(village: str, file: Path, dry_run: bool) -> None:
    """把户名册 FILE（.xlsx、.xls 或 .csv）导入 12 位代码的 VILLAGE；有一处错误则整份不导入。"""
    if not file.is_file():
        raise CommandFailed(f"没有文件 {file}")
    if file.stat().st_size > FILE_LIMIT:
        raise CommandFailed(f"文件超过 {FILE_LIMIT // 1024 // 1024} MiB")
    sheet = read_household_sheet(file.read_bytes(), file.name)
    with at_work():
        village_id = _village_of(village).id
        done = unit_of_work(
            lambda work: import_households(work, village_id, sheet, actor_id=SYSTEM.user_id, dry_run=dry_run)
        )
    for notice in done.notices:
        click.echo(notice, err=True)
    head = "检查完毕（未写入）" if dry_run else "导入完毕"
    click.echo(f"{head}：共 {done.rows} 户，新增 {done.created}，更新 {done.updated}，未变 {done.unchanged}")


def _village_of(code: str) -> VillageRef:
    """The village that was typed. Raises CommandFailed that helps to find it."""
    found = find_region(reading(), code)
    if found is None or found.village_id is None:
        raise CommandFailed(f"没有代码为 {code} 的村；请用 12 位村代码，并先建好区划（网址 /docs 的“区划与村的设置”）")
    return get_village(reading(), code)
