"""The feed of events as a file, which is written only if something has changed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.history.atom import FeedFacts
    from crawler.history.events import Wanted
    from crawler.index.index import Index

MAX_ENTRIES = 100
"""Entries of a feed unless another number is asked for."""


def write_feed(path: Path, index: Index, wanted: Wanted, facts: FeedFacts) -> int:
    """Write a feed atomically; a file that says the same already is left alone.

    Returns:
        How many entries it has.
    Raises:
        WriteFailed: It cannot be written.
    """
    from crawler.history.atom import Entry, feed
    from crawler.history.events import Differences, events
    from crawler.warc.output_file import write_file

    differences = Differences(index)
    entries = [Entry(event=event, changes=differences.of(event)) for event in events(index, wanted)]
    document = "".join(feed(facts, entries)).encode()
    with suppress(OSError):
        if path.read_bytes() == document:
            return len(entries)
    write_file(path, [document])
    return len(entries)


def write_feed_of(collection: Path, place: str, *, authority: str, author: str | None) -> None:
    """Write the feed of a collection after a crawl.

    Args:
        place: ARCHIVE_EVENTS_FEED: a file; relative paths begin at the collection.
    Raises:
        ArchiveError: It cannot be written, or the index cannot be read.
    """
    from crawler.history.atom import FeedFacts
    from crawler.history.events import Wanted
    from crawler.index.index import Index

    facts = FeedFacts(collection=collection.name, authority=authority, author=author or collection.name)
    with Index.open(collection / "index.db", readonly=True) as index, index.snapshot():
        write_feed(collection / Path(place).expanduser(), index, Wanted(limit=MAX_ENTRIES), facts)
