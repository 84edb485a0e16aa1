"""Entries gathered from one feed or sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from attrs import field, frozen

from crawler.parsers.listings.entries import Entry
from crawler.parsers.markup.xml import XmlEntries
from crawler.urls import join

K = TypeVar("K", bound=str)

NO_ENTRY = "nothing under the name of an entry"
"""The problem of a feed or sitemap that is not empty, and of which no entry is taken."""


@frozen
class Gathered:
    """Entries in document order: each address once, up to a limit."""

    most: int
    entries: dict[str, Entry] = field(factory=dict)
    counts: dict[str, int] = field(factory=lambda: {"repeated": 0, "skipped": 0})

    @property
    def empty(self) -> bool:
        """True if there was no entry, not even one to be left out."""
        return not self.entries and not any(self.counts.values())

    def take(self, entry: Entry | None) -> bool:
        """Add one; False when there is no room for more."""
        if entry is None:
            self.counts["skipped"] += 1
        elif entry.url in self.entries:
            self.counts["repeated"] += 1
        elif len(self.entries) >= self.most:
            return False
        else:
            self.entries[entry.url] = entry
        # What is skipped or repeated must not make the work endless either.
        return sum(self.counts.values()) < self.most

    def take_from(self, xml: XmlEntries, entries: Iterable[Entry | None]) -> bool:
        """Add the entries of one element; False when there is no room for more.

        The last entry of a document that breaks off is none if it has no address.
        """
        taken = [(entry is None and xml.cut) or self.take(entry) for entry in entries]
        return all(taken)

    def take_all(self, xml: XmlEntries, entries: Iterable[Entry | None], noun: str) -> None:
        """Add entries one by one, until there is no room for more."""
        if not all(map(self.take, entries)):
            self.note_rest(xml, noun)

    def note_rest(self, xml: XmlEntries, noun: str) -> None:
        """Record that the rest of a document was not read."""
        xml.problems.append(f"over {self.most} {noun}: the rest not read")


def kind_by_entries(xml: XmlEntries, got: Gathered, kinds: Mapping[str, K], otherwise: K, wanted: str) -> K | None:
    """The kind of a list with another root, by the names of its entries."""
    name = f"<{(xml.root or '')[:40]}>"
    if got.entries:
        xml.problems.append(f"XML: {name} in place of the root of a {wanted}")
        return next((kind for entry, kind in kinds.items() if xml.handed == {entry}), otherwise)
    xml.problems += [f"no {wanted}: {name}"] if xml.root and not xml.problems else []
    return None


def seen_from(base_url: str, addresses: list[str]) -> str:
    """Resolve addresses, each relative to the one before; returns the last."""
    for address in addresses:
        base_url = join(base_url, address) or base_url
    return base_url
