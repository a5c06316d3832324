from datetime import date

import pytest

from tests.ground import HOME, NOWHERE, OTHER
from tests.honors.places import Place

RANKINGS = "/rankings"
COUNTY, CITY = HOME[:6], HOME[:4]


def ranking(place: Place, query: str) -> list[tuple[int, str, int]]:
    answer = place.manager.get(f"{RANKINGS}?{query}")
    assert answer.status_code == 200, answer.text
    return [(item["place"], item["household"], item["points"]) for item in answer.get_json()["items"]]


@pytest.fixture
def four(place: Place) -> Place:
    for head, group_no, lane in (("王一", 1, "东街"), ("王二", 1, "西街"), ("王三", 2, None), ("王四", 2, None)):
        place.household(f"000{'零一二三四'.index(head[1])}", head, group_no=group_no, lane=lane)
    return place


def test_equal_points_share_a_place_and_order_by_number(four: Place) -> None:
    for number, points in (("0003", 30), ("0001", 30), ("0002", 10)):
        four.honour(number, points)
    assert ranking(four, "period=2026-11") == [(1, "0001", 30), (1, "0003", 30), (3, "0002", 10)]


def test_names_period_head_and_group(four: Place) -> None:
    four.honour("0003", 5)
    assert four.manager.get(f"{RANKINGS}?period=2026-Q4").get_json() == {
        "period": "2026-Q4",
        "items": [{"place": 1, "household": "0003", "name": "王三", "group_no": 2, "points": 5}],
    }


def test_months_quarters_and_years_count_the_days_of_the_deeds(four: Place) -> None:
    for on, points in ((date(2025, 12, 31), 1), (date(2026, 9, 30), 10), (date(2026, 10, 1), 100)):
        four.honour("0001", points, on=on)
    assert ranking(four, "period=2026-09") == [(1, "0001", 10)]
    assert ranking(four, "period=2026-Q4") == [(1, "0001", 100)]
    assert ranking(four, "period=2026") == [(1, "0001", 110)]
    assert ranking(four, "period=2025") == [(1, "0001", 1)]


def test_leaves_out_households_whose_points_were_all_taken_back(four: Place) -> None:
    for number, points in (("0001", 5), ("0001", -5), ("0002", -3), ("0003", 2)):
        four.honour(number, points)
    assert ranking(four, "period=2026") == [(1, "0003", 2)]


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026"])
def test_ties_at_the_limit_are_kept(four: Place, period: str) -> None:
    for number, points in (("0001", 9), ("0002", 5), ("0003", 5), ("0004", 5)):
        four.honour(number, points)
    tied = [(2, "0002", 5), (2, "0003", 5), (2, "0004", 5)]
    assert ranking(four, f"period={period}&limit=2") == [(1, "0001", 9), *tied]
    assert ranking(four, f"period={period}&limit=1") == [(1, "0001", 9)]
    assert ranking(four, f"period={period}&limit=2&group_no=2") == [(1, "0003", 5), (1, "0004", 5)]


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("group_no=2", [(1, "0003", 3), (2, "0004", 2)]),
        ("lane=%E8%A5%BF%E8%A1%97", [(1, "0002", 4)]),
        ("category=%E5%BF%97%E6%84%BF%E6%9C%8D%E5%8A%A1", [(1, "0004", 2)]),
        ("group_no=1&category=%E5%BF%97%E6%84%BF%E6%9C%8D%E5%8A%A1", []),
    ],
)
def test_filters_by_group_lane_and_category(
    four: Place, query: str, expected: list[tuple[int, str, int]], period: str
) -> None:
    for number, points in (("0001", 5), ("0002", 4), ("0003", 3)):
        four.honour(number, points)
    four.honour("0004", 2, category="志愿服务")
    assert ranking(four, f"period={period}&{query}") == expected


def test_a_household_has_the_points_of_its_members_and_a_member_only_its_own(place: Place) -> None:
    elder, younger = place.household("0001", "王大", members=[{"name": "王大"}, {"name": "王小"}])
    place.honour("0001", 7)
    place.honour("0001", 5, member_id=elder)
    place.honour("0001", 5, member_id=younger, category="志愿服务")
    assert ranking(place, "period=2026") == [(1, "0001", 17)]
    items = place.manager.get(f"{RANKINGS}?period=2026&subject=member").get_json()["items"]
    assert [(item["place"], item["name"], item["points"], item["member_id"]) for item in items] == [
        (1, "王大", 5, elder),
        (1, "王小", 5, younger),
    ]


@pytest.mark.breaks_the_books
def test_leaves_out_members_and_households_that_are_gone(place: Place) -> None:
    stays, goes = place.household("0001", "王大", members=[{"name": "王大"}, {"name": "王小"}])
    place.household("0002", "王二")
    for member_id in (stays, goes):
        place.honour("0001", 5, member_id=member_id)
    place.honour("0002", 5)
    place.household("0001", "王大", members=[{"name": "王大"}])
    place.damage("UPDATE household SET status = 'moved' WHERE number = '0002'")
    items = place.manager.get(f"{RANKINGS}?period=2026&subject=member").get_json()["items"]
    assert [item["name"] for item in items] == ["王大"]
    assert ranking(place, "period=2026") == [(1, "0001", 10)]


