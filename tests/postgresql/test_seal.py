"""What is being written while the day is sealed is neither left out nor slipped in behind (threats.md F18)."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert

from pointshop.app import SEALED
from pointshop.core import clock, writers
from pointshop.core.db import unit_of_work
from pointshop.core.errors import Busy
from pointshop.core.numbers import Counter
from pointshop.core.work import Work
from pointshop.ledger import seal
from pointshop.ledger.seal import SealRow, seal_village
from tests.books import violations
from tests.installation import Installation
from tests.world import World


@pytest.fixture
def books(world: World) -> World:
    """One entry of ten minutes ago; another household without any."""
    world.rule()
    with clock.at(clock.now() - timedelta(minutes=10)):
        world.household("0001", points=10)
        world.household("0002")
    return world


def do_seal(world: World) -> SealRow | None:
    with world.app.app_context():
        return unit_of_work(lambda work: seal_village(work, world.village_id, SEALED), patient=True)


class Straggler(threading.Thread):
    """Books an entry of five points five minutes ago, and takes its time before COMMIT."""

    def __init__(self, world: World, *, wait: Callable[[], object]) -> None:
        super().__init__()
        self._world, self._wait = world, wait
        self.has_written = threading.Event()

    def run(self) -> None:
        with clock.at(clock.now() - timedelta(minutes=5)), self._world.app.app_context():
            unit_of_work(self._step)

    def _step(self, work: Work) -> None:
        self._world.log(work, "0002")
        self.has_written.set()
        self._wait()


def test_a_seal_waits_for_what_is_being_written(books: World) -> None:
    straggler = Straggler(books, wait=lambda: time.sleep(0.5))
    straggler.start()
    straggler.has_written.wait()
    found = do_seal(books)
    straggler.join()
    assert found is not None
    assert (found.entry_count, found.points_moved) == (2, 15)
    assert books.see(violations) == {}


@pytest.mark.breaks_the_books
def test_without_waiting_the_late_entry_breaks_the_seal(books: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "await_writers", lambda work, tables: None)
    sealed = threading.Event()
    straggler = Straggler(books, wait=lambda: sealed.wait(10))
    straggler.start()
    straggler.has_written.wait()
    found = do_seal(books)
    sealed.set()
    straggler.join()
    assert found is not None
    assert found.entry_count == 1
    assert books.see(violations).keys() == {"seals"}


def test_what_was_recorded_in_the_last_minute_waits_for_the_next_seal(books: World) -> None:
    books.household("0003", points=3)
    first = do_seal(books)
    assert first is not None
    assert first.entry_count == 1
    with clock.at(clock.now() + timedelta(minutes=2)):
        second = do_seal(books)
    assert second is not None
    assert second.entry_count == 1
    assert books.see(violations) == {}


def test_a_writer_that_hangs_postpones_the_seal_and_other_tables_do_not_matter(
    books: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.2)
    over = threading.Event()
    straggler = Straggler(books, wait=lambda: over.wait(10))
    straggler.start()
    straggler.has_written.wait()
    try:
        with pytest.raises(Busy):
            do_seal(books)
    finally:
        over.set()
        straggler.join()

    def elsewhere(work: Work) -> SealRow | None:
        work.write(insert(Counter).values(village_id=books.village_id, purpose="trial", value=1))
        found: list[SealRow | None] = []
        sealing = threading.Thread(target=lambda: found.append(do_seal(books)))
        sealing.start()
        sealing.join()
        return found[0]

    assert books.do(elsewhere) is not None


def test_command_says_which_village_must_wait(
    installed: Installation, village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.2)
    over = threading.Event()
    village.rule()
    straggler = Straggler(village, wait=lambda: over.wait(10))
    straggler.start()
    straggler.has_written.wait()
    try:
        ran = installed.run("seal")
    finally:
        over.set()
        straggler.join()
    assert ran.status == 1
    assert "有未结束的写入" in ran.err
