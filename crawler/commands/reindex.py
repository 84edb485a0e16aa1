"""`scrapy reindex COLLECTION`: make the index anew from the WARCs alone."""

from __future__ import annotations

import argparse
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import ArchiveCommand, option
from crawler.commands._reread import told
from crawler.commands._status_line import ProgressLine
from crawler.errors import EXIT_DAMAGED

if TYPE_CHECKING:
    from crawler.processing.parse_again import Readers


class Command(ArchiveCommand):
    """Rebuild index.db and CDXJ files from the WARCs."""

    usage = "[options] COLLECTION"
    summary = "Rebuild index.db and the CDXJ files of a collection from its WARCs alone"
    options = (
        option("--unread", action="store_true", help="keep the index; read only captures that are not read yet (`read=later`)"),
    )
    reads_pages = True

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Rebuild under the collection's lock."""
        from crawler.crawl.config import readers_of

        assert self.settings is not None
        path = self.one_collection(args)
        with closing(readers_of(self.settings)) as readers:
            return self._unread(path, readers) if opts.unread else self._rebuild(path, readers)

    def _unread(self, path: Path, readers: Readers) -> int:
        """Read the captures that `read=later` put off."""
        from crawler.collection.collection import Collection
        from crawler.crawl.config import writer_options
        from crawler.maintenance.unread import parse_unread
        from crawler.processing.reading_stats import ReadingStats

        assert self.settings is not None
        stats = ReadingStats()
        with closing(Collection.open(path, options=writer_options(self.settings))) as collection:
            count = parse_unread(collection, readers, stats=stats)
        if collection.broken:
            raise collection.broken
        code = told(stats)
        print(f"{path}: {count} captures read")
        return code

    def _rebuild(self, path: Path, readers: Readers) -> int:
        from crawler.collection.collection import Collection
        from crawler.maintenance.reindex import rebuild

        began = time.monotonic()
        line = ProgressLine()
        with closing(Collection.hold(path)):
            result = rebuild(path, readers, tell=line.tell)
        line.wipe()
        for problem in result.problems:
            print(f"  damaged: {problem}")
        code = told(result.stats)
        if not result.queue:
            print("  no old index that could be read: rows of runs and mirrors are lost; the next crawl finds again what was queued")
        if result.taken_up:
            print(f"  gone on with a rebuild that had been cut short: {result.taken_up} captures were read already")
        seconds = time.monotonic() - began
        print(f"{path}: {result.captures} captures of {result.files} WARC files indexed, {result.readings} read again, in {seconds:.1f} s")
        return EXIT_DAMAGED if result.problems else code
