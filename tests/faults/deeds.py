"""One of everything that changes the books, as a client asks for it."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from werkzeug.test import TestResponse

from pointshop.core.clock import as_text, now, village_day
from pointshop.core.ids import new_name
from tests.api import Api
from tests.closing.periods import decide, last_quarter
from tests.evaluation.rounds import codes as slips_of
from tests.evaluation.rounds import make as make_evaluation
from tests.evaluation.rounds import vote
from tests.ground import HOME, OTHER
from tests.world import World


class Deed(NamedTuple):
    """A call that may be sent again until it is answered."""

    role: str
    method: str
    path: str
    body: Any = None
    upload: bytes | None = None

    def send(self, api: Api) -> TestResponse:
        """The answer, a 5xx too."""
        caller = api.as_(self.role)
        options: dict[str, Any] = {"json": self.body} if self.upload is None else {"data": self._form()}
        return caller.app.test_client().open(
            f"/api/v1/villages/{HOME}{self.path}",
            method=self.method,
            headers={"Authorization": f"Bearer {caller.token}"},
            **options,
        )

    def _form(self) -> dict[str, Any]:
        return {"file": (io.BytesIO(self.upload or b""), "户名册.csv")}


def put(role: str, path: str, **body: Any) -> Deed:
    """`{id}` in the path is a new name."""
    return Deed(role, "PUT", path.replace("{id}", new_name()), body)


SHEET = "户编号,户主,小组,成员,期初积分\n" + "".join(f"0{n}00,张建国,1,李秀英,{n}\n" for n in range(1, 4))


def today() -> str:
    return village_day(now()).isoformat()


def _sold(api: Api, card: str) -> str:
    """A redemption that went through; its path."""
    deed = _redemption(card)
    answer = deed.send(api)
    assert answer.status_code == 201, answer.text
    return deed.path


def _logged(api: Api) -> str:
    deed = _merit()
    answer = deed.send(api)
    assert answer.status_code == 201, answer.text
    return deed.path


def _merit() -> Deed:
    return put("worker", "/merits/{id}", rule="A1", household="0001", occurred_on=today(), note=new_name())


def _redemption(card: str) -> Deed:
    lines = [{"product": code, "quantity": 1} for code in ("P1", "P2")]
    return put("clerk", "/redemptions/{id}", card=card, lines=lines, expected_points=2)


def _redemption_by_pin(api: Api, card: str) -> Deed:
    """After a wrong PIN, which the right one forgives."""
    World(api.ground.app).settings(pin_above_points=0)
    assert put("manager", "/households/0001/pins/{id}", card=card, pin="308472").send(api).status_code == 201
    deed = _redemption(card)
    assert deed._replace(body=deed.body | {"pin": "308471"}).send(api).status_code == 422
    return deed._replace(body=deed.body | {"pin": "308472"})


def _batch() -> Deed:
    lines = [{"household": number} for number in ("0002", "0001", "0003")]
    return put("worker", "/merit-batches/{id}", rule="A1", occurred_on=today(), note=new_name(), lines=lines)


def _review(api: Api) -> Deed:
    World(api.ground.app).settings(review_levels=1)
    return put("reviewer", _logged(api) + "/review", decision="approve")


def _adjustment(api: Api) -> Deed:
    asked = put("manager", "/adjustments/{id}", household="0001", points=-3, reason="wrong_points", note="多记了")
    assert asked.send(api).status_code == 201
    return put("reviewer", asked.path + "/decision", decision="approve")


def _closing(api: Api) -> Deed:
    """Of the first of the last two quarters that is not closed, in which household 0001 earned something."""
    is_second = bool(api.as_("manager").get("/closings").get_json()["items"])
    period, last = last_quarter(back=0 if is_second else 1)
    World(api.ground.app).settings(backdate_days=366)
    deed = put("worker", "/merits/{id}", rule="A1", household="0001", occurred_on=last.isoformat(), note=new_name())
    answer = deed.send(api)
    assert answer.status_code == 201, answer.text
    decide(api, cycle="quarter")
    return put("manager", "/closings/{id}", period=period, notice_days=7, contact="村委会")


def _evaluation(api: Api) -> Deed:
    """A round in which all three households voted for each other, to be closed."""
    name = make_evaluation(api, quorum=3, awards=[{"rule": "A1", "first": 1, "last": 3}])
    for number, code in slips_of(api, name).items():
        assert vote(api, code, 1 if number != "0001" else 2).status_code == 201
    return put("manager", "/evaluation-results/{id}", evaluation=name, contact="村委会", office="村委会")


def _new_number() -> dict[str, Any]:
    return {"number": "N" + new_name()[-12:], "head": "张小军", "group_no": 1}


def _departed(api: Api) -> str:
    """A household that has just left the other village for this one; the document it took along."""
    there = World(api.ground.app).of(OTHER)
    number = _new_number()["number"]
    there.household(number, points=9)
    path = f"/household-departures/{new_name()}"
    left = api.as_("manager", of=OTHER).put(path, {"household": number, "to_village": HOME})
    assert left.status_code == 201
    handover: str = left.get_json()["handover"]
    return handover


def _leaving(api: Api) -> str:
    """A household with points that may leave."""
    number: str = _new_number()["number"]
    World(api.ground.app).household(number, points=9)
    return number


def _split(api: Api) -> Deed:
    number: str = _new_number()["number"]
    son: dict[str, Any] = {"name": "张小军", "birth_year": None, "party_member": False, "volunteer": False}
    World(api.ground.app).household(number, points=9, members=[son | {"name_consent": None}])
    going = [each["id"] for each in api.as_("manager").get(f"/households/{number}").get_json()["members"]]
    return put("manager", "/household-splits/{id}", household=number, points=3, members=going, **_new_number())


def _event(api: Api) -> Deed:
    """The closing of an event at which two households were for an hour."""
    begin = now() - timedelta(hours=2)
    day = {"from_at": as_text(begin), "until_at": as_text(begin + timedelta(hours=1))}
    planned = put("worker", "/events/{id}", title=new_name(), place="村口", rule="A1", unit_minutes=30, **day)
    assert planned.send(api).status_code == 201
    lines = [{"household": number} for number in ("0002", "0001")]
    assert put("worker", planned.path + "/paper-lists/{id}", lines=lines).send(api).status_code == 201
    return put("worker", planned.path + "/closings/{id}", without_own=False)


def _gift(api: Api) -> Deed:
    World(api.ground.app).settings(gift_points_given=500, gift_points_received=500)
    body = {"household": "0001", "to_household": "0002", "points": 1, "occurred_on": today(), "note": new_name()}
    return put("manager", "/gifts/{id}", **body)


def _gift_taken_back(api: Api) -> Deed:
    deed = _gift(api)
    answer = deed.send(api)
    assert answer.status_code == 201, answer.text
    return put("manager", deed.path + "/reversal", reason="写错了户")


def _move(kind: str, quantity: int) -> Deed:
    return put("clerk", "/stock-moves/{id}", product="P1", kind=kind, quantity=quantity)


def _roll(api: Api) -> Deed:
    _logged(api)
    return put(
        "manager",
        "/honor-rolls/{id}",
        title="光荣榜",
        period=today()[:4],
        subject="household",
        places=10,
        board="民生实事光荣榜",
        notice_days=7,
        contact="监督电话 0393-5261234",
    )


#: name → how to prepare and ask for it, given the card of household 0001
DEEDS: dict[str, Callable[[Api, str], Deed]] = {
    "merit": lambda api, card: _merit(),
    "batch": lambda api, card: _batch(),
    "review": lambda api, card: _review(api),
    "reversal": lambda api, card: put("manager", _logged(api) + "/reversal", reason="记错了"),
    "redemption": lambda api, card: _redemption(card),
    "void": lambda api, card: put("clerk", _sold(api, card) + "/void", reason="拿错了"),
    "adjustment": lambda api, card: _adjustment(api),
    "closing": lambda api, card: _closing(api),
    "evaluation": lambda api, card: _evaluation(api),
    "split": lambda api, card: _split(api),
    "merge": lambda api, card: put("manager", "/household-merges/{id}", household=_leaving(api), into="0001"),
    "departure": lambda api, card: put(
        "manager", "/household-departures/{id}", household=_leaving(api), to_village=OTHER
    ),
    "arrival": lambda api, card: put("manager", "/household-arrivals/{id}", handover=_departed(api), **_new_number()),
    "event": lambda api, card: _event(api),
    "gift": lambda api, card: _gift(api),
    "gift taken back": lambda api, card: _gift_taken_back(api),
    "receipt of goods": lambda api, card: _move("receive", 5),
    "stocktake": lambda api, card: _move("count", 900),
    "scan": lambda api, card: Deed("clerk", "POST", "/scans", {"code": card}),
    "card": lambda api, card: put("manager", "/households/0001/cards/{id}"),
    "pin": lambda api, card: put("manager", "/households/0001/pins/{id}", card=card, pin="308472"),
    "redemption by PIN": lambda api, card: _redemption_by_pin(api, card),
    "import": lambda api, card: Deed("manager", "POST", "/imports/households", upload=SHEET.encode()),
    "honor roll": lambda api, card: _roll(api),
}
#: those that a client may send again under their name
NAMED = [name for name in DEEDS if name not in ("scan", "import")]


def furnish(world: World, api: Api) -> str:
    """Three households, a rule and two products with goods; the card of household 0001."""
    world.households(3, points=500)
    world.rule()
    card = world.card("0001")
    for code in ("P1", "P2"):
        product = {"name": f"商品{code}", "unit": "个", "points": 1}
        assert api.as_("manager").put(f"/products/{code}", product).status_code == 201
        goods = put("clerk", "/stock-moves/{id}", product=code, kind="receive", quantity=1000)
        assert goods.send(api).status_code == 201
    return card
