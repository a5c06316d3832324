"""What a round may be, and how its judges are drawn."""

from typing import Any

import pytest

from pointshop.core import clock
from pointshop.core.ids import new_name
from pointshop.evaluation import rules
from tests.api import Api
from tests.evaluation import rounds
from tests.ground import OTHER
from tests.staff import hire
from tests.together import outcome
from tests.world import World


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    rounds.furnish(world, 12)


def ask(api: Api, body: dict[str, Any], name: str | None = None) -> Any:
    return api.as_("manager").put(f"/evaluations/{name or new_name()}", body)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"method": "score"}, "criteria"),
        ({"criteria": [{"name": "整洁", "most": 10}]}, "criteria"),
        ({"method": "score", "criteria": [{"name": "整洁", "most": 10}], "quorum": 3}, "electorate"),
        ({"electorate": "judges"}, "seats"),
        ({"seats": 3}, "seats"),
        ({"candidates": [{"household": "0001"}]}, "candidates"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "closes_at"),
        ({"closes_at": "明天"}, "closes_at"),
        ({"quorum": 2}, "quorum"),
        ({"awards": []}, "awards"),
        ({"awards": [{"rule": "WM01"}]}, "awards.0.first"),
        ({"awards": [{"rule": "WM01", "first": 2, "last": 1}]}, "awards.0.first"),
        ({"awards": [{"rule": "WM01", "first": 1, "last": 1, "least": 5}]}, "awards.0.first"),
        ({"awards": [{"rule": "WM01", "least": 5}]}, "awards"),
        ({"awards": [{"rule": "NONE", "first": 1, "last": 1}]}, "awards.0.rule"),
        ({"nominees": [{"household": "0001"}, {"household": "9999"}]}, "nominees.1.household"),
        ({"nominees": [{"household": "0001"}, {"household": "0001"}]}, "nominees.1.household"),
        ({"nominees": [{"household": "0001", "member_id": 1}, {"household": "0002"}]}, "nominees.0.member_id"),
        ({"subject": "member"}, "nominees"),
        ({"group_no": 7}, "nominees"),
    ],
)
def test_what_does_not_go_together_is_refused_by_field(api: Api, changes: dict[str, Any], field: str) -> None:
    answer = ask(api, rounds.terms(**changes))
    assert outcome(answer) == (422, "validation")
    assert field in answer.get_json()["errors"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quorum": 2}, "quorum"),
        ({"seats": 2}, "seats"),
        ({"seats": 9}, "seats"),
        ({"choices": 2}, "choices"),
        ({"candidates": [{"household": "0006", "kin": ["9999"]}] * 5}, "candidates.1.household"),
    ],
)
def test_terms_of_judging_are_held_together_too(api: Api, changes: dict[str, Any], field: str) -> None:
    answer = ask(api, rounds.judged(**changes))
    assert outcome(answer) == (422, "validation")
    assert field in answer.get_json()["errors"]


def test_a_deduction_is_no_award(api: Api, world: World) -> None:
    world.rule("BAD", points=-5)
    answer = ask(api, rounds.terms(awards=[{"rule": "BAD", "first": 1, "last": 1}]))
    assert outcome(answer) == (422, "validation")


def test_of_one_group_only_its_households_are_put_up_and_vote(api: Api, world: World) -> None:
    for number in ("0201", "0202", "0203"):
        world.household(number, group_no=2)
    made = api.as_("manager").get(f"/evaluations/{rounds.make(api, group_no=2)}").get_json()
    assert [each["household"] for each in made["nominees"]] == ["0201", "0202", "0203"]
    assert (made["voters"], made["choices"]) == (3, 2)


def test_asked_again_it_is_the_same_and_another_body_is_not(api: Api) -> None:
    name, body = new_name(), rounds.terms()
    first, again = ask(api, body, name), ask(api, body, name)
    assert (first.status_code, again.status_code, again.data) == (201, 200, first.data)
    assert outcome(ask(api, body | {"title": "别的"}, name)) == (422, "name_reused")


def test_rounds_are_listed_newest_first_and_by_state(api: Api) -> None:
    names = [rounds.make(api), rounds.make(api, **rounds.judged())]
    worker = api.as_("worker")
    listed = worker.get("/evaluations").get_json()["items"]
    assert [each["id"] for each in listed] == names[::-1]
    assert [
        each["id"] for each in worker.get("/evaluations", query={"state": "prepared"}).get_json()["items"]
    ] == names[1:]
    page = worker.get("/evaluations", query={"limit": 1}).get_json()
    rest = worker.get("/evaluations", query={"limit": 1, "after": page["next"]}).get_json()
    assert [each["id"] for each in page["items"] + rest["items"]] == names[::-1]


