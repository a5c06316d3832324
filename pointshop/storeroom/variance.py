"""What a stocktake came to (盘点差异), as data and as a sheet for the office."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pointshop.core.clock import VILLAGE_TIME
from pointshop.core.work import Work
from pointshop.publishing.dates import civil_date
from pointshop.publishing.pages import environment
from pointshop.storeroom import queries
from pointshop.storeroom.queries import CountRow, StocktakeRow
from pointshop.storeroom.rules import state_of


class Variance(NamedTuple):
    """One product's line. Figures of a round that only one has counted are nobody's to see."""

    product: str
    name: str
    unit: str
    state: str
    counted_by: list[str]
    differences: list[int]
    book: int | None
    counted: int | None
    difference: int | None
    value_fen: int | None


def variances(work: Work, village_id: int, stocktake: str) -> list[Variance]:
    """Every product of a stocktake, by code."""
    counts = queries.counts_of(work, village_id, stocktake)
    return [
        _variance(code, name, unit, counts.get(code, []))
        for code, name, unit in queries.products_of(work, village_id, stocktake)
    ]


def total_fen(lines: Sequence[Variance]) -> int:
    return sum(line.value_fen or 0 for line in lines)


def _variance(code: str, name: str, unit: str, counts: Sequence[CountRow]) -> Variance:
    state = state_of([row.found for row in counts])
    if not counts:
        return Variance(code, name, unit, state, [], [], None, None, None, None)
    last = counts[-1]
    counted_by = [row.counter for row in counts if row.found.round == last.found.round]
    whole = [row for row in counts if row.found.round <= last.found.round - (last.found.place == 1)]
    differences = [row.found.difference for row in whole[-2:]]
    if state != "agreed":
        return Variance(code, name, unit, state, counted_by, differences, None, None, None, None)
    found = last.found
    return Variance(
        code,
        name,
        unit,
        state,
        counted_by,
        differences,
        found.book,
        found.quantity,
        found.difference,
        last.value_fen or 0,
    )


_STATES = {"open": "未盘", "counted": "一人已盘", "differs": "不一致，须重盘", "agreed": "一致"}


def variance_page(village: str, head: StocktakeRow, lines: Sequence[Variance], *, stylesheet_url: str) -> str:
    """The sheet to print and sign. It is for the office."""
    return environment.get_template("publishing/variance.html").render(
        village=village,
        head=head,
        opened_on=civil_date(head.opened_at.astimezone(VILLAGE_TIME).date()),
        lines=[(line, _STATES[line.state]) for line in lines],
        total_fen=total_fen(lines),
        stylesheet_url=stylesheet_url,
    )


def as_document(line: Variance) -> dict[str, Any]:
    return line._asdict()
