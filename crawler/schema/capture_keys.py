"""SQL that finds captures by their key, which mostly is their address.

Only keys that differ from the address have an index of their own; the others are found by the index of addresses.
"""

from __future__ import annotations

KEY_INDEX = "CREATE INDEX idx_captures_key ON captures(key, date) WHERE key != url"


def has_key(key: str, row: str = "") -> str:
    """SQL: whether a capture has a key.

    Args:
        key: SQL of the key; it is repeated, so a parameter needs a number.
        row: The capture's name in the statement and a dot, if it has one.
    """
    return _either(f"= {key}", row)


def has_one_of(keys: str, row: str = "") -> str:
    """SQL: whether the key of a capture is among others; as `has_key`."""
    return _either(f"IN ({keys})", row)


def _either(found: str, row: str) -> str:
    return f"({row}key {found} AND {row}key != {row}url OR {row}url {found} AND {row}key = {row}url)"
