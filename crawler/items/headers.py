"""Header fields of HTTP messages and WARC records: kept as received, looked up by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Headers(tuple[tuple[str, str], ...]):
    """Header fields in the order and case received; look-ups ignore case.

    It compares, iterates and is pickled as the tuple of its pairs.

    >>> fields = Headers([("Vary", "Accept"), ("vary", "Cookie"), ("ETag", '"x"')])
    >>> fields.first("VARY"), fields.all("Vary"), fields.joined("vary"), fields.has("age")
    ('Accept', ['Accept', 'Cookie'], 'Accept, Cookie', False)
    """

    _first: dict[str, str]

    def __new__(cls, pairs: Iterable[tuple[str, str]] = ()) -> Headers:
        """Make a value of pairs; one that is given is returned as it is."""
        if isinstance(pairs, Headers):
            return pairs
        made = tuple.__new__(cls, pairs)
        first = {name.lower(): value for name, value in made}
        if len(first) < len(made):
            # Seldom needed: reading a tuple of this kind backwards takes four times as long.
            first = {name.lower(): value for name, value in reversed(made)}
        made._first = first
        return made

    def first(self, name: str) -> str | None:
        """The first value of a field, or None."""
        return self._first.get(name.lower())

    def has(self, name: str) -> bool:
        """Return True if a field of that name exists."""
        return name.lower() in self._first

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order."""
        name = name.lower()
        if name not in self._first:
            return []
        if len(self._first) == len(self):
            return [self._first[name]]
        return [value for key, value in self if key.lower() == name]

    def joined(self, name: str) -> str:
        """Join all values of a field by comma and blank (RFC 9110, 5.3)."""
        return ", ".join(self.all(name))

    def elements(self, name: str) -> list[str]:
        """The comma-separated elements of all values, stripped; empty ones included."""
        return [element.strip(" \t") for value in self.all(name) for element in value.split(",")]

    def limited(self, count: int) -> Headers:
        """The first fields, at most `count`."""
        return self if len(self) <= count else Headers(self[:count])

    def __reduce__(self) -> tuple[Any, ...]:
        return Headers, (tuple(self),)
