"""The catalogue that villages may start from: 59 rules and a price list of 50 goods, in two tables beside this file."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple


class Good(NamedTuple):
    """A line of the price list. cost_fen: what one piece costs the village."""

    code: str
    name: str
    spec: str
    unit: str
    points: int
    cost_fen: int


def read_rules() -> dict[str, dict[str, Any]]:
    """Code → the rule as `PUT …/rules/{code}` takes it, in the order of the table."""
    return {row["code"]: _rule(row) for row in _rows("rules.csv")}


def read_goods() -> list[Good]:
    """The goods in the order of their codes."""
    return [
        Good(row["code"], row["name"], row["spec"], row["unit"], int(row["points"]), int(row["cost_fen"]))
        for row in _rows("goods.csv")
    ]


def _rule(row: dict[str, str]) -> dict[str, Any]:
    return {
        "category": row["category"],
        "name": row["name"],
        "points": int(row["points"]),
        "per": row["per"],
        "cap": int(row["cap"]) if row["cap"] else None,
        "cap_period": row["cap_period"] or None,
        "evidence": row["evidence"] or None,
        "track": row["track"],
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
