"""Commands over the books of every village: post-due, seal, verify."""

from functools import partial

import click

from pointshop.app import DUE, SEALED
from pointshop.cli import report
from pointshop.cli.place import CommandFailed, at_work, configured, shown_url
from pointshop.cli.reasons import reason_of, told
from pointshop.cli.verify import examine
from pointshop.core.db import reading, unit_of_work
from pointshop.core.work import Work
from pointshop.ledger.seal import seal_village
from pointshop.regions.queries import list_villages


@click.command("post-due")
def post_due() -> None:
    """把公示期已满的积分入账；每个村单独一次，一个村出错不影响其他村。"""
    failed = 0
    with at_work():
        for village in list_villages(reading()):
            try:
                posted = unit_of_work(partial(_post_due, village_id=village.id))
            except Exception as error:
                failed += 1
                click.echo(f"{village.code} {village.name}：{told(error)}", err=True)
            else:
                click.echo(f"{village.code} {village.name}：入账 {posted} 条")
    if failed:
        raise CommandFailed(f"{failed} 个村没有入账")


@click.command()
def seal() -> None:
    """日结封存：把上次封存以来的账目封存起来。"""
    with at_work():
        for village in list_villages(reading()):
            sealed = unit_of_work(partial(seal_village, village_id=village.id, streams=SEALED))
            said = (
                f"第 {sealed.number} 号，{sealed.entry_count} 笔，封存码 {sealed.digest[:16]}"
                if sealed
                else "没有新账目"
            )
            click.echo(f"{village.code} {village.name}：{said}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def verify(as_json: bool) -> int:
    """核对账目。退出码：0 全部相符，2 有不符，3 无法核对。"""
    try:
        config = configured()
        with at_work(config):
            found = examine(database=shown_url(config))
    except Exception as error:
        reason = reason_of(error)
        if as_json and reason is not None:
            click.echo(report.could_not_run(reason))
            return 3
        raise
    click.echo(report.as_json(found) if as_json else report.as_text(found))
    return 2 if found.violations else 0


def _post_due(work: Work, village_id: int) -> int:
    return sum(step(work, village_id) for step in DUE)
