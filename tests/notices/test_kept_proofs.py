"""The night job lets go of pictures without a row; the proof that a sheet hangs has one."""

from pointshop.core.db import Base
from pointshop.core.ids import new_name
from pointshop.merits.models import Photo
from pointshop.merits.photo_store import PhotoStore
from pointshop.publishing.models import Posting
from pointshop.reminders.models import Reminder
from pointshop.subjects.erasing import drop_pictures
from tests.notices.board import Board


def test_the_photo_of_a_hanging_sheet_is_kept(board: Board) -> None:
    name = new_name()
    sheet = board.published()
    assert board.hang(sheet, on="2026-11-02", name=name).status_code == 201
    store = PhotoStore(board.api.ground.config().data_dir)
    digest = board.manager.get(f"/publications/{sheet['id']}/postings").get_json()["items"][0]["sha256"]
    store.keep("cd" * 32, b"x")
    with board.api.ground.app.app_context():
        assert drop_pictures(store, [digest, "cd" * 32]) == 1
    assert board.manager.get(f"/publications/{sheet['id']}/postings/{name}.jpg").status_code == 200


def test_every_table_that_names_pictures_is_known() -> None:
    naming = {table.name for table in Base.metadata.tables.values() if "sha256" in table.columns}
    assert naming == {table.__tablename__ for table in (Photo, Reminder, Posting)}
