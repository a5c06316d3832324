"""Which PINs are too easy, and what is kept of one. Pure."""

import hashlib
import hmac
from datetime import date
from itertools import pairwise

#: What hands type by themselves on a number pad, and what sounds like something in Chinese.
_HABITS = frozenset(
    {
        *("147258", "147369", "159357", "159753", "258369", "258456", "357159"),
        *("369258", "456789", "741852", "789456", "963852", "987456", "114514"),
        *("131452", "201314", "520131", "520520", "521521", "584520", "147852"),
        *("168168", "188888", "518518", "666888", "888666", "888999", "998877"),
    }
)


def is_weak(pin: str, *known: str) -> bool:
    """Whether somebody who has only the card would try it early.

    pin: six digits. known: digits that are no secret of this household (its number, its telephone), any number of each.
    Refused are repetitions (111111, 121212, 123123, 112233), runs (123456, 987654, 135790), days (900615, 061590,
    199006) and what many people choose.
    """
    return (
        pin in _HABITS
        or _repeats(pin)
        or _runs(pin)
        or _is_day(pin)
        or any(pin in digits.zfill(len(pin)) for digits in known if digits)
    )


def _repeats(pin: str) -> bool:
    return any(pin == pin[:size] * (6 // size) for size in (1, 2, 3)) or all(pin[at] == pin[at + 1] for at in (0, 2, 4))


def _runs(pin: str) -> bool:
    """Whether each digit follows from the one before by the same step; 9 is followed by 0."""
    return len({(int(after) - int(before)) % 10 for before, after in pairwise(pin)}) == 1


def _is_day(pin: str) -> bool:
    """Whether it reads as a birthday: year, month and day of two digits each, the year last, or year and month."""
    if pin[:2] in ("19", "20") and 1 <= int(pin[4:]) <= 12:
        return True
    spelled = (pin, pin[4:] + pin[:4])
    return any(_exists(each[:2], each[2:4], each[4:]) for each in spelled)


def _exists(year: str, month: str, day: str) -> bool:
    try:
        # a leap year, so that 29 February is a day of any century
        date(2000 + int(year) // 4 * 4, int(month), int(day))
    except ValueError:
        return False
    return True


def key_of(secret: str) -> bytes:
    """The installation's key for PINs, from its secret, which does other things too."""
    return hmac.digest(secret.encode(), b"pointshop household pin 1", hashlib.sha256)


def mark_of(key: bytes) -> str:
    """By which a key is known again: 32 bits that say nothing of the rest."""
    return hmac.new(key, b"mark", hashlib.sha256).hexdigest()[:8]


def digest_of(key: bytes, *, change_id: str, pin: str) -> str:
    """What is kept of a PIN. Without the key a million guesses say nothing; change_id makes equal PINs differ."""
    return hmac.new(key, f"{change_id} {pin}".encode(), hashlib.sha256).hexdigest()


def guess_of(key: bytes, *, change_id: str, command: str, pin: str) -> str:
    """By which a guess is known again that is sent twice. command: name of what it was to open."""
    return hmac.new(key, f"guess {change_id} {command} {pin}".encode(), hashlib.sha256).hexdigest()
