"""Names that exist in a village, so that generated calls get past 404 and 422 and reach the books."""

import re
from typing import Any, NamedTuple

from hypothesis import strategies as st

from pointshop.core import clock
from pointshop.core.ids import new_name
from tests.api import Api
from tests.faults.deeds import DEEDS, furnish, put, today
from tests.ground import HOME, OTHER
from tests.world import World

#: What a path value or a body field of this name may hold; of path values called `id` the segment before them decides.
Known = dict[str, list[Any]]
_VILLAGE = "/api/v1/villages/{v}"


#: Words that pass where the document can't say all that they must keep to.
_WORDS: Known = {
    **{name: ["张建国", "𠮷野家富"] for name in ("head", "name")},
    **{
        name: ["集中清扫", "个"]
        for name in ("note", "reason", "comment", "unit", "spec", "category", "per", "lane", "title")
    },
    **{name: [1, 2, 7] for name in ("quantity", "points", "group_no", "places", "notice_days")},
    "effective_from": [None],
    "member_id": [None],
    "password": ["门前大桥下 1986", "太短"],
    "role": ["worker", "clerk"],
    "phone": ["13800001234"],
    "contact": ["监督电话 0393-5261234"],
    "board": ["民生实事光荣榜"],
    "put": [f"merits/{new_name()}", f"merits/{new_name()}"],
}


class Village(NamedTuple):
    """bodies: path → one that goes through; `known_body` changes it."""

    api: Api
    known: Known
    bodies: dict[str, Any]


def settled(world: World, api: Api) -> Village:
    """A village with one of everything in it."""
    card = furnish(world, api)
    deeds = {name: DEEDS[name](api, card) for name in ("merit", "redemption", "honor roll", "review")}
    made = {name: deed.send(api).get_json() for name, deed in deeds.items() if name != "review"}
    # the merit of the review waits for it
    pending = deeds["review"].path.split("/")[2]
    token = made["honor roll"]["public_url"].rsplit("/", 1)[1]
    goods = put("clerk", "/stock-moves/{id}", product="P1", kind="write_off", quantity=1)
    goods.send(api)
    known: Known = {
        "v": [HOME],
        "village": [HOME],
        "region": [HOME, HOME[:6], OTHER],
        "parent": [HOME[:6], HOME[:9]],
        "rules": ["A1"],
        "products": ["P1", "P2"],
        "code": [card, "A1"],
        "regions": [HOME, HOME[:9], "41"],
        "number": ["0001", "0002", "0003"],
        "household": ["0001", "0002", "0003"],
        "rule": ["A1"],
        "product": ["P1", "P2"],
        "card": [card],
        "username": ["worker", "clerk"],
        "token": [token],
        "merits": [made["merit"]["id"], pending],
        "redemptions": [made["redemption"]["id"]],
        "honor-rolls": [made["honor roll"]["id"]],
        "publications": [made["honor roll"]["id"]],
        "stock-moves": [goods.path.rsplit("/", 1)[1]],
        "occurred_on": [today()],
        "period": [today()[:4], today()[:7]],
        "expected_points": [1, 2, 3],
        "file": ["honor_roll.css"],
    } | _WORDS
    return Village(api, known, _bodies(api, card))


def _bodies(api: Api, card: str) -> dict[str, Any]:
    names = ("merit", "batch", "redemption", "receipt of goods", "honor roll")
    deeds = [DEEDS[name](api, card) for name in names]
    found = {f"{_VILLAGE}{deed.path.rpartition('/')[0]}/{{id}}": deed.body for deed in deeds}
    merit = DEEDS["merit"](api, card)
    sync = {"device_now": clock.as_text(clock.now()), "operations": [{"put": merit.path[1:], "body": merit.body}]}
    return found | {f"{_VILLAGE}/sync": sync, f"{_VILLAGE}/settings": {"notice_days": 3}}


_PART = re.compile(r"(?P<before>[^/]*)/\{(?P<name>\w+)\}")


def known_path(known: Known, path: str) -> dict[str, Any]:
    """Path values that exist; for a photo, which is not among them, a new name."""
    return {name: known[kind][0] if kind in known else new_name() for name, kind in _kinds(path)}


def path_with_known(draw: st.DrawFn, known: Known, path: str, values: dict[str, Any]) -> dict[str, Any]:
    """Path values, most of them replaced by such that exist; one at the end, which a PUT may make, less often."""
    found = dict(values)
    for name, kind in _kinds(path):
        if kind in known and draw(st.integers(0, 9)) < (5 if path.endswith(f"/{{{name}}}") else 9):
            found[name] = draw(st.sampled_from(known[kind]))
    return found


def _kinds(path: str) -> list[tuple[str, str]]:
    """(name of a path value, what it names): an `id` or `code` is told by the word before it."""
    return [
        (part["name"], part["before"] if part["name"] in ("id", "code") else part["name"])
        for part in _PART.finditer(path)
    ]


def known_body(draw: st.DrawFn, village: Village, path: str, body: Any) -> Any:
    """The generated body with most values of known fields replaced by such that exist; or one that goes through, with
    one field of the generated one."""
    if path in village.bodies and isinstance(body, dict) and draw(st.booleans()):
        changed = draw(st.sampled_from(["", *body]))
        return village.bodies[path] | ({changed: body[changed]} if changed else {})
    return _with_known(draw, village.known, body)


def _with_known(draw: st.DrawFn, known: Known, body: Any) -> Any:
    if isinstance(body, list):
        return [_with_known(draw, known, item) for item in body]
    if not isinstance(body, dict):
        return body
    return {name: _value(draw, known, name, value) for name, value in body.items()}


def _value(draw: st.DrawFn, known: Known, name: str, value: Any) -> Any:
    if isinstance(value, list) and name == "merits":
        return draw(st.lists(st.sampled_from(known["merits"]), min_size=1, max_size=2))
    if name in known and isinstance(value, str | int | None) and draw(st.integers(0, 9)) < 8:
        return draw(st.sampled_from(known[name]))
    return _with_known(draw, known, value)
