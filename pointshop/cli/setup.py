"""Commands that set an installation up and start it: init, create-admin, demo, serve."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError
from sqlalchemy import func, select

from pointshop.accounts import passwords
from pointshop.accounts import service as accounts
from pointshop.accounts.models import User
from pointshop.accounts.queries import find_user
from pointshop.accounts.resets import Begun, open_reset
from pointshop.accounts.schemas import username_field
from pointshop.cli import serve as server
from pointshop.cli.place import SYSTEM, CommandFailed, at_work, configured, opened, shown_url, sqlite_file
from pointshop.cli.subjects import forget_again
from pointshop.config import require_strong_secret
from pointshop.core.clock import VILLAGE_TIME
from pointshop.core.db import Base, reading, unit_of_work
from pointshop.core.guard_check import guard_faults
from pointshop.core.schema import newest_revision, upgrade_schema
from pointshop.core.work import Work
from pointshop.regions.models import Village
from pointshop.regions.rules import ROOT
from pointshop.regions.service import plant_root


@click.command()
def init() -> None:
    """建立数据库，或把旧版数据库升级到本版本（升级前请先备份）。"""
    config = configured()
    path = sqlite_file(config)
    if path is not None:
        make_private_file(path)
    with opened(config):
        upgrade_schema()
        unit_of_work(plant_root)
    click.echo(f"数据库已就绪：{shown_url(config)}（结构第 {newest_revision()} 版）")


@click.command("create-admin")
@click.argument("username")
@click.option("--name", default="管理员", show_default=True, help="姓名")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取密码；否则提示输入")
def create_admin(username: str, name: str, password_stdin: bool) -> None:
    """新建一个全局管理员（admin）。"""
    try:
        given = _read_password(password_stdin)
        username_field().deserialize(username)
        password_hash = passwords.hash_password(passwords.check_password_rules(given, username=username))
    except (ValidationError, ValueError) as error:
        words = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise CommandFailed("；".join(map(str, words))) from error

    def step(work: Work) -> None:
        if find_user(work, username) is not None:
            raise CommandFailed(f"用户 {username} 已存在，没有改动")
        grants = [{"role": "admin", "region": ROOT, "grid": []}]
        accounts.put_user(
            work, SYSTEM, username=username, name=name, password_hash=password_hash, grants=grants, is_active=True
        )

    with at_work():
        unit_of_work(step)
    click.echo(f"已建立管理员 {username}")


@click.command("reset-password")
@click.argument("username")
def reset_password(username: str) -> None:
    """给忘记密码的人（如管理员自己）开一个一次性重置码，24 小时内有效；在登录页凭码设新密码。"""

    def step(work: Work) -> Begun:
        user = find_user(work, username)
        if user is None:
            raise CommandFailed(f"没有用户 {username}")
        return open_reset(work, SYSTEM, user)

    with at_work():
        begun = unit_of_work(step)
    until = begun.expires_at.astimezone(VILLAGE_TIME)
    click.echo(f"{username} 的重置码：{begun.code}（{until:%Y-%m-%d %H:%M} 前有效，只能用一次）")


@click.command()
@click.option("--if-empty", is_flag=True, help="数据库里已有内容时什么也不做")
def demo(if_empty: bool) -> None:
    """在空数据库里建立一个演示村，并打印登录名和密码。"""
    config = configured()
    with at_work(config) as app:
        # the largest part of all, and no other command needs it
        village = import_module("pointshop.cli.demo")
        if _is_empty():
            made = village.build(app)
        elif if_empty:
            click.echo("数据库里已有内容，没有改动")
            made = village.find_logins(app)
        else:
            raise CommandFailed("数据库里已有村或用户；演示村只能建在空数据库里")
    if made is not None:
        _tell_logins(made, config.public_url)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="进程数；SQLite 只能用一个")
def serve(host: str, port: int, workers: int) -> None:
    """启动服务，按 Ctrl-C 停止。"""
    config = configured()
    require_strong_secret(config)
    if workers > 1 and sqlite_file(config) is not None:
        raise CommandFailed("SQLite 数据库只能用一个进程；多进程请改用 PostgreSQL")
    with at_work(config):
        if next(guard_faults(reading(), Base.metadata), None):
            raise CommandFailed("数据库缺少应有的保护（约束、索引或触发器），请运行：pointshop verify")
        # before anyone is served from a backup that knows less
        forget_again(config.data_dir)
    server.serve(host=host, port=port, workers=workers)


def make_private_file(path: Path) -> None:
    """The register holds names and phones: nobody but the owner reads the file, nor the ones SQLite puts beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("密码", hide_input=True, confirmation_prompt="再输一次"))


def _tell_logins(made: Any, address: str) -> None:
    """Where to look at a demonstration (`cli.demo.DemoLogins`), and with what."""
    click.echo(f"演示村：{made.name}（{made.village}），网址 {address}")
    click.echo(f"以下用户的密码都是 {made.logins[0].password} ，只供演示")
    for login in made.logins:
        click.echo(f"  {login.username:<12}{login.role}：{login.purpose}")


def _is_empty() -> bool:
    villages = select(func.count()).select_from(Village).execution_options(all_villages=True)
    users = select(func.count()).select_from(User)
    return not any(reading().read(statement).scalar_one() for statement in (villages, users))
