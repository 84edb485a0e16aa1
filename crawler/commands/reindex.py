"""`scrapy reindex COLLECTION`: the index made anew from the WARCs alone."""

from __future__ import annotations

import argparse
import sys
import time

from crawler.collection import Collection
from crawler.command import ArchiveCommand
from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, Usage
from crawler.rebuild import read_unread, rebuild
from crawler.start import read_limits, writer_options


class Command(ArchiveCommand):
    """Rebuild index.db and CDXJ files from the WARCs."""

    def syntax(self) -> str:
        """Scrapy's hook."""
        return "[options] COLLECTION"

    def short_desc(self) -> str:
        """Scrapy's hook."""
        return "Rebuild index.db and the CDXJ files of a collection from its WARCs alone"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's hook."""
        super().add_options(parser)
        parser.add_argument("--unread", action="store_true", help="only read the captures that are not read yet (`read=later`)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Rebuild under the collection's lock."""
        if len(args) > 1:
            raise Usage("name one collection")
        assert self.settings is not None
        path = self.collection_path(args[0] if args else None)
        folders = self.settings.getlist("ARCHIVE_SITES")
        began = time.monotonic()
        if opts.unread:
            collection = Collection.open(path, options=writer_options(self.settings))
            try:
                count = read_unread(collection.index, path, tuple(map(str, folders)), read_limits(self.settings))
            finally:
                collection.close()
            print(f"{path}: {count} captures read")
            return EXIT_COMPLETE
        lock = Collection.hold(path)
        try:
            result = rebuild(path, folders=folders, tell=self._tell, limits=read_limits(self.settings))
        finally:
            lock.close()
        self._tell("", 0)
        for problem in result.problems:
            print(f"  damaged: {problem}")
        if not result.queue:
            print("  no old index that could be read: rows of runs and mirrors are lost; the next crawl finds again what was queued")
        seconds = time.monotonic() - began
        print(f"{path}: {result.captures} captures of {result.files} WARC files indexed, {result.readings} read again, in {seconds:.1f} s")
        return EXIT_DAMAGED if result.problems else EXIT_COMPLETE

    @staticmethod
    def _tell(what: str, count: int) -> None:
        if sys.stderr.isatty() and (not what or count % 20 == 0):
            sys.stderr.write(f"\r{count} {what}\x1b[K" if what else "\r\x1b[K")
            sys.stderr.flush()
