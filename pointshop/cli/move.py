"""`pointshop move`: a village's database carried over to another, and both proven equal (docs/postgresql.md)."""

from dataclasses import replace

import click

from pointshop.cli.place import CommandFailed, at_work, configured, shown_url
from pointshop.cli.verify import findings_of
from pointshop.config import Config, read_database_url
from pointshop.core.db import Base, snapshot, unit_of_work
from pointshop.core.transfer import Contents, contents_of, copy_rows, rows_in
from pointshop.core.work import Work
from pointshop.regions.models import Region

#: What `pointshop init` puts into an empty database: the root of the region tree.
_PLANTED = {Region.__tablename__: 1}


@click.command()
@click.argument("source")
@click.argument("target")
def move(source: str, target: str) -> None:
    """把数据库 SOURCE 里的全部数据搬到 TARGET，并核对两边完全一致。

    例：pointshop move sqlite:////var/lib/pointshop/pointshop.sqlite3 postgresql://…。TARGET 须已 init 且为空；
    搬迁期间请停止服务。照片在数据目录里，不受影响。
    """
    here = configured()
    old, new = (replace(here, database_url=read_database_url(url)) for url in (source, target))
    if old.database_url == new.database_url:
        raise CommandFailed("两个数据库是同一个")
    moved = carry_over(old, new)
    for table in moved:
        click.echo(f"{table.table}：{table.rows} 行，摘要 {table.digest[:16]}")
    click.echo(f"已从 {shown_url(old)} 搬到 {shown_url(new)}，共 {sum(table.rows for table in moved)} 行，两边核对相符")


def carry_over(old: Config, new: Config, *, prove: bool = True) -> list[Contents]:
    """Copy one database into another that is empty and at the same schema; what each table holds then.

    Nothing stays in the target unless all of it agrees with the source and, with `prove`, both verify. Raises
    CommandFailed.
    """

    def step(source: Work) -> list[Contents]:
        if prove:
            _prove(source, "原数据库")
        with at_work(new):
            return unit_of_work(lambda target: _carry(source, target, prove=prove), patient=True)

    with at_work(old):
        return snapshot(step, patient=True)


def _carry(source: Work, target: Work, *, prove: bool) -> list[Contents]:
    there = rows_in(target, Base.metadata)
    if there not in ({}, _PLANTED):
        raise CommandFailed(f"目标数据库里已有数据（{'、'.join(there)}），没有改动")
    copy_rows(source, target, Base.metadata)
    ours, theirs = contents_of(source, Base.metadata), contents_of(target, Base.metadata)
    differing = [here.table for here, there in zip(ours, theirs, strict=True) if here != there]
    if differing:
        raise CommandFailed(f"搬过去的数据与原来的不同（{'、'.join(differing)}），已全部撤销")
    if prove:
        _prove(target, "新数据库")
    return theirs


def _prove(work: Work, name: str) -> None:
    broken = [finding.says for finding in findings_of(work) if finding.count]
    if broken:
        raise CommandFailed(f"{name}核对不符（{'；'.join(broken)}），没有搬迁。请先运行：pointshop verify")
