"""Time spans as text."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Format a time span by its two largest units.

    >>> duration(59.6), duration(3700), duration(200_000)
    ('1 min 0 s', '1 h 1 min', '2 d 7 h')
    """
    left, parts = round(seconds), list[str]()
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if left >= length or parts or unit == "s":
            parts.append(f"{left // length} {unit}")
            left %= length
    return " ".join(parts[:2])
