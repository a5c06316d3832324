import hashlib
import json
from collections import Counter
from datetime import UTC
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from pointshop.accounts import passwords
from pointshop.accounts.queries import find_user, grants_of
from pointshop.cli.demo import AlreadyInhabited, build
from pointshop.core import clock
from pointshop.core.commands import Command
from pointshop.core.db import Base, reading, unit_of_work
from pointshop.core.policy import ROLES
from pointshop.core.work import AnySelect, Work
from pointshop.events.models import Attendance, Event
from pointshop.gifts.models import Gift
from pointshop.ledger.models import Account, Entry, Seal, Tally
from pointshop.ledger.queries import balances_of
from pointshop.merits.models import Merit, RuleVersion
from pointshop.notices.due import missing_sheets
from pointshop.people.models import Card, Household, Member
from pointshop.publishing.models import Objection, Posting, Publication
from pointshop.regions.queries import get_settings
from pointshop.regions.service import plant_root, put_region
from pointshop.shop.models import Product, Redemption, Scan, StockMove
from tests.books import violations
from tests.cli.demo.conftest import NOW, Make, Village


def counts(village: Village, statement: AnySelect) -> dict[object, int]:
    """First column → second column."""
    return village.see(lambda work: {row[0]: row[1] for row in work.read(statement)})


def states(village: Village) -> dict[object, int]:
    return counts(
        village,
        select(Merit.state, func.count()).where(Merit.village_id == village.id).group_by(Merit.state),
    )


def entries_digest(village: Village) -> str:
    columns = list(Entry.__table__.columns)
    statement = select(*columns).where(Entry.village_id == village.id).order_by(Entry.account_id, Entry.seq)
    rows = village.see(lambda work: [tuple(map(str, row)) for row in work.read(statement)])
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


_Condition = ColumnElement[bool] | InstrumentedAttribute[bool]


def test_all_books_are_in_order(village: Village) -> None:
    assert village.see(violations) == {}


def test_the_same_seed_and_day_tell_the_same_story(village: Village, make_village: Make) -> None:
    assert entries_digest(make_village(NOW)) == entries_digest(village)


def test_the_village_is_peopled(village: Village) -> None:
    by_group = counts(
        village,
        select(Household.group_no, func.count()).where(Household.village_id == village.id).group_by(Household.group_no),
    )
    assert sorted(map(str, by_group)) == ["1", "2", "3", "4", "5", "6"]
    assert sum(by_group.values()) >= 120
    assert count(village, Card, Card.revoked_at.is_(None)) == sum(by_group.values())
    assert count(village, Member, Member.party_member) > 10
    assert count(village, Member, Member.volunteer) > 20


def test_all_rules_and_goods_of_the_catalogue_are_there(village: Village) -> None:
    assert count(village, RuleVersion) == 59
    assert count(village, Product) == 50


def test_merits_stand_in_every_state_one_meets_in_life(village: Village) -> None:
    found = states(village)
    assert found["posted"] > 2000
    assert found["noticed"] > 0
    assert found["rejected"] > 0
    assert found["reversed"] == 3
    assert 10 <= found["submitted"] <= 16
    assert count(village, Merit, Merit.points < 0) >= 3
    assert found["approved"] > 0
    noticed = select(func.min(Merit.due_on), func.count()).where(
        Merit.village_id == village.id, Merit.state == "noticed"
    )
    (due_on,) = counts(village, noticed)
    assert str(due_on) >= NOW.date().isoformat()


def test_cleanings_are_batches_of_a_third_of_the_village(village: Village) -> None:
    sizes = counts(
        village,
        select(Merit.batch_id, func.count())
        .where(Merit.village_id == village.id, Merit.rule_code == "HJ06")
        .group_by(Merit.batch_id),
    )
    assert len(sizes) >= 26
    assert min(sizes.values()) >= 30 and max(sizes.values()) <= 60


