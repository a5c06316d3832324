"""`pointshop distribute`: a database spread over the nodes of a Citus cluster (docs/scale.md)."""

import click

from pointshop.cli.place import CommandFailed, at_work
from pointshop.core import citus
from pointshop.core.db import Base, unit_of_work
from pointshop.core.work import Work


@click.command()
@click.option(
    "--shards",
    default=32,
    show_default=True,
    type=click.IntRange(1, 4096),
    help="分片数：每台工作节点约 32 个，一次定下；全国 256",
)
def distribute(shards: int) -> None:
    """把数据库按村分布到 Citus 集群的各个节点；已分布的表不再动。"""

    def step(work: Work) -> list[str]:
        if not citus.has_citus(work):
            raise CommandFailed(
                "这个数据库没有 Citus 扩展，没有改动。一个村用 SQLite、一个县或一个省用一台 PostgreSQL 即可；"
                "全国规模才需要 Citus（见 docs/scale.md）"
            )
        return citus.distribute(work, Base.metadata, shards=shards)

    with at_work():
        done = unit_of_work(step, patient=True)
    click.echo(f"已分布 {len(done)} 张表：{'、'.join(done)}" if done else "所有的表都已分布，没有改动")
