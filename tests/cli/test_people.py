"""Bringing in a household list from the prompt."""

from pathlib import Path

import pytest

from tests.cli.installation import Installation
from tests.ground import HOME, NOWHERE

SHEET = "户编号,户主,小组,期初积分\n0001,张建国,1,12\n0002,李秀英,2,0\n"


def sheet(folder: Path, text: str = SHEET) -> str:
    path = folder / "households.csv"
    path.write_text(text, encoding="gb18030")
    return str(path)


def test_takes_over_a_list_and_the_same_list_again_changes_nothing(installed: Installation, tmp_path: Path) -> None:
    first = installed.run("import", "households", HOME, sheet(tmp_path))
    assert first.status == 0, first.err
    assert "新增 2，更新 0，未变 0" in first.out
    assert "新增 0，更新 0，未变 2" in installed.run("import", "households", HOME, sheet(tmp_path)).out
    assert installed.sql("SELECT sum(balance) FROM account") == [(12,)]
    assert installed.run("verify").status == 0


def test_dry_run_writes_nothing(installed: Installation, tmp_path: Path) -> None:
    ran = installed.run("import", "households", HOME, sheet(tmp_path), "--dry-run")
    assert "未写入" in ran.out
    assert installed.sql("SELECT count(*) FROM household") == [(0,)]


def test_bad_cells_are_named_and_nothing_is_written(installed: Installation, tmp_path: Path) -> None:
    refused = installed.run("import", "households", HOME, sheet(tmp_path, SHEET + "0003,,x,1\n"))
    assert refused.status == 1
    assert "第 4 行 户主" in refused.err
    assert "第 4 行 小组" in refused.err
    assert installed.sql("SELECT count(*) FROM household") == [(0,)]


@pytest.mark.parametrize("village", [NOWHERE, "410926", "王庄村"])
def test_unknown_village_is_told(installed: Installation, tmp_path: Path, village: str) -> None:
    refused = installed.run("import", "households", village, sheet(tmp_path))
    assert refused.status == 1
    assert f"没有代码为 {village} 的村" in refused.err
    assert "12 位" in refused.err


def test_file_that_is_not_there_is_told(installed: Installation, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.xlsx"):
        refused = installed.run("import", "households", HOME, str(path))
        assert (refused.status, refused.out) == (1, "")
        assert f"没有文件 {path}" in refused.err


def test_missing_column_is_named_without_a_line(installed: Installation, tmp_path: Path) -> None:
    refused = installed.run("import", "households", HOME, sheet(tmp_path, "户编号,户主\n0001,张建国\n"))
    assert "\n  小组：" in refused.err


def test_unusable_file_is_told_without_the_name_of_a_field(installed: Installation, tmp_path: Path) -> None:
    refused = installed.run("import", "households", HOME, sheet(tmp_path, ""))
    assert "\n  文件“households.csv”" in refused.err