def test_some_lead_many_follow_and_some_have_nothing(village: Village) -> None:
    ids = village.see(
        lambda work: [row[0] for row in work.read(select(Household.id).where(Household.village_id == village.id))]
    )
    honoured = counts(
        village,
        select(Tally.account_id, func.sum(Tally.points))
        .where(Tally.village_id == village.id)
        .group_by(Tally.account_id),
    )
    points = sorted(honoured.values(), reverse=True)
    assert points[0] > 2 * points[len(points) // 2]
    assert len(honoured) < len(ids)
    assert 0 in village.see(lambda work: balances_of(work, village.id, ids)).values()


def test_the_shop_was_busy_and_sometimes_said_no(village: Village) -> None:
    assert count(village, Redemption) > 200
    assert count(village, Redemption, Redemption.state == "voided") == 2
    refused = counts(
        village,
        select(Command.code, func.count())
        .where(Command.village_id == village.id, Command.status == 422)
        .group_by(Command.code),
    )
    assert {"insufficient_points", "limit_exceeded", "out_of_stock", "void_window_passed"} <= set(refused)
    shown = counts(
        village, select(Scan.outcome, func.count()).where(Scan.village_id == village.id).group_by(Scan.outcome)
    )
    assert {"card_unknown", "card_revoked", "ok"} <= set(shown)


def test_the_storeroom_was_filled_again_counted_and_once_lost_something(village: Village) -> None:
    moved = counts(
        village,
        select(StockMove.kind, func.count()).where(StockMove.village_id == village.id).group_by(StockMove.kind),
    )
    assert moved["receive"] > 50
    assert moved["count"] == 2
    assert moved["write_off"] == 1
    assert moved["return"] >= 2
    assert count(village, StockMove, StockMove.donor.is_not(None)) >= 3


def test_two_rolls_hang_with_some_names_masked(village: Village) -> None:
    households, volunteers = village.see(published)
    assert (households["period"], households["subject"]) == ("2026-Q4", "household")
    assert (volunteers["period"], volunteers["subject"]) == ("2026-12", "member")
    assert households["issued_on"] == volunteers["issued_on"] == "2027-01-01"
    names = [item["name"] for item in households["items"]]
    assert any("*" in name for name in names) and any("*" not in name for name in names)
    assert len(volunteers["items"]) >= 5


def test_notices_hang_books_are_disclosed_and_one_line_was_doubted(village: Village) -> None:
    kinds = select(Publication.kind, func.count()).where(Publication.village_id == village.id)
    made = counts(village, kinds.group_by(Publication.kind))
    assert made["merit_notice"] >= 5
    assert made["ledger"] == made["redemptions"] == made["goods"] >= 5
    assert count(village, Posting) == sum(made.values()) - 2 - 1
    assert count(village, Objection, Objection.state == "dismissed") == 1
    (lack,) = village.see(lambda work: [each for each in missing_sheets(work, village.id) if each.kind == "goods"][:1])
    assert lack.missing == "posting"


def test_the_public_pages_of_the_rolls_can_be_read_today(village: Village) -> None:
    links = [document["public_url"].removeprefix("http://127.0.0.1:8000") for document in village.see(published)]
    with clock.at(NOW):
        answers = [village.app.test_client().get(link) for link in links]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_neighbours_worked_by_the_hour_and_one_gave_to_another(village: Village) -> None:
    by_state = select(Event.state, func.count()).where(Event.village_id == village.id).group_by(Event.state)
    assert counts(village, by_state) == {"closed": 1, "planned": 1}
    outcomes = select(Attendance.outcome, func.count()).where(Attendance.village_id == village.id)
    assert counts(village, outcomes.group_by(Attendance.outcome)) == {"posted": 12}
    given = select(Gift.state, func.count()).where(Gift.village_id == village.id).group_by(Gift.state)
    assert counts(village, given) == {"given": 1}


def test_it_asks_for_review_and_notice_by_now(village: Village) -> None:
    settings = village.see(lambda work: get_settings(work, village.id))
    assert (settings.review_levels, settings.notice_days) == (1, 3)


def test_everything_was_recorded_at_its_own_instant_in_the_past(village: Village) -> None:
    statement = select(Entry.recorded_at, Entry.occurred_on).where(Entry.village_id == village.id)
    lines = [(row.recorded_at, row.occurred_on) for row in village.see(lambda work: work.read(statement).all())]
    late = [occurred < clock.village_day(recorded) for recorded, occurred in lines]
    assert max(recorded for recorded, _ in lines) <= NOW.astimezone(UTC)
    assert not any(occurred > clock.village_day(recorded) for recorded, occurred in lines)
    assert 0 < sum(late) < len(late)
    assert len({recorded for recorded, _ in lines}) > 300


def test_each_passbook_grows_forward_in_time(village: Village) -> None:
    statement = (
        select(Entry.account_id, Entry.recorded_at)
        .where(Entry.village_id == village.id)
        .order_by(Entry.account_id, Entry.seq)
    )
    lines = village.see(lambda work: [tuple(row) for row in work.read(statement)])
    assert lines == sorted(lines)


def test_the_books_were_sealed_month_by_month(village: Village) -> None:
    assert count(village, Seal) >= 6


def test_every_role_has_a_login_and_all_share_the_phrase(village: Village) -> None:
    roles: Counter[str] = Counter()
    for login in village.logins.logins:
        user = village.see(partial(find_user, username=login.username))
        assert user is not None
        assert passwords.matches(login.password, user.password_hash)
        roles.update(grant.role for grant in village.see(partial(grants_of, user_id=user.id)))
    assert set(roles) == set(ROLES)
    assert roles["worker"] == 7 and roles["clerk"] == 2
    assert len({login.password for login in village.logins.logins}) == 1


def test_it_takes_no_more_units_of_work_than_a_slow_disk_bears(village: Village) -> None:
    assert village.units < 1500


def test_refuses_a_database_with_a_user_and_leaves_it_alone(village: Village) -> None:
    before = count(village, Account)
    with pytest.raises(AlreadyInhabited):
        build(village.app)
    assert count(village, Account) == before


def test_refuses_a_database_with_a_village_and_leaves_it_alone(empty: Flask) -> None:
    def found(work: Work) -> None:
        plant_root(work)
        for code in ("41", "4109", "410926", "410926100", "410926100201"):
            put_region(work, code=code, name="王庄村")

    with empty.app_context():
        unit_of_work(found)
    with pytest.raises(AlreadyInhabited):
        build(empty)
    with empty.app_context():
        assert find_user(reading(), "manager") is None


def published(work: Work) -> list[dict[str, Any]]:
    """The honor rolls, in the order of their numbers."""
    statement = (
        select(Publication.document)
        .where(Publication.kind == "honor_roll")
        .order_by(Publication.year, Publication.serial)
    )
    return [json.loads(row[0]) for row in work.read(statement)]


def count(village: Village, table: type[Base], *conditions: _Condition) -> int:
    """Rows of the village that meet the conditions."""
    here = table.__table__.c.village_id == village.id
    statement = select(func.count()).select_from(table).where(here, *conditions)
    return village.see(lambda work: work.read(statement).scalar_one())
