"""Commands over the books of every village: post-due, seal, verify."""

from collections.abc import Callable
from functools import partial

import click

from pointshop.app import DUE, SEALED
from pointshop.cli import report
from pointshop.cli.place import CommandFailed, at_work, configured, shown_url
from pointshop.cli.reasons import reason_of, told
from pointshop.cli.verify import examine
from pointshop.core.db import reading, unit_of_work
from pointshop.core.journal import note
from pointshop.core.routes import VillageRef
from pointshop.core.work import Work
from pointshop.ledger.seal import seal_village
from pointshop.regions.queries import come_after_seal, list_villages


@click.command("post-due")
def post_due() -> None:
    """把公示期已满的积分入账；每个村单独一次，一个村出错不影响其他村。"""

    def post(village: VillageRef) -> str:
        return f"入账 {unit_of_work(partial(_post_due, village_id=village.id))} 条"

    in_every_village(post, undone="没有入账")
    note(configured().data_dir, "post-due")


@click.command()
def seal() -> None:
    """日结封存：把上次封存以来的账目封存起来；一个村出错不影响其他村。"""

    def close(village: VillageRef) -> str:
        sealed = unit_of_work(partial(seal_village, village_id=village.id, streams=SEALED), patient=True)
        if sealed is None:
            return "没有新账目"
        return f"第 {sealed.number} 号，{sealed.entry_count} 笔，封存码 {sealed.digest[:16]}"

    in_every_village(close, undone="没有封存")
    note(configured().data_dir, "seal")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def verify(as_json: bool) -> int:
    """核对账目。退出码：0 全部相符，2 有不符，3 无法核对。"""
    config = None
    try:
        config = configured()
        with at_work(config):
            found = examine(database=shown_url(config))
    except Exception as error:
        reason = reason_of(error)
        if config is not None:
            note(config.data_dir, "verify", violations=-1)
        if as_json and reason is not None:
            click.echo(report.could_not_run(reason))
            return 3
        raise
    for name in ("verify",) if found.violations else ("verify", "verify-good"):
        note(config.data_dir, name, violations=found.violations)
    click.echo(report.as_json(found) if as_json else report.as_text(found))
    return 2 if found.violations else 0


def in_every_village(do: Callable[[VillageRef], str], *, undone: str) -> None:
    """Print what came of each; raises CommandFailed when one could not be done."""
    failed = 0
    with at_work():
        for village in list_villages(reading()):
            try:
                said = do(village)
            except Exception as error:
                failed += 1
                click.echo(f"{village.code} {village.name}：{told(error)}", err=True)
            else:
                click.echo(f"{village.code} {village.name}：{said}")
    if failed:
        raise CommandFailed(f"{failed} 个村{undone}")


def _post_due(work: Work, village_id: int) -> int:
    come_after_seal(work, village_id)
    return sum(step(work, village_id) for step in DUE)
