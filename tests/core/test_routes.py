"""What holds for every route: methods, media types, names in paths."""

import pytest

from tests.api import Api
from tests.ground import HOME, OTHER
from tests.together import outcome

_HOUSEHOLDS = f"/api/v1/villages/{HOME}/households"
_NAME = "018f6f2e-0000-7000-8000-000000000001"


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "DELETE", "PUT", "POST", "PATCH", "PROPFIND"])
def test_a_method_that_is_not_there_is_405_and_names_those_that_are(api: Api, method: str) -> None:
    answer = api.as_("manager").call(method, "/households")
    assert outcome(answer) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_a_preflight_of_another_site_gets_no_leave(api: Api) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    answer = api.as_("manager").call("OPTIONS", f"/merits/{_NAME}", headers=headers)
    assert outcome(answer) == (405, "method_not_allowed")
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_method_in_a_header_or_a_query_is_overlooked(api: Api) -> None:
    for options in ({"headers": {"X-HTTP-Method-Override": "DELETE"}}, {"headers": {"X-Method-Override": "PUT"}}):
        assert api.as_("manager").get("/households", **options).status_code == 200
    assert outcome(api.as_("manager").get("/households", query={"_method": "DELETE"})) == (422, "validation")


def test_head_is_get_without_a_body(api: Api) -> None:
    for path in ("/households", "/households/none", "/settings"):
        head, get = api.as_("manager").call("HEAD", path), api.as_("manager").get(path)
        assert (head.status_code, head.data) == (get.status_code, b"")
        assert head.headers["Content-Type"] == get.headers["Content-Type"]
        assert head.headers.get("ETag") == get.headers.get("ETag")
    assert api.stranger.call("HEAD", "/households").status_code == 401


@pytest.mark.parametrize(
    "media",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/vnd.api+json",
        "application/json; charset=gbk",
        "application/json; charset=utf-16",
        "application/jsonx",
        "",
    ],
)
def test_only_json_in_utf_8_is_read(api: Api, media: str) -> None:
    body = b'{"head": "x", "group_no": 1}'
    answer = api.as_("manager").call("PUT", "/households/0001", data=body, content_type=media)
    assert outcome(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "media", ["application/json", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"']
)
def test_json_may_say_that_it_is_utf_8(api: Api, media: str) -> None:
    body = '{"head": "张三", "group_no": 1}'.encode()
    assert api.as_("manager").call("PUT", "/households/0001", data=body, content_type=media).status_code == 201


def test_a_compressed_body_is_refused(api: Api) -> None:
    answer = api.as_("manager").put("/households/0001", {}, headers={"Content-Encoding": "gzip"})
    assert outcome(answer) == (415, "unsupported_media_type")


def test_a_body_over_a_megabyte_is_refused(api: Api) -> None:
    body = b'{"head":"' + b"x" * 1024 * 1024 + b'"}'
    answer = api.as_("manager").call("PUT", "/households/0001", data=body, content_type="application/json")
    assert outcome(answer) == (413, "too_large")


@pytest.mark.parametrize("body", ["null", '"x"', "[]", "1", "true"])
def test_a_body_that_is_no_object_is_refused(api: Api, body: str) -> None:
    answer = api.as_("manager").call("PUT", "/households/0001", data=body, content_type="application/json")
    assert outcome(answer) == (422, "validation")


@pytest.mark.parametrize(
    "name",
    [
        _NAME.upper(),
        _NAME.replace("-", ""),
        "{" + _NAME + "}",
        f"urn:uuid:{_NAME}",
        _NAME.replace("-7", "-1"),
        _NAME.replace("-8000-", "-c000-"),
        _NAME + "0",
        "0",
        "-1",
        "1 OR 1",
        "..%2f..%2fetc%2fpasswd",
    ],
)
def test_a_name_that_is_no_client_made_uuid_is_not_there(api: Api, name: str) -> None:
    assert outcome(api.as_("manager").get(f"/merits/{name}")) == (404, "not_found")
    assert outcome(api.as_("worker").put(f"/merits/{name}", {})) == (404, "not_found")


@pytest.mark.parametrize("path", ["/households/%00", "/households/a%00b", "/rules/%00"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_path_with_nul_leads_nowhere(api: Api, method: str, path: str) -> None:
    body = {"head": "张三", "group_no": 1} if method == "PUT" else None
    assert api.as_("manager").call(method, path, body).status_code in (404, 405)


@pytest.mark.parametrize(
    "path", ["/households/%ff", "/households/%ed%a0%80", "/households/'%20OR%201=1", "/households/%25"]
)
def test_a_strange_number_is_not_there(api: Api, path: str) -> None:
    assert outcome(api.as_("manager").get(path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422),
        ("limit=201", 422),
        ("limit=-1", 422),
        ("limit=NaN", 422),
        ("limit=1.0", 422),
        ("limit=%EF%BC%95", 422),
        ("limit=5&limit=6", 422),
        ("limit=", 422),
        ("sort=head;DROP", 422),
        ("page=2", 422),
        ("after=x", 422),
        ("after=%00", 422),
        ("after=" + "A" * 401, 422),
        ("after=WyJcdWQ4MDAiXQ", 422),
        ("after=WzEsMl0", 422),
        ("limit=200", 200),
    ],
)
def test_a_query_is_checked_like_a_body(api: Api, query: str, status: int) -> None:
    assert api.as_("manager").get("/households", query=query).status_code == status


def test_another_village_and_no_village_look_the_same(api: Api) -> None:
    def told(village: str) -> dict[str, object]:
        document: dict[str, object] = api.as_("manager").into(village).get("/households").get_json()
        return {key: value for key, value in document.items() if key != "instance"}

    assert told(OTHER) == told("410926100299") == told("999999999999")
    assert outcome(api.as_("manager").get(_HOUSEHOLDS.replace(HOME, "4109261002011"))) == (404, "not_found")
