"""`pointshop …`: the commands of the contract."""

import sys
from collections.abc import Sequence

import click

from pointshop.cli import backup, books, people, setup
from pointshop.cli.reasons import told, usage_reason

#: `verify` says 2 for violations, so that nothing else may.
COULD_NOT_RUN = 3
FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="pointshop")
def pointshop() -> None:
    """乡村积分商店。

    配置来自环境变量：

    \b
    POINTSHOP_DATA_DIR      数据文件夹：数据库和照片；不设时为当前文件夹的 data
    POINTSHOP_SECRET_KEY    服务用的密钥，至少 32 个字符
    POINTSHOP_PUBLIC_URL    二维码上的网址
    POINTSHOP_DATABASE_URL  改用 PostgreSQL 时的地址；不设时用数据文件夹里的 SQLite
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
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
    except click.ClickException as error:
        _tell_usage(error)
    except click.Abort:
        click.echo("已中止", err=True)
    except Exception as error:
        click.echo(f"错误：{told(error)}", err=True)
    return failed


def _tell_usage(error: click.ClickException) -> None:
    """A mistyped command; the help of the nearest one that exists is a line away."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "pointshop"
    click.echo(f"错误：{usage_reason(error)}\n怎样使用，请看：{path} -h", err=True)
