"""Open a collection for a crawl, with everything done that an earlier run left undone."""

from __future__ import annotations

from pathlib import Path

from crawler.collection.collection import Collection, WriterOptions
from crawler.maintenance.reindex import restore_index
from crawler.maintenance.unread import parse_unread
from crawler.processing.parse_again import Readers


def open_recovered(path: Path, readers: Readers, *, site: str, options: WriterOptions | None = None, parse: bool = True) -> Collection:
    """Open, lock and recover a collection, and parse captures of interrupted runs of a site.

    Args:
        parse: False leaves captures unparsed (`read=later`).
    Raises:
        SetupError, CollectionLocked, WriteFailed: Nothing stays open.
    """
    restore_index(path, readers)
    collection = Collection.open(path, name=path.name, options=options)
    try:
        if parse:
            for file in collection.recovered:
                parse_unread(collection, readers, warc=file.name)
            parse_unread(collection, readers, site=site)
    except BaseException:
        collection.close()
        raise
    return collection
