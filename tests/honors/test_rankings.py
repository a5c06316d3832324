from datetime import date

import pytest

from tests.honors.places import COUNTY, LI, TOWNSHIP, WANG, County

RANKINGS = f"/villages/{WANG}/rankings"


def ranking(county: County, query: str) -> list[tuple[int, str, int]]:
    answer = county.get(f"{RANKINGS}?{query}")
    assert answer.status_code == 200, answer.text
    return [(item["place"], item["household"], item["points"]) for item in answer.get_json()["items"]]


@pytest.fixture
def four(county: County) -> County:
    for head, group_no, lane in (("王一", 1, "东街"), ("王二", 1, "西街"), ("王三", 2, None), ("王四", 2, None)):
        county.household(f"000{'零一二三四'.index(head[1])}", head, group_no=group_no, lane=lane)
    return county


def test_equal_points_share_a_place_and_order_by_number(four: County) -> None:
    for number, points in (("0003", 30), ("0001", 30), ("0002", 10)):
        four.honour(number, points)
    assert ranking(four, "period=2026-11") == [(1, "0001", 30), (1, "0003", 30), (3, "0002", 10)]


def test_names_period_head_and_group(four: County) -> None:
    four.honour("0003", 5)
    assert four.get(f"{RANKINGS}?period=2026-Q4").get_json() == {
        "period": "2026-Q4",
        "items": [{"place": 1, "household": "0003", "name": "王三", "group_no": 2, "points": 5}],
    }


def test_months_quarters_and_years_count_the_days_of_the_deeds(four: County) -> None:
    for on, points in ((date(2025, 12, 31), 1), (date(2026, 9, 30), 10), (date(2026, 10, 1), 100)):
        four.honour("0001", points, on=on)
    assert ranking(four, "period=2026-09") == [(1, "0001", 10)]
    assert ranking(four, "period=2026-Q4") == [(1, "0001", 100)]
    assert ranking(four, "period=2026") == [(1, "0001", 110)]
    assert ranking(four, "period=2025") == [(1, "0001", 1)]


def test_leaves_out_households_whose_points_were_all_taken_back(four: County) -> None:
    for number, points in (("0001", 5), ("0001", -5), ("0002", -3), ("0003", 2)):
        four.honour(number, points)
    assert ranking(four, "period=2026") == [(1, "0003", 2)]


def test_ties_at_the_limit_are_kept(four: County) -> None:
    for number, points in (("0001", 9), ("0002", 5), ("0003", 5), ("0004", 1)):
        four.honour(number, points)
    assert ranking(four, "period=2026&limit=2") == [(1, "0001", 9), (2, "0002", 5), (2, "0003", 5)]
    assert ranking(four, "period=2026&limit=1") == [(1, "0001", 9)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("group_no=2", [(1, "0003", 3), (2, "0004", 2)]),
        ("lane=%E8%A5%BF%E8%A1%97", [(1, "0002", 4)]),
        ("category=%E5%BF%97%E6%84%BF%E6%9C%8D%E5%8A%A1", [(1, "0004", 2)]),
        ("group_no=1&category=%E5%BF%97%E6%84%BF%E6%9C%8D%E5%8A%A1", []),
    ],
)
def test_filters_by_group_lane_and_category(four: County, query: str, expected: list[tuple[int, str, int]]) -> None:
    for number, points in (("0001", 5), ("0002", 4), ("0003", 3)):
        four.honour(number, points)
    four.honour("0004", 2, category="志愿服务")
    assert ranking(four, f"period=2026-11&{query}") == expected


def test_a_household_has_the_points_of_its_members_and_a_member_only_its_own(county: County) -> None:
    elder, younger = county.household("0001", "王大", members=[{"name": "王大"}, {"name": "王小"}])
    county.honour("0001", 7)
    county.honour("0001", 5, member_id=elder)
    county.honour("0001", 5, member_id=younger, category="志愿服务")
    assert ranking(county, "period=2026") == [(1, "0001", 17)]
    items = county.get(f"{RANKINGS}?period=2026&subject=member").get_json()["items"]
    assert [(item["place"], item["name"], item["points"], item["member_id"]) for item in items] == [
        (1, "王大", 5, elder),
        (1, "王小", 5, younger),
    ]


