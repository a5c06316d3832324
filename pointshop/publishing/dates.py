"""Civil dates as official sheets write them, in Arabic numerals without padding (GB/T 9704)."""

from datetime import date, datetime


def civil_date(day: date) -> str:
    """2026年9月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def date_range(first: date, last: date) -> str:
    """2026年9月30日至10月8日; the year again only where it changes, one date where both are the same."""
    if first == last:
        return civil_date(first)
    if first.year == last.year:
        return f"{civil_date(first)}至{last.month}月{last.day}日"
    return f"{civil_date(first)}至{civil_date(last)}"


def clock_time(moment: datetime) -> str:
    """2026-10-01 09:05, village-local; the caller converts."""
    return moment.strftime("%Y-%m-%d %H:%M")
