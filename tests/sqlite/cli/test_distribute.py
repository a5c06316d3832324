from tests.installation import Installation


def test_a_sqlite_file_cannot_be_distributed(installed: Installation) -> None:
    refused = installed.run("distribute")
    assert refused.status == 1
    assert "没有 Citus 扩展" in refused.err
