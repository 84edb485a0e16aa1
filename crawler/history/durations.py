"""Durations in words, and how long an old text stood."""

from __future__ import annotations

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def duration(seconds: int) -> str:
    """Format seconds by their two largest units.

    >>> duration(93784), duration(3600), duration(0)
    ('1 d 2 h', '1 h', '0 s')
    """
    for at, (unit, length) in enumerate(_UNITS):
        if seconds >= length:
            count, rest = divmod(seconds, length)
            smaller = f" {rest // _UNITS[at + 1][1]} {_UNITS[at + 1][0]}" if at + 1 < len(_UNITS) and rest >= _UNITS[at + 1][1] else ""
            return f"{count} {unit}{smaller}"
    return "0 s"


def stood(least: int | None, most: int | None) -> str:
    """Say how long something stood, by what is known of it.

    >>> stood(3600, 7200), stood(0, 7200), stood(3600, None)
    ('stood 1 h to 2 h', 'stood up to 2 h', 'stood 1 h or longer')
    """
    if least is None:
        return ""
    if most is None:
        return f"stood {duration(least)} or longer"
    if least == most:
        return f"stood {duration(least)}"
    return f"stood {duration(least)} to {duration(most)}" if least else f"stood up to {duration(most)}"
