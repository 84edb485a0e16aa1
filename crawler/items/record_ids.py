"""Record ids, made many at a time."""

from __future__ import annotations

import os
from uuid import UUID

_AT_ONCE = 256
_left: list[bytes] = []
"""Random bytes for the next ids, fresh from the system; taken one by one, by any thread."""
# A child has the same bytes left as its parent.
os.register_at_fork(after_in_child=_left.clear)


def new_record_id() -> str:
    """A random id of the form `urn:uuid:...` (version 4), never given before."""
    try:
        some = _left.pop()
    except IndexError:
        # One call of the system for many: each gives up the interpreter's lock to the writer thread.
        made = os.urandom(16 * _AT_ONCE)
        _left.extend(made[at : at + 16] for at in range(16, len(made), 16))
        some = made[:16]
    return f"urn:uuid:{UUID(bytes=some, version=4)}"
