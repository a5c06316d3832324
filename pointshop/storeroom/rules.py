"""When two counts of one product are one. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Found(NamedTuple):
    """What somebody counted, and what the book said at that instant."""

    round: int
    place: int
    actor_id: int
    counted_at: datetime
    quantity: int
    book: int
    agrees: bool | None

    @property
    def difference(self) -> int:
        return self.quantity - self.book


def is_settled(counts: Sequence[Found]) -> bool:
    """Whether two found the same. counts: of one product, in order."""
    return bool(counts) and counts[-1].agrees is True


def next_place(counts: Sequence[Found]) -> tuple[int, int]:
    """(round, place) of the next count: second to one that stands alone, else first of a new round."""
    if not counts:
        return 1, 1
    last = counts[-1]
    return (last.round, 2) if last.place == 1 else (last.round + 1, 1)


def agree(first: Found, second: Found, *, on_hand: int, counted_since: bool) -> bool:
    """Whether the second found what the first did.

    Sales between the two change what is there, so the differences from the book are compared, each of its instant.
    on_hand: what the book says now, which cannot become less than nothing. counted_since: a count was posted after
    the first looked; then it has set right what the first saw, and both have to look again.
    """
    return first.difference == second.difference and on_hand + second.difference >= 0 and not counted_since


def state_of(counts: Sequence[Found]) -> str:
    """open: nobody has counted; counted: one has; agreed; differs: both have to count again."""
    if not counts:
        return "open"
    last = counts[-1]
    if last.place == 1:
        return "counted"
    return "agreed" if last.agrees else "differs"
