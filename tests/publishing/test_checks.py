from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from pointshop.core.db import snapshot, unit_of_work
from pointshop.ledger.seal import ENTRIES, broken_seals, seal_village
from pointshop.publishing.checks import SEALED
from tests.honors.places import WANG, County

STREAMS = [ENTRIES, SEALED]


@pytest.fixture
def published(tmp_path: Path, now: time_machine.Traveller) -> Iterator[County]:
    """Two rolls of a county whose books are going to be damaged."""
    county = County(tmp_path)
    county.household("0001", "单雄信", name_consent=True)
    county.honour("0001", 20)
    for _ in range(2):
        assert county.publish().status_code == 201
    assert county.verify() == []
    yield county


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("UPDATE publication SET document = replace(document, '20', '90')", "document_matches_digest"),
        ("UPDATE publication SET document = document || ' '", "document_matches_digest"),
        ("UPDATE publication SET document = 'x'", "document_matches_digest"),
        ("UPDATE publication SET digest = replace(digest, 'a', 'b') || ''", "publication_says_what_it_said"),
        ("UPDATE publication SET until_on = '2027-11-29'", "publication_says_what_it_said"),
        ("DELETE FROM publication WHERE serial = 1", "publication_numbers_have_no_gap"),
        ("DELETE FROM publication WHERE serial = 1", "publication_has_its_link"),
        ("DELETE FROM public_link", "publication_has_its_link"),
        ("UPDATE public_link SET village_id = 410926100202", "publication_has_its_link"),
    ],
)
def test_damage_is_found(published: County, damage: str, expected: str) -> None:
    published.write(damage)
    assert expected in [finding.name for finding in published.verify()]


def test_a_report_names_no_villager_and_no_token(published: County) -> None:
    tokens = [token for (token,) in published.read("SELECT token FROM publication")]
    published.write("UPDATE publication SET document = replace(document, '20', '90')")
    report = str(published.verify())
    assert "document_matches_digest" in report
    for secret in ("单雄信", *tokens):
        assert secret not in report


def test_the_daily_seal_covers_publications(published: County, now: time_machine.Traveller) -> None:
    now.shift(timedelta(hours=1))
    with published.app.app_context():
        seal = unit_of_work(lambda work: seal_village(work, int(WANG), STREAMS))
        assert seal is not None and seal.entry_count == 2
        assert snapshot(lambda work: list(broken_seals(work, int(WANG), STREAMS))) == []
    published.write("DELETE FROM publication WHERE serial = 2")
    with published.app.app_context():
        assert len(snapshot(lambda work: list(broken_seals(work, int(WANG), STREAMS)))) == 1
