"""Whatever households do, in whatever order and however often it is sent: no point is made or lost (B18)."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointshop.core.ids import derived_name
from tests.api import Api, Caller
from tests.books import violations
from tests.ground import HOME, OTHER, Ground
from tests.world import World

_AT_FIRST = {"0001": 100, "0002": 35, "0003": 0}
_VILLAGES = (HOME, OTHER)
_GROWN = {"birth_year": 1990, "party_member": False, "volunteer": False, "name_consent": None}
_MEMBERS: list[dict[str, Any]] = [_GROWN | {"name": name} for name in ("张小军", "张小红", "张小明")]
#: (what, in which village, which household of those that ever were, and of which other, how many points)
_steps = st.lists(
    st.tuples(
        st.sampled_from(["split", "merge", "depart", "arrive", "head"]),
        st.sampled_from(_VILLAGES),
        st.integers(0, 30),
        st.integers(0, 30),
        st.integers(0, 60),
    ),
    max_size=14,
)


class Story:
    """Tells steps to the service, each twice as a phone without signal does, and remembers papers under way."""

    def __init__(self, ground: Ground) -> None:
        ground.renew()
        self.api, self.world = Api(ground), World(ground.app)
        self.numbers = {village: list(_AT_FIRST) for village in _VILLAGES}
        self.papers: list[tuple[str, str, int]] = []
        self.told = 0
        for village in _VILLAGES:
            for number, points in _AT_FIRST.items():
                self.world.of(village).household(number, points=points, members=_MEMBERS)

    def tell(self, what: str, village: str, one: int, other: int, points: int) -> None:
        caller, numbers = self.api.as_("manager", of=village), self.numbers[village]
        household, second = numbers[one % len(numbers)], numbers[other % len(numbers)]
        new = {"number": f"9{self.told:03d}", "head": "新户主", "group_no": 1}
        if what == "split":
            members = [each["id"] for each in caller.get(f"/households/{household}").get_json()["members"]]
            asked = {"household": household, "points": points, "members": members}
            if self.send(caller, "household-splits", new | asked):
                numbers.append(new["number"])  # type: ignore[arg-type]
        elif what == "merge":
            self.send(caller, "household-merges", {"household": household, "into": second})
        elif what == "head":
            self.send(caller, "head-changes", {"household": household, "head": "继任户主"})
        elif what == "depart":
            to = _VILLAGES[village == HOME]
            left = self.send(caller, "household-departures", {"household": household, "to_village": to})
            if left:
                self.papers.append((to, left["handover"], left["points"]))
        elif self.papers:
            to, paper, carried = self.papers.pop(one % len(self.papers))
            asked = {"handover": paper, "members": _MEMBERS}
            came = self.send(self.api.as_("manager", of=to), "household-arrivals", new | asked)
            assert came["points"] == carried
            self.numbers[to].append(new["number"])  # type: ignore[arg-type]

    def send(self, caller: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What was answered to a success; empty for a refusal."""
        self.told += 1
        name = derived_name("story", self.told)
        first, again = (caller.put(f"/{path}/{name}", body) for _ in range(2))
        if first.status_code == 422:
            assert again.status_code == 422
            return {}
        assert (first.status_code, again.status_code, again.data) == (201, 200, first.data), first.text
        found: dict[str, Any] = first.get_json()
        return found

    def points(self) -> int:
        """In all purses of both villages and on all papers under way."""
        purses = [self.world.of(village).balance(number) for village in _VILLAGES for number in self.numbers[village]]
        return sum(purses) + sum(carried for _, _, carried in self.papers)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=_steps)
def test_any_history_keeps_the_sum(ground: Ground, steps: list[tuple[str, str, int, int, int]]) -> None:
    story = Story(ground)
    for step in steps:
        story.tell(*step)
        assert story.points() == 2 * sum(_AT_FIRST.values()), step
    assert story.world.see(violations) == {}


def test_a_long_life_keeps_the_sum(ground: Ground) -> None:
    """Every kind of change at least once, so that a quiet day of hypothesis proves something too."""
    story = Story(ground)
    life = [
        ("split", HOME, 0, 0, 40),
        ("depart", HOME, 3, 0, 0),
        ("merge", HOME, 0, 1, 0),
        ("arrive", OTHER, 0, 0, 0),
        ("split", OTHER, 3, 0, 15),
        ("head", OTHER, 0, 0, 0),
        ("merge", OTHER, 3, 2, 0),
        ("depart", OTHER, 2, 0, 0),
        ("arrive", HOME, 0, 0, 0),
    ]
    for step in life:
        story.tell(*step)
        assert story.points() == 2 * sum(_AT_FIRST.values()), step
        assert story.world.see(violations) == {}, step
    assert not story.papers and story.told == len(life)
