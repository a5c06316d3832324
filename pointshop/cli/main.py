"""`pointshop …`: the commands of the contract."""

import logging
import sys
from collections.abc import Sequence

import click

from pointshop.cli import backup, books, move, people, setup
from pointshop.cli.place import reason_of
from pointshop.core.ids import new_name

#: `verify` says 2 for violations, so that nothing else may.
COULD_NOT_RUN = 3
FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pointshop")
def pointshop() -> None:
    """乡村积分商店。

    配置来自环境变量 POINTSHOP_DATABASE_URL、POINTSHOP_DATA_DIR、POINTSHOP_SECRET_KEY、POINTSHOP_PUBLIC_URL。
    """


for command in (
    setup.init,
    setup.create_admin,
    setup.demo,
    setup.serve,
    books.post_due,
    books.verify,
    books.seal,
    backup.backup,
    move.move,
    people.import_,
):
    pointshop.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status. What stands in a person's way is told in a sentence, never a trace."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    failed = COULD_NOT_RUN if "verify" in given[:1] else FAILED
    try:
        status = pointshop.main(given, prog_name="pointshop", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.ClickException as error:
        error.show()
    except click.Abort:
        click.echo("已中止", err=True)
    except Exception as error:
        _tell(error)
    return failed


def _tell(error: Exception) -> None:
    reason = reason_of(error)
    if reason is not None:
        click.echo(f"错误：{reason}", err=True)
        return
    instance = new_name()
    logging.getLogger("pointshop").error("unexpected error %s", instance, exc_info=error)
    click.echo(f"意外错误，请联系开发者并提供编号 {instance} 和上面的记录", err=True)
