import re
from typing import Any

import pytest
import time_machine

from tests.ground import OTHER
from tests.honors.places import Place
from tests.publishing.pages import Page

NAME = "018f6f2e-0000-7000-8000-000000000001"
WITHDRAWAL = f"/publications/{NAME}/withdrawal"


@pytest.fixture
def roll(place: Place) -> dict[str, Any]:
    """Published on 22 November for seven days: 单雄信 by name, 解晓东 masked; 仇英 and the others stay off it."""
    place.household("0001", "单雄信", name_consent=True, phone="13812345678", address="东街七号")
    place.household("0002", "解晓东", phone="13912345678", lane="柳树巷", members=[{"name": "解语花"}])
    place.household("0003", "仇英英")
    for number, points in (("0001", 20), ("0002", 30), ("0003", 1)):
        place.honour(number, points)
    answer = place.publish(name=NAME, places=2)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_anyone_reads_the_page_without_a_login(place: Place, roll: dict[str, Any]) -> None:
    answer = place.public(roll["public_url"])
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    page = Page(answer.text)
    assert {"单雄信", "解*东", "30", "20"} <= set(page.texts)


def test_nobody_who_is_not_listed_and_nothing_private_is_in_the_bytes(place: Place, roll: dict[str, Any]) -> None:
    public = place.public(roll["public_url"]).text + place.manager.get(f"/honor-rolls/{NAME}.html").text
    for canary in ("解晓东", "解语花", "仇英英", "仇", "东街", "柳树巷", "0001", "0002"):
        assert canary not in public
    assert re.search(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dX]|\d{16,19})(?!\d)", re.sub(r"<path [^>]*>", "", public)) is None


def test_tells_search_engines_and_caches_what_to_do(place: Place, roll: dict[str, Any]) -> None:
    answer = place.public(roll["public_url"])
    assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert Page(answer.text).meta["robots"] == "noindex, noarchive"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers


def test_an_unchanged_page_is_not_sent_twice(place: Place, roll: dict[str, Any]) -> None:
    tag = place.public(roll["public_url"]).headers["ETag"]
    assert roll["digest"] in tag
    again = place.public(roll["public_url"], **{"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=300"
    assert place.public(roll["public_url"], **{"If-None-Match": '"other"'}).status_code == 200


def test_the_page_lives_until_the_end_of_its_last_village_day(
    place: Place, roll: dict[str, Any], now: time_machine.Traveller
) -> None:
    now.move_to("2026-11-29T23:59:00+08:00")
    answer = place.public(roll["public_url"])
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")
    tag = answer.headers["ETag"]
    now.move_to("2026-11-30T00:00:00+08:00")
    gone = place.public(roll["public_url"], **{"If-None-Match": tag})
    assert (gone.status_code, gone.mimetype) == (410, "text/html")
    assert "公示已结束" in gone.text
    assert "单雄信" not in gone.text
    assert gone.headers["Cache-Control"] == "no-store"


def test_a_roll_of_no_notice_days_lives_for_one_day(
    place: Place, roll: dict[str, Any], now: time_machine.Traveller
) -> None:
    short = place.publish(notice_days=0).get_json()
    assert place.public(short["public_url"]).status_code == 200
    now.move_to("2026-11-23T00:00:00+08:00")
    assert place.public(short["public_url"]).status_code == 410


def test_before_its_first_day_there_is_no_page(place: Place, roll: dict[str, Any], now: time_machine.Traveller) -> None:
    now.move_to("2026-11-21T23:59:59+08:00")
    assert place.public(roll["public_url"]).status_code == 404


@pytest.mark.parametrize("token", ["x" * 22, "x", "x" * 23, "x%00" * 6, "..%2f..%2fetc", "单" * 22, "%ff" * 22])
def test_an_unknown_token_leads_nowhere(place: Place, roll: dict[str, Any], token: str) -> None:
    assert place.public(f"/b/{token}").status_code == 404


def test_each_publication_has_its_own_token(place: Place, roll: dict[str, Any]) -> None:
    assert place.publish().get_json()["public_url"] != roll["public_url"]


def test_the_page_loads_nothing_but_our_own_files(place: Place, roll: dict[str, Any]) -> None:
    for page in (place.public(roll["public_url"]), place.manager.get(f"/honor-rolls/{NAME}.html")):
        (link,) = Page(page.text).links
        sheet = place.public(link)
        assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
        for drawing in set(re.findall(r'url\("([^"]+)"\)', sheet.text)):
            found = place.public(f"/static/publishing/{drawing}")
            assert (found.status_code, found.mimetype) == (200, "image/svg+xml")


def test_style_sheets_are_kept_and_checked(place: Place) -> None:
    answer = place.public("/static/publishing/public.css")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert place.public("/static/publishing/public.css", **tag).status_code == 304


@pytest.mark.parametrize("file", ["none.css", "..%2fapi.py", "public.html"])
def test_serves_no_other_file(place: Place, file: str) -> None:
    assert place.public(f"/static/publishing/{file}").status_code == 404


def test_a_withdrawn_page_is_gone_at_once(place: Place, roll: dict[str, Any]) -> None:
    answer = place.manager.put(WITHDRAWAL, {"reason": "本人要求撤下"})
    assert (answer.status_code, answer.get_json()) == (
        201,
        {"id": NAME, "number": "2026-001", "withdrawn_at": "2026-11-22T08:00:00.000000Z"},
    )
    gone = place.public(roll["public_url"])
    assert gone.status_code == 410
    assert "公示已撤下" in gone.text


def test_withdrawing_again_is_a_replay_or_a_refusal(place: Place, roll: dict[str, Any]) -> None:
    place.manager.put(WITHDRAWAL, {"reason": "本人要求撤下"})
    again = place.manager.put(WITHDRAWAL, {"reason": "本人要求撤下"})
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    other = place.manager.put(WITHDRAWAL, {"reason": "数字有误"})
    assert (other.status_code, other.get_json()["code"]) == (422, "already_voided")


def test_only_the_managers_of_the_village_withdraw(place: Place, roll: dict[str, Any]) -> None:
    for role in ("admin", "reviewer", "worker", "clerk", "supervisor", "viewer"):
        assert place.api.as_(role).put(WITHDRAWAL, {"reason": "误"}).status_code == 403
    stranger = place.api.as_("manager", of=OTHER)
    for village in (OTHER, place.manager.village):
        assert stranger.into(village).put(WITHDRAWAL, {"reason": "误"}).status_code == 404
    assert place.public(roll["public_url"]).status_code == 200


def test_what_was_published_cannot_be_changed_or_deleted(place: Place, roll: dict[str, Any]) -> None:
    for table in ("publication", "public_link"):
        for change in (f"UPDATE {table} SET token = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="append-only"):
                place.api.ground.run(change)


def test_all_villages_count_their_own_numbers(place: Place, roll: dict[str, Any]) -> None:
    other = place.publish(caller=place.api.as_("manager", of=OTHER)).get_json()
    assert (roll["number"], other["number"]) == ("2026-001", "2026-001")
    assert place.public(other["public_url"]).status_code == 200
