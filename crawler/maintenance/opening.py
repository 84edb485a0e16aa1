"""Open a collection for a crawl, with everything done that an earlier run left undone."""

from __future__ import annotations

import logging
from contextlib import closing, suppress
from pathlib import Path

from crawler.collection.collection import Collection, WriterOptions
from crawler.collection.layout import warc_files
from crawler.errors import CollectionLocked, SetupError
from crawler.index.index import Index
from crawler.processing.parse_again import Readers

logger = logging.getLogger(__name__)


def open_recovered(path: Path, readers: Readers, *, site: str, options: WriterOptions | None = None, parse: bool = True) -> Collection:
    """Open, lock and recover a collection, and parse captures of interrupted runs of a site.

    Args:
        parse: False leaves captures unparsed (`read=later`).
    Raises:
        SetupError, CollectionLocked, WriteFailed: Nothing stays open.
    """
    _restore_index(path, readers)
    collection = Collection.open(path, name=path.name, options=options)
    try:
        if parse:
            from crawler.maintenance.unread import parse_unread

            for file in collection.recovered:
                parse_unread(collection, readers, warc=file.name)
            parse_unread(collection, readers, site=site)
    except BaseException:
        collection.close()
        raise
    return collection


def bring_up_to_date(path: Path) -> None:
    """Migrate the index of a collection, unless it is in use or cannot be written."""
    with suppress(CollectionLocked, SetupError, OSError), closing(Collection.hold(path)), Index.open(path / "index.db"):
        pass


def _restore_index(path: Path, readers: Readers) -> None:
    """Rebuild the index of a collection that has lost it.

    Raises:
        CollectionLocked: Another process writes it.
    """
    if (path / "index.db").exists() or not warc_files(path):
        return
    from crawler.maintenance.reindex import rebuild

    with closing(Collection.hold(path)):
        logger.warning("index-missing path=%s: made anew from the WARCs", path)
        rebuild(path, readers)