def test_another_village_knows_nothing_of_it(api: Api) -> None:
    name = rounds.make(api)
    for role in ("manager", "supervisor"):
        assert outcome(api.as_(role, of=OTHER).get(f"/evaluations/{name}")) == (404, "not_found")
        assert api.as_(role, of=OTHER).get("/evaluations").get_json()["items"] == []
    body = {"evaluation": name, "contact": "村委会", "office": "村委会"}
    assert outcome(api.as_("manager", of=OTHER).put(f"/evaluation-results/{new_name()}", body)) == (404, "not_found")


def test_who_set_it_up_does_not_draw_and_it_is_drawn_once(api: Api) -> None:
    name = rounds.make(api, **rounds.judged())
    path = f"/evaluations/{name}/draw"
    assert outcome(api.as_("manager").put(path, {"seed": "摇号"})) == (403, "forbidden")
    supervisor = api.as_("supervisor")
    assert supervisor.put(path, {"seed": "摇号 17"}).status_code == 201
    assert supervisor.put(path, {"seed": "摇号 17"}).status_code == 200
    assert outcome(supervisor.put(path, {"seed": "摇号 18"})) == (422, "not_pending")
    assert outcome(hire(api, "manager2", "manager").put(path, {"seed": "摇号"})) == (422, "not_pending")


def test_anyone_can_draw_again_from_what_is_shown(api: Api) -> None:
    name = rounds.judge(api)
    seed = api.as_("worker").get(f"/evaluations/{name}").get_json()["seed"]
    assert seed.startswith("双色球 2026132 ") and len(seed) == len("双色球 2026132 ") + 16
    assert set(seed[-16:]) <= set(rules.LETTERS)
    roll = api.as_("supervisor").get(f"/evaluations/{name}/voters").get_json()["items"]
    drawn = {each["no"] for each in roll if each["drawn"]}
    assert drawn == set(rules.draw([each["no"] for each in roll], seats=5, seed=seed))


def test_title_and_words_with_a_number_of_somebody_are_refused_at_once_and_can_be_said_otherwise(api: Api) -> None:
    """Both stand on the sheet, which would be refused when the round is closed and can't be reworded."""
    name, asked = new_name(), rounds.judged(title="文明户13812345678")
    answer = ask(api, asked, name)
    assert outcome(answer) == (422, "private_data")
    assert list(answer.get_json()["errors"]) == ["title"]
    assert ask(api, asked | {"title": "文明户"}, name).status_code == 201
    path = f"/evaluations/{name}/draw"
    answer = api.as_("supervisor").put(path, {"seed": "13812345678"})
    assert outcome(answer) == (422, "private_data")
    assert list(answer.get_json()["errors"]) == ["seed"]
    assert api.as_("supervisor").put(path, {"seed": "双色球 138"}).status_code == 201


def test_for_rankings_whoever_belongs_to_a_nominee_is_not_drawn(api: Api) -> None:
    """0001 is put up, 0006 is kin of one who is."""
    candidates = [{"household": "0001"}, {"household": "0006", "kin": ["0002"]}]
    candidates += [{"household": f"{number:04d}"} for number in (7, 8, 9)]
    asked = rounds.judged(method="rank", criteria=[], seats=3, candidates=candidates, awards=rounds.terms()["awards"])
    name = new_name()
    assert ask(api, asked, name).status_code == 201
    assert api.as_("supervisor").put(f"/evaluations/{name}/draw", {"seed": "摇号"}).status_code == 201
    roll = api.as_("supervisor").get(f"/evaluations/{name}/voters").get_json()["items"]
    assert [each["household"] for each in roll if each["drawn"]] == ["0007", "0008", "0009"]
    few = new_name()
    assert ask(api, asked | {"seats": 4}, few).status_code == 201
    answer = api.as_("supervisor").put(f"/evaluations/{few}/draw", {"seed": "摇号"})
    assert outcome(answer) == (422, "validation")


def test_a_round_of_households_has_nothing_to_draw_and_undrawn_judges_no_slips(api: Api) -> None:
    assert outcome(api.as_("supervisor").put(f"/evaluations/{rounds.make(api)}/draw", {"seed": "摇号"})) == (
        422,
        "not_pending",
    )
    name = rounds.make(api, **rounds.judged())
    assert outcome(api.as_("manager").post(f"/evaluations/{name}/slips", {})) == (422, "not_pending")
    assert outcome(api.as_("worker").put(f"/evaluations/{name}/paper", {"ballots": []})) == (422, "not_pending")


def test_paper_is_not_counted_before_it_opens_or_after_it_is_over(api: Api) -> None:
    later = rounds.later()
    name = rounds.make(api, opens_at=clock.as_text(later), closes_at=clock.as_text(later.replace(year=2027)))
    body = {"ballots": [{"ranking": [1]}], "signed": [2]}
    assert outcome(api.as_("worker").put(f"/evaluations/{name}/paper", body)) == (422, "in_future")
    with clock.at(later.replace(year=2027)):
        assert rounds.close(api, name).get_json()["state"] == "failed"
        assert outcome(api.as_("worker").put(f"/evaluations/{name}/paper", body)) == (422, "round_closed")
