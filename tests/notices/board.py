"""A village with a notice board, seen as its users see it."""

import io
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from PIL import Image
from sqlalchemy import update
from werkzeug.test import TestResponse

from pointshop.core.ids import new_name
from pointshop.merits.service import post_due
from pointshop.regions.models import Village
from tests.api import Api, Caller
from tests.ground import HOME
from tests.merits.deeds import logged, state_of
from tests.world import World

_FOUNDED = datetime(2026, 10, 31, 16, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"


def photo(shade: int = 120) -> bytes:
    """A picture of a wall; another shade is another picture."""
    out = io.BytesIO()
    Image.new("RGB", (32, 24), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


def photo_of(sheet: dict[str, Any]) -> bytes:
    """A picture of a wall on which a certain sheet hangs: no other sheet's picture is the same."""
    out = io.BytesIO()
    pixels = bytes(int(digit, 16) * 16 for digit in sheet["digest"] for _ in range(12))
    Image.frombytes("L", (32, 24), pixels).save(out, "PNG")
    return out.getvalue()


class Board:
    """Merits need a notice of seven days here."""

    def __init__(self, api: Api, world: World) -> None:
        self.api, self.world = api, world
        self.manager, self.supervisor, self.worker = (
            api.as_("manager"),
            api.as_("supervisor"),
            api.as_("worker"),
        )
        # the clock of these tests stands before the day on which the ground was laid
        founded = update(Village).where(Village.village_id == int(HOME)).values(founded_at=_FOUNDED)
        world.do(lambda work: work.write(founded))
        world.rule()
        world.households(3)
        world.settings(notice_days=7)

    def log(self, number: str = "0001", **more: Any) -> str:
        """A merit that waits for a notice; its name."""
        return logged(self.worker, number, **more)

    def publish(
        self, kind: str = "merit_notice", *, name: str | None = None, caller: Caller | None = None, **more: Any
    ) -> TestResponse:
        body = {"kind": kind, "contact": "0393-5261234", "office": "村委会一楼"} | more
        return (caller or self.manager).put(f"/publications/{name or new_name()}", body)

    def published(self, kind: str = "merit_notice", **more: Any) -> dict[str, Any]:
        answer = self.publish(kind, **more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def hang(
        self,
        sheet: dict[str, Any],
        *,
        on: date | str,
        name: str | None = None,
        place: str = "村务公开栏",
        picture: bytes | None = None,
        caller: Caller | None = None,
    ) -> TestResponse:
        return (caller or self.manager).put(
            f"/publications/{sheet['id']}/postings/{name or new_name()}",
            query={"place": place, "posted_on": str(on)},
            data=picture or photo_of(sheet),
            content_type="image/jpeg" if picture else "image/png",
        )

    def object(self, sheet: dict[str, Any], line: int | None, *, name: str | None = None, **more: Any) -> TestResponse:
        body = {"line": line, "words": "那天他没有来"} | more
        return self.manager.put(f"/publications/{sheet['id']}/objections/{name or new_name()}", body)

    def objected(self, sheet: dict[str, Any], line: int | None, **more: Any) -> str:
        answer = self.object(sheet, line, **more)
        assert answer.status_code == 201, answer.text
        found: str = answer.get_json()["id"]
        return found

    def objected_on_page(self, sheet: dict[str, Any], line: int) -> str:
        """An anonymous one, sent from the public page; its name."""
        name = new_name()
        form = {"id": name, "words": "那天他没有来", "line": str(line)}
        assert self.public(sheet["public_url"] + "/objection", method="POST", data=form).status_code == 303
        return name

    def decide(
        self, objection: str, decision: str, reason: str = "经查属实", *, by: Caller | None = None
    ) -> TestResponse:
        body = {"decision": decision, "reason": reason}
        return (by or self.supervisor).put(f"/objections/{objection}/decision", body)

    def state(self, merit: str) -> str:
        return state_of(self.manager, merit)

    def post_due(self) -> int:
        return self.world.do(partial(post_due, village_id=int(HOME)))

    def public(self, path: str, **options: Any) -> TestResponse:
        """What a browser without a login gets."""
        return self.api.ground.app.test_client().open(path.removeprefix(SITE), **options)

    def state_of_objection(self, objection: str) -> str:
        found: str = next(
            each["state"] for each in self.supervisor.get("/objections").get_json()["items"] if each["id"] == objection
        )
        return found
