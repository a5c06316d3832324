"""Passwords: Argon2id as OWASP recommends (19 MiB, t=2, p=1), about 27 ms a check."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pointshop.accounts.weak_passwords import SHORTEST, is_weak

LONGEST = 128
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: checked for users that don't exist, so that both answers take as long
_NOBODY = _hasher.hash("nobody has this password")


def check_password_rules(password: str, *, username: str) -> str:
    """The password in NFC. Raises ValueError with the rule it breaks."""
    cleaned = unicodedata.normalize("NFC", password)
    if not SHORTEST <= len(cleaned) <= LONGEST:
        raise ValueError(f"密码须有 {SHORTEST} 到 {LONGEST} 个字符")
    if any(unicodedata.category(character) == "Cc" for character in cleaned):
        raise ValueError("密码中不能有控制字符")
    if is_weak(cleaned, username=username):
        raise ValueError("密码太常见，请换一个")
    return cleaned


def hash_password(password: str) -> str:
    return _hasher.hash(unicodedata.normalize("NFC", password))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; takes as long when there is no such user."""
    try:
        _hasher.verify(password_hash or _NOBODY, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)
