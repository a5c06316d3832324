"""docs/deploy has a timer for each nightly command of README.md, and docs/operation.md starts them all."""

import re
from pathlib import Path

from pointshop.cli.main import pointshop

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"


def _nightly() -> list[str]:
    _, _, script = (ROOT / "README.md").read_text(encoding="utf-8").partition("Every night, by cron")
    return re.findall(r"^pointshop ([a-z-]+)", script.split("```")[1], re.MULTILINE)


def _due_at(command: str) -> str:
    timer = (DEPLOY / f"pointshop-{command}.timer").read_text(encoding="utf-8")
    found = re.search(r"^OnCalendar=\*-\*-\* (\S+) Asia/Shanghai$", timer, re.MULTILINE)
    assert found
    return found[1]


def test_each_nightly_command_has_a_timer_and_they_run_in_order() -> None:
    commands = _nightly()
    assert {"post-due", "retention", "backup"} <= set(commands) <= set(pointshop.commands)
    assert {path.stem for path in DEPLOY.glob("*.timer")} == {f"pointshop-{command}" for command in commands}
    assert [_due_at(command) for command in commands] == sorted(_due_at(command) for command in commands)


def test_each_timer_runs_its_command() -> None:
    for command in _nightly():
        timer = (DEPLOY / f"pointshop-{command}.timer").read_text(encoding="utf-8")
        unit = re.search(r"^Unit=pointshop-nightly@(.+)\.service$", timer, re.MULTILINE)
        # without a Unit= it is the service of the timer's name
        service = DEPLOY / ("pointshop-nightly@.service" if unit else f"pointshop-{command}.service")
        assert unit is None or unit[1] == command
        started = service.read_text(encoding="utf-8").replace("%i", command)
        assert re.search(rf"^ExecStart=.*/opt/pointshop/bin/pointshop {command}\b", started, re.MULTILINE)


def test_the_technician_is_told_to_start_each_timer_and_when_it_runs() -> None:
    told = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    (enabled,) = re.findall(r"systemctl enable --now (.+)", told)
    assert [name for name in enabled.split() if name.endswith(".timer")] == [
        f"pointshop-{command}.timer" for command in _nightly()
    ]
    daily = told.partition("## 日常")[2].partition("。")[0]
    assert all(_due_at(command)[:5] in daily for command in _nightly())
