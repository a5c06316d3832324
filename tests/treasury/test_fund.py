"""The book of the fund: it only grows, never goes below nothing, and adds up."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest

from pointshop.app import SEALED
from pointshop.core import clock
from pointshop.core.clock import now, village_day
from pointshop.core.ids import new_name
from pointshop.ledger.seal import Sealed, SealRow, broken_seals, seal_village
from tests.api import Api, Caller
from tests.books import violations
from tests.faults.deeds import put
from tests.faults.killed import killed_at_point, killed_at_statement
from tests.faults.stored import changed, stored
from tests.ground import OTHER, Ground
from tests.shop.counter import problem
from tests.staff import hire
from tests.together import at_once, outcome, outcomes
from tests.treasury.money import balances, book, booked, payment, receive, reverse, today
from tests.world import World

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def manager(api: Api) -> Caller:
    return api.as_("manager")


def test_money_comes_and_goes_and_each_line_says_what_is_left(manager: Caller) -> None:
    booked(manager, "grant", 100)
    booked(manager, "donation", 50, party="李大山", purpose="捐款助学", names_party=True)
    booked(manager, "purchase", 120, party="县供销社", purpose="货款", settles="2026-11")
    booked(manager, "expense", 5, party="打印店", purpose="印存折")
    lines = manager.get("/fund-entries").get_json()["items"]
    assert [(line["seq"], line["kind"], line["amount_fen"], line["balance_after_fen"]) for line in lines] == [
        (4, "expense", -500, 2_500),
        (3, "purchase", -12_000, 3_000),
        (2, "donation", 5_000, 15_000),
        (1, "grant", 10_000, 10_000),
    ]
    assert [(line["by"], line["party"]) for line in lines[2:]] == [
        ("工作人员", "李大山"),
        ("工作人员", "王庄村集体经济合作社"),
    ]


def test_money_that_is_not_there_is_not_spent(manager: Caller) -> None:
    booked(manager, "grant", 100)
    name = new_name()
    for _ in range(2):
        answer = book(manager, "expense", 101, name=name)
        assert outcome(answer) == (422, "budget_exceeded")
        assert answer.get_json()["data"] == {"balance_fen": 10_000}
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert balances(manager) == [10_000]


def test_sent_twice_it_is_booked_once(manager: Caller) -> None:
    name = new_name()
    answers = [book(manager, name=name) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].get_json() == answers[1].get_json()
    assert outcome(book(manager, yuan=7, name=name)) == (422, "name_reused")
    assert balances(manager) == [10_000]


def test_a_line_is_taken_back_once_by_one_that_mirrors_it(manager: Caller) -> None:
    name = booked(manager, "grant", 100)
    booked(manager, "grant", 30)
    answer = reverse(manager, name)
    assert (answer.status_code, answer.get_json()["amount_fen"], answer.get_json()["reverses"]) == (201, -10_000, 1)
    assert reverse(manager, name).status_code == 200
    again = manager.put(f"/fund-entries/{name}/reversal", {"reason": "再来一次"})
    assert outcome(again) in ((422, "already_voided"), (422, "name_reused"))
    counter = answer.get_json()["id"]
    assert outcome(reverse(manager, counter)) == (422, "already_voided")
    assert balances(manager) == [3_000, 13_000, 10_000]
    assert outcome(reverse(manager, new_name())) == (404, "not_found")


def test_money_that_was_spent_already_cannot_be_taken_back(manager: Caller) -> None:
    name = booked(manager, "grant", 100)
    booked(manager, "expense", 60)
    assert outcome(reverse(manager, name)) == (422, "budget_exceeded")
    assert balances(manager) == [4_000, 10_000]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"amount_fen": 1_000_000_001}, "amount_fen"),
        ({"amount_fen": 12.5}, "amount_fen"),
        ({"kind": "reversal"}, "kind"),
        ({"kind": "purchase"}, "settles"),
        ({"settles": "2026-11"}, "settles"),
        ({"kind": "purchase", "settles": "2026-13"}, "settles"),
        ({"names_party": True}, "names_party"),
        ({"party": " "}, "party"),
        ({"balance_after_fen": 5}, "balance_after_fen"),
    ],
)
def test_a_form_with_a_mistake_names_the_field(manager: Caller, change: dict[str, object], field: str) -> None:
    answer = manager.put(f"/fund-entries/{new_name()}", payment() | change)
    assert problem(answer)["errors"].keys() == {field}


def test_tomorrow_has_not_been_paid(manager: Caller) -> None:
    tomorrow = (village_day(now()) + timedelta(days=1)).isoformat()
    assert outcome(book(manager, occurred_on=tomorrow)) == (422, "in_future")


def test_two_who_spend_the_last_money_at_once_spend_it_once(api: Api, manager: Caller) -> None:
    booked(manager, "grant", 100)
    answers = at_once([partial(book, manager, "expense", 70) for _ in range(4)])
    assert outcomes(answers) == {201: 1, (422, "budget_exceeded"): 3}
    assert balances(manager) == [3_000, 10_000]


def test_many_who_book_at_once_make_one_chain(manager: Caller) -> None:
    answers = at_once([partial(book, manager, "grant", yuan) for yuan in range(1, 9)])
    assert outcomes(answers) == {201: 8}
    assert balances(manager)[0] == 3_600


def test_each_village_has_its_own_book(api: Api, manager: Caller) -> None:
    name = booked(manager)
    there = api.as_("manager", of=OTHER)
    assert there.get("/fund-entries").get_json()["items"] == []
    assert outcome(reverse(there, name)) == (404, "not_found")
    assert outcome(book(api.as_("manager"), name=name)) == 200
    assert book(there, name=name).status_code == 201


@pytest.mark.parametrize("role", ["worker", "clerk", "viewer"])
def test_the_book_is_for_those_who_govern_and_watch(api: Api, role: str) -> None:
    assert outcome(api.as_(role).get("/fund-entries")) == (403, "forbidden")


@pytest.mark.parametrize("role", ["reviewer", "supervisor", "admin"])
def test_those_who_watch_read_and_do_not_write(api: Api, role: str) -> None:
    assert api.as_(role).get("/fund-entries").status_code == 200
    assert outcome(book(api.as_(role))) == (403, "forbidden")


def test_the_list_is_cut_by_days_and_pages(manager: Caller) -> None:
    yesterday = (village_day(now()) - timedelta(days=1)).isoformat()
    for day in (yesterday, yesterday, today()):
        booked(manager, occurred_on=day)
    of_yesterday = manager.get("/fund-entries", query={"from": yesterday, "to": yesterday}).get_json()["items"]
    assert [line["seq"] for line in of_yesterday] == [2, 1]
    first = manager.get("/fund-entries", query={"limit": "2"}).get_json()
    rest = manager.get("/fund-entries", query={"limit": "2", "after": first["next"]}).get_json()
    assert [line["seq"] for line in first["items"] + rest["items"]] == [3, 2, 1]


def test_killed_anywhere_it_is_booked_once_or_not_at_all(api: Api, manager: Caller) -> None:
    app, deed = api.ground.app, put("manager", "/fund-entries/{id}", **payment())
    before = stored(app)
    for number in range(1, 50):
        if not killed_at_statement(app, partial(deed.send, api), number):
            break
        assert changed(before, stored(app)) == {}, number
    assert number > 3
    assert deed.send(api).status_code == 200
    taken_back = put("manager", deed.path + "/reversal", reason="记错金额")
    assert killed_at_point(app, partial(taken_back.send, api), "after_commit")
    assert taken_back.send(api).status_code == 200
    assert balances(manager) == [0, 10_000]


PLANTED = {
    "fund_chain_unbroken": "UPDATE fund_entry SET balance_after_fen = balance_after_fen + 1 WHERE seq = 2",
    "fund_reversal_mirrors_its_line": "UPDATE fund_entry SET party = 'x' WHERE seq = 1",
    "fund_entry_says_what_it_said": "UPDATE fund_entry SET purpose = 'x' WHERE seq = 2",
}


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("check", PLANTED)
def test_verify_finds_what_was_changed(ground: Ground, world: World, manager: Caller, check: str) -> None:
    name = booked(manager)
    booked(manager)
    reverse(manager, name)
    assert world.see(violations) == {}
    assert ground.tamper(PLANTED[check]) > 0
    assert check in world.see(violations)


@pytest.mark.breaks_the_books
def test_verify_finds_a_line_that_was_taken_out(ground: Ground, world: World, manager: Caller) -> None:
    for _ in range(3):
        booked(manager)
    assert ground.tamper("DELETE FROM fund_entry WHERE seq = 2") == 1
    assert "fund_chain_unbroken" in world.see(violations)


@pytest.mark.parametrize("sql", ["DELETE FROM fund_entry", "UPDATE fund_entry SET amount_fen = 1", "DELETE FROM lot"])
def test_the_book_only_grows(api: Api, manager: Caller, sql: str) -> None:
    booked(manager)
    receive(api, 1, best_before="2027-01-01")
    with pytest.raises(Exception, match="append-only"):
        api.ground.run(sql)


def seal(world: World, streams: Sequence[Sealed]) -> SealRow | None:
    with clock.at(now() + timedelta(minutes=2)):
        return world.do(lambda work: seal_village(work, world.village_id, streams))


def broken(world: World, streams: Sequence[Sealed]) -> list[int]:
    return [found["seal"] for found in world.see(lambda work: list(broken_seals(work, world.village_id, streams)))]


@pytest.mark.breaks_the_books
def test_seals_cover_the_fund(ground: Ground, world: World, manager: Caller) -> None:
    booked(manager)
    booked(manager)
    sealed = seal(world, SEALED)
    assert sealed is not None and (sealed.entry_count, sealed.points_moved) == (2, 0)
    assert broken(world, SEALED) == []
    assert ground.tamper("DELETE FROM fund_entry WHERE seq = 2") == 1
    assert broken(world, SEALED) == [1]


def test_seals_from_before_the_fund_was_covered_stay_good(world: World, manager: Caller) -> None:
    world.household(points=10)
    assert seal(world, [stream for stream in SEALED if stream.name != "fund_entry"]) is not None
    assert broken(world, SEALED) == []


def test_money_of_long_ago_is_not_booked_past_those_who_watch(manager: Caller) -> None:
    assert outcome(book(manager, occurred_on="2001-01-01")) == (422, "too_old")


def test_the_own_line_is_taken_back_while_it_is_fresh_and_later_by_another(api: Api, manager: Caller) -> None:
    fresh, name = booked(manager), booked(manager)
    assert reverse(manager, fresh).status_code == 201
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert outcome(reverse(manager, name)) == (403, "forbidden")
        assert reverse(hire(api, "manager2", "manager"), name).status_code == 201


def test_what_was_spent_is_taken_back_under_the_same_name_when_there_is_money_again(manager: Caller) -> None:
    name = booked(manager, yuan=100)
    booked(manager, "expense", 60)
    assert outcome(reverse(manager, name)) == (422, "budget_exceeded")
    booked(manager, yuan=60)
    assert reverse(manager, name).status_code == 201
