from datetime import timedelta

import pytest
import time_machine

from pointshop.core.db import snapshot, unit_of_work
from pointshop.ledger.seal import broken_seals, seal_village
from pointshop.publishing.checks import SEALED
from tests.ground import HOME
from tests.honors.places import Place

pytestmark = pytest.mark.breaks_the_books


@pytest.fixture
def two_rolls(place: Place) -> Place:
    """Their books are in order, as yet."""
    place.household("0001", "单雄信", name_consent=True)
    place.honour("0001", 20)
    for _ in range(2):
        assert place.publish().status_code == 201
    assert place.verify() == []
    return place


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
        ("UPDATE public_link SET village_id = 410927100201", "publication_has_its_link"),
    ],
)
def test_damage_is_found(two_rolls: Place, damage: str, expected: str) -> None:
    two_rolls.damage(damage)
    assert expected in [finding.name for finding in two_rolls.verify()]


def test_a_report_names_no_villager_and_no_token(two_rolls: Place) -> None:
    tokens = [token for (token,) in two_rolls.read("SELECT token FROM publication")]
    two_rolls.damage("UPDATE publication SET document = replace(document, '20', '90')")
    report = str(two_rolls.verify())
    assert "document_matches_digest" in report
    for secret in ("单雄信", *tokens):
        assert secret not in report


def test_the_daily_seal_covers_publications(two_rolls: Place, now: time_machine.Traveller) -> None:
    now.shift(timedelta(hours=1))
    with two_rolls.app.app_context():
        seal = unit_of_work(lambda work: seal_village(work, int(HOME), [SEALED]))
        assert seal is not None and seal.entry_count == 2
        assert snapshot(lambda work: list(broken_seals(work, int(HOME), [SEALED]))) == []
    two_rolls.damage("DELETE FROM publication WHERE serial = 2")
    with two_rolls.app.app_context():
        assert len(snapshot(lambda work: list(broken_seals(work, int(HOME), [SEALED])))) == 1