def test_leaves_out_members_and_households_that_are_gone(county: County) -> None:
    stays, goes = county.household("0001", "王大", members=[{"name": "王大"}, {"name": "王小"}])
    county.household("0002", "王二")
    for member_id in (stays, goes):
        county.honour("0001", 5, member_id=member_id)
    county.honour("0002", 5)
    county.household("0001", "王大", members=[{"name": "王大"}])
    county.write("UPDATE household SET status = 'moved' WHERE number = '0002'")
    items = county.get(f"{RANKINGS}?period=2026&subject=member").get_json()["items"]
    assert [item["name"] for item in items] == ["王大"]
    assert ranking(county, "period=2026") == [(1, "0001", 10)]


def test_ranks_this_year_when_no_period_is_given(county: County) -> None:
    county.household("0001", "王大")
    found = county.get(RANKINGS).get_json()
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
def test_refuses_a_query_it_does_not_understand(county: County, query: str) -> None:
    answer = county.get(f"{RANKINGS}?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "validation")


def test_another_village_stays_unseen(four: County) -> None:
    four.honour("0001", 5)
    assert four.get(RANKINGS, village=LI).status_code == 404
    assert four.get(f"/villages/{LI}/rankings?period=2026", village=LI).get_json()["items"] == []


def test_a_household_learns_its_place(four: County) -> None:
    for number, points in (("0001", 9), ("0002", 5), ("0003", 5)):
        four.honour(number, points)
    path = f"/villages/{WANG}/households"
    found = four.get(f"{path}/0003/place?period=2026-11").get_json()
    assert found == {"period": "2026-11", "household": "0003", "place": 2, "points": 5, "of": 3}
    found = four.get(f"{path}/0004/place?period=2026-11").get_json()
    assert found == {"period": "2026-11", "household": "0004", "place": None, "points": 0, "of": 3}
    assert four.get(f"{path}/9999/place?period=2026-11").status_code == 404


@pytest.fixture
def two_villages(county: County) -> County:
    for village, count in ((WANG, 3), (LI, 4)):
        for index in range(count):
            county.household(f"{index}", "王大", village=village)
            county.honour(f"{index}", 10 + index, village=village)
    county.household("9", "王闲")
    return county


def test_villages_are_ranked_with_participation(two_villages: County) -> None:
    answer = two_villages.get(f"/regions/{COUNTY}/rankings?period=2026-11", role="viewer")
    assert answer.get_json() == {
        "period": "2026-11",
        "items": [
            {
                "place": 1,
                "village": LI,
                "name": "李庄村",
                "points": 46,
                "active_households": 4,
                "households": 4,
                "participation": 100,
            },
            {
                "place": 2,
                "village": WANG,
                "name": "王庄村",
                "points": 33,
                "active_households": 3,
                "households": 4,
                "participation": 75,
            },
        ],
    }


def test_a_village_with_fewer_than_three_active_households_shows_no_points(two_villages: County) -> None:
    two_villages.honour("0", -10)
    items = two_villages.get(f"/regions/{TOWNSHIP}/rankings?period=2026-11", role="viewer").get_json()["items"]
    assert [(item["village"], item["place"], item["points"]) for item in items] == [(LI, 1, 46), (WANG, None, None)]


def test_points_of_other_months_do_not_count_for_villages(two_villages: County) -> None:
    items = two_villages.get(f"/regions/{COUNTY}/rankings?period=2026-10", role="viewer").get_json()["items"]
    assert [(item["points"], item["active_households"]) for item in items] == [(None, 0), (None, 0)]


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        (COUNTY, "manager", 404),
        (COUNTY, "admin", 200),
        (WANG, "manager", 200),
        (WANG, "clerk", 403),
        (LI, "manager", 404),
        ("41", "viewer", 404),
        ("410", "viewer", 404),
        ("410927", "viewer", 404),
        ("410926999", "viewer", 404),
    ],
)
def test_only_who_covers_a_region_sees_its_ranking(county: County, code: str, role: str, status: int) -> None:
    assert county.get(f"/regions/{code}/rankings?period=2026", role=role).status_code == status


def test_rankings_need_a_login(county: County) -> None:
    for path in (RANKINGS, f"/regions/{COUNTY}/rankings", f"/villages/{WANG}/households/1/place"):
        assert county.client.get(f"/api/v1{path}").status_code == 401
