"""`scrapy verify COLLECTION|FILE ...`: check web archives, and collections with their index."""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from crawler.cli import JSON, ArchiveCommand, option
from crawler.collection.layout import is_collection
from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, SetupError, Usage
from crawler.terminal.files import FileBars
from crawler.terminal.paint import paint_report
from crawler.terminal.program import as_typed

if TYPE_CHECKING:
    from crawler.processing.parse_again import Readers

_FILE_NAMES = (".gz", ".warc", ".open", ".arc", ".zst", ".wacz")


class Command(ArchiveCommand):
    """Check WARC files, and collections with their index."""

    usage = "[options] COLLECTION|FILE ..."
    summary = "Check every record and digest of web archives (WARC, ARC, WACZ), and a collection's WARCs against its index"
    options = (
        JSON,
        option("--deep", action="store_true", help="read every capture again, not only a share, and compare each row of the index"),
        option("--strict", action="store_true", help="count unusual records of other programs as faults, not only damage"),
    )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Check and report; return 13 if there is a fault, else 0."""
        from crawler.maintenance.verify import verify_collection, verify_files
        from crawler.printed.verify import document_of, verify_told

        began = time.monotonic()
        files, collections = self._named(args)
        if opts.deep and not collections:
            raise Usage("--deep compares an index with its WARCs: name a collection")
        with FileBars() as bars:
            reports = verify_files(files, bars.begin, strict=opts.strict)
            with closing(self._readers(deep=opts.deep)) as readers:
                for path in collections:
                    reports += verify_collection(
                        path, bars.begin, strict=opts.strict, readers=readers, deep=opts.deep, ca_file=self._setting("ARCHIVE_TSA_CA_FILE")
                    )
        if opts.json:
            print(json.dumps(document_of(reports), ensure_ascii=True, indent=2))
        else:
            print(paint_report(as_typed(verify_told(reports, time.monotonic() - began)), sys.stdout))
        return EXIT_DAMAGED if any(report.faults for report in reports) else EXIT_COMPLETE

    def _setting(self, name: str) -> str:
        assert self.settings is not None
        return str(self.settings.get(name) or "")

    def _readers(self, *, deep: bool) -> Readers:
        """Make the parsers: a share is read in this process, all on all cores."""
        from crawler.crawl.config import readers_of
        from crawler.workers.pool import InThisProcess

        assert self.settings is not None
        readers = readers_of(self.settings)
        return readers if deep else evolve(readers, workers=InThisProcess(evolve(readers.workers.limits, workers=0)))

    def _named(self, args: list[str]) -> tuple[list[Path], list[Path]]:
        """Split the arguments into files and collections."""
        files, collections = [], []
        for word in args:
            path = Path(word).expanduser()
            if path.is_file():
                files.append(path)
            elif path.exists() and not is_collection(path):
                raise SetupError(f"{word}: neither a file nor a collection (no index.db and no archive/ in it)")
            elif not path.exists() and word.lower().endswith(_FILE_NAMES):
                raise SetupError(f"{word}: no such file")
            else:
                collections.append(self.collection_path(word))
        return files, collections if args else [self.collection_path(None)]
