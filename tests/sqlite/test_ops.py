"""What people and operators are told of a SQLite file that is no database."""

from tests.on_sqlite import SqliteGround


def test_process_is_alive_whatever_the_database_does(ground: SqliteGround) -> None:
    ground.renew()
    ground.file.write_bytes(b"no database at all " * 100)
    assert ground.app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_is_not_ready_without_a_database(ground: SqliteGround) -> None:
    ground.renew()
    ground.file.write_bytes(b"no database at all " * 100)
    answer = ground.app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "database_unavailable")


def test_bare_address_admits_that_the_database_is_gone(ground: SqliteGround) -> None:
    ground.renew()
    ground.file.write_bytes(b"no database at all " * 100)
    answer = ground.app.test_client().get("/")
    assert answer.status_code == 503
    assert "运行正常" not in answer.get_data(as_text=True)
