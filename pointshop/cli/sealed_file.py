"""Files that only the holder of a key can read: age (https://age-encryption.org/v1), as the `age` command writes.

The server knows recipients (public keys) and can only lock; the identity that unlocks lies somewhere else
(docs/decisions/0009-backups.md).
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyrage

from pointshop.cli.place import CommandFailed

_BEGINNING = b"age-encryption.org/"


def read_recipients(words: Sequence[str]) -> list[Any]:
    """Public keys as people write them: `age1…`. Raises CommandFailed."""
    try:
        return [pyrage.x25519.Recipient.from_str(word) for word in words]
    except pyrage.RecipientError as error:
        raise CommandFailed("POINTSHOP_BACKUP_RECIPIENTS 须为 age1 开头的公钥，多把以逗号分开") from error


def lock(plain: Path, locked: Path, recipients: Sequence[Any]) -> None:
    """Write `plain` so that each recipient can read it, into a file that is there already."""
    with plain.open("rb") as source, locked.open("wb") as target:
        pyrage.encrypt_io(source, target, recipients)


def is_locked(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_BEGINNING)) == _BEGINNING


def unlock(locked: Path, plain: Path, identity_file: Path) -> None:
    """Write what was locked into `plain`, a file that is there already. Raises CommandFailed in plain words."""
    identities = _read_identities(identity_file)
    try:
        with locked.open("rb") as source, plain.open("wb") as target:
            pyrage.decrypt_io(source, target, identities)
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise CommandFailed(f"{identity_file} 里的密钥打不开这份备份：它是用别的密钥加密的") from error
        raise CommandFailed(f"{locked} 不完整或已损坏，请换一份备份") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise CommandFailed(f"{locked} 不完整或已损坏，请换一份备份") from error


def make_identity(file: Path) -> str:
    """Write a new identity to a new file that only its owner may read; its public key. Raises FileExistsError."""
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
        out.write(f"# public key: {public}\n{identity}\n")
    return public


def _read_identities(file: Path) -> list[Any]:
    lines = [line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise CommandFailed(f"{file} 不是密钥文件：里面应有 AGE-SECRET-KEY- 开头的一行") from error
    if not found:
        raise CommandFailed(f"{file} 里没有密钥")
    return found
