"""Parser for `srcset` attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_ADDRESS = re.compile(r"[\t\n\f\r ,]*+([^\t\n\f\r ]+)")
_DESCRIPTORS = re.compile(r"[^,(]*+(?:\([^)]*+\)?[^,(]*+)*+")
"""All descriptors of one address; a comma in parentheses ends nothing."""
_DESCRIPTOR = re.compile(r"(?:[^\t\n\f\r (]++|\([^)]*+\)?)+")
_WHOLE = re.compile(r"([0-9]+)([wh])")
_DENSITY = re.compile(r"(-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)x")
_GLUED = re.compile(r"(?:[^,?]*\.(?:jpe?g|png|webp|gif|avif)(?:\?[^,]*)?,(?=(?:https?:)?//))+", re.IGNORECASE)
"""Whole picture addresses before another, with no blank between them: the standard takes all for one address, which no server has."""


def holds_srcset(name: str) -> bool:
    """Test for the name of an attribute with a `srcset`, scripts' own included."""
    return name == "srcset" or (name.startswith("data-") and name.endswith("srcset"))


def candidates(value: str) -> Iterator[tuple[str, float]]:
    """Parse a `srcset` into addresses, each with its width or density (default 1).

    An address ends at a blank: commas within it are its own. An address of which something is told that the standard does not know is none.

    Source: HTML Standard 4.8.4.3.10 (parsing a srcset attribute).

    >>> list(candidates("w_10w,f_auto/a.jpg 2x, /b.jpg 640w,c.jpg 320w 9h, d.jpg big, e.jpg"))
    [('w_10w,f_auto/a.jpg', 2.0), ('/b.jpg', 640.0), ('c.jpg', 320.0), ('e.jpg', 1.0)]
    """
    at = 0
    while found := _ADDRESS.match(value, at):
        address, at, told = found[1], found.end(), ""
        if address.endswith(","):
            address = address.rstrip(",")
        elif descriptors := _DESCRIPTORS.match(value, at):
            told, at = descriptors[0], descriptors.end() + 1
        size = _size(_DESCRIPTOR.findall(told))
        if size is None:
            continue
        if "," in address and not told and (glued := _GLUED.match(address)):
            yield from ((part, size) for part in re.split(",(?=(?:https?:)?//)", glued[0].rstrip(",")))
            address = address[glued.end() :]
        yield address, size


def srcset(value: str) -> Iterator[str]:
    """The addresses in a `srcset` that can be asked for.

    >>> list(srcset("a.jpg 1x, b,c.jpg 640w,d.jpg"))
    ['a.jpg', 'b,c.jpg', 'd.jpg']
    """
    return (address for address, _ in candidates(value) if address[:5].lower() != "data:")


def _size(descriptors: Sequence[str]) -> float | None:
    """The width or density of valid descriptors; None for unknown or contradicting ones."""
    told: dict[str, float] = {}
    for descriptor in descriptors:
        unit = descriptor[-1]
        number = (_DENSITY if unit == "x" else _WHOLE).fullmatch(descriptor)
        value = float(number[1]) if number else -1.0
        # A density goes with nothing; nothing is given twice.
        if value < 0 or (unit != "x" and not value) or unit in told or "x" in told or (unit == "x" and told):
            return None
        told[unit] = value
    if "h" in told and "w" not in told:
        return None
    return told.get("w", told.get("x", 1.0))
