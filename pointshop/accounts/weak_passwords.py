"""Passwords that are tried first (NIST SP 800-63B §5.1.1.2, ASVS 6.2.4): known lists, and what people here think of.

The list of the package `zxcvbn` (MIT) holds 30,000 that leaked most often, 11,611 of them long enough for us; it comes
from abroad, so what is common in China is told by rules: digits alone, which are birthdays and phone numbers, and a few
words with digits behind them.
"""

import re

from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 8
_LEAKED = frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST)
#: Birthdays, phone numbers and keypads; longer ones are at least numbers that somebody made up.
_DIGITS = re.compile(r"\d{,11}")
_WORDS = (
    *("woaini", "woaiwojia", "aini", "nihao", "mima", "wodemima", "zhongguo", "qwer", "qwerty", "asdf", "zxcv", "qaz"),
    *("a", "aa", "aaa", "abc", "abcd", "q", "x", "z", "password", "passwd", "root", "test"),
    *("admin", "administrator", "points", "pointshop", "jifen", "jifenshangdian", "jifenchaoshi"),
    *("cunwei", "cunweihui", "cunzhang", "zhishu", "wanggeyuan", "guanliyuan", "dianyuan", "xiangcun"),
)
_WORD_AND_DIGITS = re.compile(rf"(?:{'|'.join(_WORDS)})[\W_]?\d{{,6}}[\W_]?|\d{{,6}}(?:{'|'.join(_WORDS)})")
#: Rows of the keyboard, there and back.
_WALKS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "abcdefghijklmnopqrstuvwxyz",
)


def is_weak(password: str, *, username: str) -> bool:
    """password: at least SHORTEST characters, in NFC."""
    lowered, name = password.lower(), username.lower()
    if len(set(lowered)) < 3 or lowered in _LEAKED:
        return True
    if re.fullmatch(rf"{re.escape(name)}[\W_]?\d{{,6}}", lowered) or lowered == name[::-1]:
        return True
    if _DIGITS.fullmatch(lowered) or _WORD_AND_DIGITS.fullmatch(lowered):
        return True
    return any(lowered in walk or lowered in walk[::-1] for walk in _WALKS) or _repeats(lowered)


def _repeats(text: str) -> bool:
    """Whether it is something short over and over: abcabcabc, 12121212."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))
