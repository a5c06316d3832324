"""The mark on a row of the books: a short digest of all it says, so that a change to any of it shows at once.

Anyone who rewrites a row can rewrite its mark too; against that stand the triggers, the grants and the daily seal,
whose digest is printed and hangs on the wall. The mark makes a careless or partial change visible without them.
"""

import hashlib
from datetime import datetime

from pointshop.core.clock import as_text

Value = object


def row_mark(*values: Value) -> str:
    """16 hex digits over the values in the order given (BLAKE2b, 64 bits). Instants in UTC, None as nothing.

    A day or an instant may be given as the text that Python writes for it.
    """
    spelled = "\x1f".join([value if type(value) is str else _spell(value) for value in values])
    return hashlib.blake2b(spelled.encode(), digest_size=8).hexdigest()


def _spell(value: Value) -> str:
    if value is None:
        return ""
    return as_text(value) if isinstance(value, datetime) else str(value)