def test_ranks_this_year_when_no_period_is_given(place: Place) -> None:
    place.household("0001", "王大")
    found = place.manager.get(RANKINGS).get_json()
    assert found == {"period": "2026", "items": []}


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-13",
        "period=26",
        "period=2026-Q5",
        "period=",
        "limit=0",
        "limit=501",
        "subject=all",
        "group_no=0",
        "x=1",
    ],
)
def test_refuses_a_query_it_does_not_understand(place: Place, query: str) -> None:
    answer = place.manager.get(f"{RANKINGS}?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "validation")


def test_another_village_stays_unseen(four: Place) -> None:
    four.honour("0001", 5)
    stranger = four.api.as_("manager", of=OTHER)
    assert stranger.into(HOME).get(RANKINGS).status_code == 404
    assert stranger.get(f"{RANKINGS}?period=2026").get_json()["items"] == []


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026"])
def test_a_household_learns_its_place(four: Place, period: str) -> None:
    for number, points in (("0001", 9), ("0002", 5), ("0003", 5)):
        four.honour(number, points)
    path = f"/place?period={period}"
    found = four.manager.get(f"/households/0003{path}").get_json()
    assert found == {"period": period, "household": "0003", "place": 2, "points": 5}
    found = four.manager.get(f"/households/0004{path}").get_json()
    assert found == {"period": period, "household": "0004", "place": None, "points": 0}
    assert four.manager.get(f"/households/9999{path}").status_code == 404


@pytest.mark.breaks_the_books
@pytest.mark.parametrize("period", ["2026-11", "2026"])
def test_households_that_are_gone_take_no_place(four: Place, period: str) -> None:
    for number, points in (("0001", 9), ("0002", 7), ("0003", 5)):
        four.honour(number, points)
    four.damage("UPDATE household SET status = 'moved' WHERE number = '0001'")
    places = [
        four.manager.get(f"/households/000{number}/place?period={period}").get_json()["place"] for number in (1, 2, 3)
    ]
    assert places == [None, 1, 2]
    assert ranking(four, f"period={period}&limit=1") == [(1, "0002", 7)]


def test_a_deed_taken_back_counts_no_more_in_the_year_it_was_done(four: Place) -> None:
    """Also when the year is over by then."""
    four.honour("0001", 5, on=date(2025, 12, 30))
    four.honour("0001", 3, on=date(2026, 1, 2))
    (name,) = (row[0] for row in four.read("SELECT id FROM merit WHERE points = 5"))
    assert four.manager.put(f"/merits/{name}/reversal", {"reason": "记错了"}).status_code == 201
    assert ranking(four, "period=2025") == ranking(four, "period=2025-12") == []
    assert ranking(four, "period=2026") == ranking(four, "period=2026-01") == [(1, "0001", 3)]


def test_a_year_is_the_sum_of_its_months(four: Place) -> None:
    for month in range(1, 13):
        # each leads in some months
        four.honour(f"000{month % 4 + 1}", month, on=date(2026, month, 1) if month < 12 else date(2025, 12, 1))
    quarters = [ranking(four, f"period=2026-Q{number}") for number in (1, 2, 3, 4)]
    sums = {
        number: sum(line[2] for quarter in quarters for line in quarter if line[1] == number)
        for number in ("0001", "0002", "0003", "0004")
    }
    assert {line[1]: line[2] for line in ranking(four, "period=2026")} == sums


@pytest.fixture
def two_villages(place: Place) -> Place:
    for village, count in ((HOME, 3), (OTHER, 4)):
        for index in range(count):
            place.household(f"{index}", "王大", village=village)
            place.honour(f"{index}", 10 + index, village=village)
    place.household("9", "王闲")
    return place


def test_villages_are_ranked_with_participation(two_villages: Place) -> None:
    answer = two_villages.api.root.get(f"/api/v1/regions/{CITY}/rankings?period=2026-11")
    assert answer.get_json() == {
        "period": "2026-11",
        "items": [
            {
                "place": 1,
                "village": OTHER,
                "name": "李庄村",
                "points": 46,
                "active_households": 4,
                "households": 4,
                "participation": 100,
            },
            {
                "place": 2,
                "village": HOME,
                "name": "王庄村",
                "points": 33,
                "active_households": 3,
                "households": 4,
                "participation": 75,
            },
        ],
    }


def test_a_village_with_few_active_households_is_shown_to_those_who_govern_it(two_villages: Place) -> None:
    two_villages.honour("0", -10)
    items = two_villages.api.root.get(f"/api/v1/regions/{CITY}/rankings?period=2026-11").get_json()["items"]
    assert [(item["village"], item["place"], item["points"]) for item in items] == [(OTHER, 1, 46), (HOME, 2, 23)]


def test_points_of_other_months_do_not_count_for_villages(two_villages: Place) -> None:
    items = two_villages.api.root.get(f"/api/v1/regions/{CITY}/rankings?period=2026-10").get_json()["items"]
    assert [(item["points"], item["active_households"]) for item in items] == [(0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        (COUNTY, "manager", 404),
        (COUNTY, "admin", 200),
        (COUNTY, "viewer", 200),
        (HOME, "manager", 200),
        (HOME, "clerk", 403),
        (OTHER, "manager", 404),
        ("41", "viewer", 404),
        ("410", "viewer", 404),
        ("410927", "viewer", 404),
        (NOWHERE, "viewer", 404),
    ],
)
def test_only_who_covers_a_region_sees_its_ranking(place: Place, code: str, role: str, status: int) -> None:
    assert place.api.as_(role).get(f"/api/v1/regions/{code}/rankings?period=2026").status_code == status


def test_rankings_need_a_login(place: Place) -> None:
    for path in (RANKINGS, f"/api/v1/regions/{COUNTY}/rankings", "/households/1/place"):
        assert place.api.stranger.get(path).status_code == 401
