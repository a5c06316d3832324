"""Who may do what: roles on regions, permissions on routes. Deny by default.

A role counts in its own region; `admin` and `viewer` also count in every region below. So a clerk of the county is no
clerk of a village (threats.md C06), and a new route works for nobody until it names a permission of this table.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from pointshop.core.errors import Forbidden, NotFound

Role = Literal["admin", "manager", "reviewer", "worker", "clerk", "supervisor", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)
_REACH_DOWN = frozenset({"admin", "viewer"})

_STAFF: frozenset[str] = frozenset({"manager", "reviewer", "worker", "clerk", "supervisor", "admin"})
_BOOKS: frozenset[str] = _STAFF
_OFFICE: frozenset[str] = frozenset({"manager", "admin"})

#: permission → roles that hold it. `*` stands for anyone signed in.
PERMISSIONS: dict[str, frozenset[str]] = {
    "session.own": frozenset({"*"}),
    "region.read": frozenset({"*"}),
    "region.write": frozenset({"admin"}),
    "region.rankings": frozenset({"admin", "viewer", "manager", "supervisor"}),
    "user.read": _OFFICE,
    "user.write": _OFFICE,
    "user.history": _OFFICE | {"supervisor"},
    "settings.read": _STAFF | {"viewer"},
    "settings.write": _OFFICE,
    "people.read": _STAFF,
    "people.phone": frozenset({"manager", "worker", "admin"}),
    "people.write": _OFFICE,
    "household.change": frozenset({"manager"}),
    "subject.read": _OFFICE,
    "subject.erase": _OFFICE,
    "card.issue": _OFFICE,
    "card.print": _OFFICE,
    "tie.read": frozenset({"manager", "supervisor", "admin"}),
    "tie.write": frozenset({"manager", "supervisor", "admin"}),
    "pin.set": frozenset({"clerk", "manager"}),
    "pin.reset": frozenset({"manager"}),
    "pin.read": frozenset({"manager", "supervisor", "admin"}),
    "rule.read": _STAFF,
    "rule.write": _OFFICE,
    "merit.read": _STAFF - {"clerk"},
    "merit.log": frozenset({"worker", "manager"}),
    # the county signs what touches the staff's own families, and nothing else
    "merit.review": frozenset({"reviewer", "manager", "admin"}),
    "merit.reverse": frozenset({"manager"}),
    "anomaly.read": frozenset({"manager", "supervisor", "admin"}),
    "adjustment.propose": frozenset({"manager"}),
    "adjustment.decide": frozenset({"reviewer", "supervisor", "manager"}),
    "adjustment.read": frozenset({"manager", "reviewer", "supervisor", "admin"}),
    "inspection.run": frozenset({"supervisor", "manager"}),
    "inspection.read": frozenset({"supervisor", "manager", "reviewer", "admin"}),
    "closing.decide": _OFFICE,
    "closing.close": frozenset({"manager"}),
    "closing.read": _STAFF - {"clerk"},
    "evaluation.run": frozenset({"manager"}),
    # anew not by whoever printed the slip before; where all belong to a nominee, the county
    "evaluation.issue": frozenset({"manager", "supervisor", "admin"}),
    # not by whoever set the round up
    "evaluation.draw": frozenset({"manager", "supervisor"}),
    "evaluation.enter": frozenset({"manager", "supervisor", "reviewer", "worker"}),
    # whoever belongs to a nominee steps aside; then another manager closes, or the county
    "evaluation.close": frozenset({"manager", "admin"}),
    "evaluation.read": _STAFF - {"clerk"},
    "evaluation.roll": frozenset({"manager", "supervisor"}),
    # what each judge said
    "evaluation.ballots": frozenset({"supervisor"}),
    "veto.write": frozenset({"manager"}),
    "veto.appeal": frozenset({"manager", "supervisor", "reviewer"}),
    "veto.decide": frozenset({"supervisor", "manager"}),
    "veto.read": frozenset({"manager", "supervisor", "reviewer", "admin"}),
    "reminder.write": frozenset({"worker", "manager"}),
    "reminder.read": frozenset({"worker", "manager", "supervisor", "admin"}),
    "passbook.read": _BOOKS,
    "product.read": _STAFF,
    "product.write": _OFFICE,
    "stock.move": frozenset({"clerk", "manager"}),
    "stock.read": _STAFF,
    "stocktake.run": frozenset({"manager"}),
    "stocktake.count": frozenset({"clerk", "manager", "supervisor"}),
    "stocktake.read": frozenset({"clerk", "manager", "supervisor", "reviewer", "admin"}),
    "delivery.mark": frozenset({"clerk", "manager"}),
    "delivery.confirm": frozenset({"clerk", "worker", "manager", "supervisor"}),
    "wish.record": frozenset({"clerk", "worker", "manager"}),
    "wish.read": _STAFF,
    "fund.write": frozenset({"manager"}),
    "fund.read": frozenset({"manager", "reviewer", "supervisor", "admin"}),
    # whoever logs or signs merits may see beforehand what the points stand on
    "budget.read": _STAFF - {"clerk"},
    "shop.scan": frozenset({"clerk", "manager"}),
    "shop.redeem": frozenset({"clerk", "manager"}),
    "shop.redeem_slip": frozenset({"manager"}),
    "shop.void": frozenset({"clerk", "manager"}),
    "shop.void_late": frozenset({"manager"}),
    "redemption.read": frozenset({"clerk", "manager", "supervisor", "reviewer", "admin"}),
    "event.plan": frozenset({"worker", "manager"}),
    "event.sign": frozenset({"worker", "manager"}),
    # what it posts is what the grid allows, as for any batch
    "event.close": frozenset({"worker", "manager"}),
    "event.read": _STAFF - {"clerk"},
    "gift.give": frozenset({"clerk", "manager"}),
    "gift.give_slip": frozenset({"manager"}),
    "gift.reverse": frozenset({"manager"}),
    "gift.read": frozenset({"clerk", "manager", "supervisor", "reviewer", "admin"}),
    "refusal.read": frozenset({"manager", "supervisor", "admin"}),
    "ranking.read": _STAFF | {"viewer"},
    "roll.read": _STAFF | {"viewer"},
    "roll.publish": frozenset({"manager"}),
    "notice.read": _STAFF | {"viewer"},
    "notice.publish": frozenset({"manager"}),
    "notice.hang": frozenset({"manager", "worker"}),
    "objection.read": frozenset({"manager", "supervisor", "admin"}),
    "objection.record": frozenset({"manager", "supervisor"}),
    # whoever it is about steps back; then another supervisor decides, or the county
    "objection.decide": frozenset({"supervisor", "admin"}),
    "sync.send": frozenset({"worker", "manager"}),
}


@dataclass(frozen=True, slots=True)
class GridCell:
    """One patch of a worker's grid (网格): a group, or one lane of it."""

    group_no: int
    lane: str | None

    def holds(self, group_no: int | None, lane: str | None) -> bool:
        return self.group_no == group_no and self.lane in (None, lane)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on a region; grid: for a worker, where; empty means the whole village."""

    role: str
    region: str
    path: str
    grid: tuple[GridCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in user (or the system itself) as this request finds it in the database."""

    user_id: int
    username: str
    name: str
    grants: tuple[Grant, ...]
    #: the token's digest; empty for the system
    session: str = ""

    def stands_above(self, path: str) -> bool:
        """Whether the actor governs a region of which the one of `path` is a part."""
        return any(grant.role == "admin" and grant.path != path for grant in self.grants_at(path))

    def covers(self, path: str) -> bool:
        """Whether any grant reaches the region of `path` from above or is on it."""
        return any(path.startswith(grant.path) for grant in self.grants)

    def grants_at(self, path: str) -> list[Grant]:
        """The grants that count in the region of `path`."""
        return [
            grant
            for grant in self.grants
            if grant.path == path or (grant.role in _REACH_DOWN and path.startswith(grant.path))
        ]

    def may(self, permission: str, path: str) -> bool:
        allowed = PERMISSIONS[permission]
        return "*" in allowed or any(grant.role in allowed for grant in self.grants_at(path))


def require(actor: Actor, permission: str, path: str | None) -> None:
    """Let pass, or raise: NotFound where the actor has no business at all, Forbidden where only this is not theirs.

    path: the region acted in; None where the route itself looks for a region later or needs none.
    """
    if path is None:
        allowed = PERMISSIONS[permission]
        if "*" not in allowed and not any(grant.role in allowed for grant in actor.grants):
            raise Forbidden()
        return
    if not actor.covers(path):
        raise NotFound()
    if not actor.may(permission, path):
        raise Forbidden()


def grid_of(actor: Actor, path: str) -> tuple[GridCell, ...] | None:
    """Where in a village the actor may log merits: cells, () for nowhere, None for everywhere."""
    cells: list[GridCell] = []
    for grant in actor.grants_at(path):
        if grant.role == "manager" or (grant.role == "worker" and not grant.grid):
            return None
        if grant.role == "worker":
            cells.extend(grant.grid)
    return tuple(cells)
