"""`pointshop verify` knows the notices."""

from datetime import timedelta

import pytest
import time_machine

from pointshop.core.db import snapshot, unit_of_work
from pointshop.ledger.seal import broken_seals, seal_village
from pointshop.ledger.verify import run_checks
from pointshop.notices.checks import CHECKS, SEALED
from tests.ground import HOME
from tests.honors.places import Place
from tests.notices.board import Board

pytestmark = pytest.mark.breaks_the_books


@pytest.fixture
def place(board: Board) -> Place:
    """Two lines hang, one of them held; a second notice waits; a ledger is there."""
    board.log("0001")
    board.log("0002")
    sheet = board.published()
    board.hang(sheet, on="2026-11-02")
    board.objected(sheet, 1)
    board.log("0003")
    board.published()
    board.published("ledger", period="2026-11")
    return Place(board.api)


def found_in(place: Place) -> list[str]:
    with place.app.app_context():
        return [finding.name for finding in snapshot(lambda work: list(run_checks(work, CHECKS))) if finding.count]


def test_all_is_well_at_first(place: Place) -> None:
    assert found_in(place) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("DELETE FROM notice_line WHERE line_no = 2", "notice_has_its_lines"),
        ("UPDATE notice_line SET line_no = 7 WHERE line_no = 2", "notice_has_its_lines"),
        (
            "UPDATE notice_line SET merit_id = (SELECT merit_id FROM notice_line ORDER BY merit_id LIMIT 1)",
            "merit_stands_on_one_notice",
        ),
        (
            "UPDATE merit SET state = 'noticed', due_on = '2026-11-03' WHERE state = 'approved'",
            "clock_runs_only_on_the_wall",
        ),
        ("UPDATE merit SET due_on = '2026-11-02' WHERE state = 'noticed'", "clock_runs_as_long_as_printed"),
        (
            "INSERT INTO withdrawal SELECT village_id, publication_id, 'x', recorded_at, 1 FROM posting",
            "clock_runs_only_on_the_wall",
        ),
        ("DELETE FROM posting", "clock_runs_only_on_the_wall"),
        ("UPDATE merit SET state = 'noticed' WHERE state = 'held'", "objection_holds_its_line"),
        ("DELETE FROM objection", "objection_holds_its_line"),
        (
            "UPDATE objection SET state = 'upheld', decided_at = received_at, decided_by = 1, reason = 'x'",
            "upheld_objection_keeps_its_line_out",
        ),
        ("DELETE FROM coverage", "sheet_says_which_days"),
        ("UPDATE coverage SET kind = 'goods' WHERE kind = 'ledger'", "sheet_says_which_days"),
        ("UPDATE posting SET posted_on = '2026-10-01'", "posting_says_what_it_said"),
    ],
)
def test_damage_is_found(place: Place, damage: str, expected: str) -> None:
    place.damage(damage)
    assert expected in found_in(place)


def test_a_report_shows_nobody_s_name(place: Place) -> None:
    place.damage("DELETE FROM notice_line WHERE line_no = 2")
    with place.app.app_context():
        report = str(snapshot(lambda work: list(run_checks(work, CHECKS))))
    assert "document" not in report and "集中清扫" not in report


def test_the_daily_seal_covers_proofs(place: Place, now: time_machine.Traveller) -> None:
    now.shift(timedelta(hours=1))
    with place.app.app_context():
        seal = unit_of_work(lambda work: seal_village(work, int(HOME), [SEALED]))
        assert seal is not None and seal.entry_count == 1
    place.damage("DELETE FROM posting")
    with place.app.app_context():
        assert len(snapshot(lambda work: list(broken_seals(work, int(HOME), [SEALED])))) == 1
