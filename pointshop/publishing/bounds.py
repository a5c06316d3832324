"""Bounds that the fields of a frozen document keep, whoever builds it."""

from datetime import date

from pointshop.core.text import clean_text
from pointshop.publishing.lunar import FIRST, LAST


class InvalidDocument(ValueError):
    """A document that isn't of the kind and version asked for; the message names the field."""


def require(holds: object, field: str) -> None:
    if not holds:
        raise InvalidDocument(field)


def require_range(field: str, number: int, least: int, most: int) -> None:
    """A whole number; bool is none, though Python thinks so."""
    require(type(number) is int and least <= number <= most, field)


def require_text(field: str, text: str, *, longest: int) -> None:
    """One line of 1..longest code points, as `clean_text` would store it: a sheet never shows other than was frozen."""
    require(type(text) is str and text == text.strip(), field)
    try:
        cleaned = clean_text(text, limit=longest)
    except ValueError as error:
        raise InvalidDocument(field) from error
    require(cleaned == text and text and not set(text) & set("\t\n\u2028\u2029"), field)


def require_day(field: str, day: date) -> None:
    """A day that has a lunar date to print beside it."""
    require(type(day) is date and FIRST <= day <= LAST, field)
