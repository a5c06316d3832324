"""The notice board of the demonstration: what hangs there, since when, and what was said against it."""

import io
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from PIL import Image, ImageDraw

from pointshop.cli.demo.desk import Desk, Happening
from pointshop.cli.demo.season import Season, at_clock
from pointshop.cli.demo.staff import MANAGER, SUPERVISOR
from pointshop.config import current_config
from pointshop.core.db import reading, unit_of_work
from pointshop.core.ids import derived_name
from pointshop.core.periods import month_key
from pointshop.core.work import Work
from pointshop.merits.photo_store import PhotoStore
from pointshop.merits.photos import normalise_photo
from pointshop.notices.hanging import Hung, record_posting
from pointshop.notices.merit_lines import waiting_merits
from pointshop.publishing.kinds import GOODS, LEDGER, MERIT_NOTICE, REDEMPTIONS
from pointshop.publishing.queries import get_publication

_WHERE = {"contact": "0399-5550110", "office": "村委会一楼村务监督委员会"}
_BOARD = "村委会门前村务公开栏"
#: Wednesday and Saturday, the mornings after the signings.
_NOTICE_DAYS = (3, 6)
_DOUBTED = 3
_DISCLOSED_ON = 5
_DISCLOSURES = (LEDGER.name, REDEMPTIONS.name, GOODS.name)


class Board:
    """What the office has hung so far."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.notices: list[dict[str, Any]] = []
        self._is_doubted = False

    def post_notice(self) -> None:
        """Print what waits, and hang it at once."""
        if waiting_merits(reading(), self._desk.village.id):
            sheet = self._publish({"kind": MERIT_NOTICE.name})
            self.notices.append(sheet)
            self._hang(sheet)

    def disclose(self, month: str, *, is_hung: bool) -> None:
        """The month's three disclosures; one was printed and forgotten on the desk if not `is_hung`."""
        for kind in _DISCLOSURES:
            sheet = self._publish({"kind": kind, "period": month})
            if is_hung or kind != GOODS.name:
                self._hang(sheet)

    def doubt_once(self) -> None:
        """On the evening of the third notice somebody doubts a line of it; the supervisor looks into it at once."""
        if len(self.notices) != _DOUBTED or self._is_doubted:
            return
        self._is_doubted = True
        line = min(2, self.notices[-1]["lines"])
        said = {"line": line, "words": "那天早上好像没看见他家的人。"}
        objection = self._desk.send(MANAGER, "objection", said, publication=self.notices[-1]["id"])
        reason = {"decision": "dismiss", "reason": "查了签到表和现场照片，确有参加，维持原公示"}
        self._desk.send(SUPERVISOR, "decision", reason, id=objection["id"])

    def _publish(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return self._desk.send(MANAGER, "publication", wanted | _WHERE)

    def _hang(self, sheet: dict[str, Any]) -> None:
        picture = normalise_photo(_photo(sheet["number"]))
        PhotoStore(current_config().data_dir).keep(picture.sha256, picture.data)
        village_id, actor = self._desk.village.id, self._desk.staff[MANAGER]

        def step(work: Work) -> None:
            row = get_publication(work, village_id, sheet["id"])
            name = derived_name(sheet["id"], "posting")
            hung = Hung(_BOARD, work.today)
            record_posting(work, village_id, row, name, hung, picture, actor_id=actor.user_id)

        unit_of_work(step)


def notices(board: Board, season: Season) -> Iterator[Happening]:
    """Twice a week what was signed goes on the wall, and once somebody objects."""
    for day in season.days():
        hung_at = at_clock(day, 8, 30)
        if day > season.noticed_from and day.isoweekday() in _NOTICE_DAYS and season.has_come(hung_at):
            yield Happening(hung_at, board.post_notice)
        if day > season.noticed_from and day.isoweekday() in _NOTICE_DAYS and season.has_come(at_clock(day, 19)):
            yield Happening(at_clock(day, 19), board.doubt_once)


def disclosures(board: Board, season: Season) -> Iterator[Happening]:
    """On the fifth the books of the month before are disclosed; one of the newest sheets was printed and forgotten."""
    days = [at_clock(day, 15) for day in season.days() if day.day == _DISCLOSED_ON]
    past = [at for at in days if season.has_come(at)]
    for at in past:
        month = month_key(at.date().replace(day=1) - timedelta(days=1))
        yield Happening(at, partial(board.disclose, month, is_hung=at != past[-1]))


def _photo(words: str) -> bytes:
    """A drawing in place of a photo: a sheet on a red board."""
    picture = Image.new("RGB", (480, 360), (150, 40, 36))
    paper = ImageDraw.Draw(picture)
    paper.rectangle((150, 40, 330, 320), fill=(250, 248, 240))
    for top in range(70, 290, 14):
        paper.line((170, top, 310, top), fill=(120, 110, 100), width=2)
    paper.text((205, 296), words, fill=(60, 50, 40))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()
