"""`scrapy gather SHARD ... --into DIR`: the collections of several workers as one."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from pathlib import Path

from crawler.cli import JSON, ArchiveCommand, option
from crawler.collection.layout import is_collection
from crawler.errors import EXIT_COMPLETE, SetupError, Usage


class Command(ArchiveCommand):
    """Gather shards."""

    usage = "SHARD ... --into DIR [--copy] [--again] [--parquet] [--json]"
    summary = "Gather the collections of several workers, or months, into one"
    details = (
        "File what several collections (of workers, of months) hold into one, as if it had been crawled by one. No page is read again, and"
        " WARCs stay where they lie. The shards may be in use; the next call adds what they have written meanwhile."
    )
    options = (
        option("--into", metavar="DIR", help="the collection to gather into: a name under ARCHIVE_DIR or a path; made if it is not there"),
        option("--copy", action="store_true", help="copy the WARCs into it; else they are referred to where they lie"),
        option("--again", action="store_true", help="make its index anew from all its shards"),
        option("--parquet", action="store_true", help="write Parquet tables in place of a collection; needs pyarrow"),
        option("--any-size", action="store_true", help="gather more captures than one SQLite file is made for"),
        JSON,
    )
    reads_pages = True

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse a gathering of nothing, or into nothing."""
        if not args:
            raise Usage("name the collections to gather")
        if opts.parquet and (opts.copy or opts.again):
            raise Usage("--parquet: tables only, made anew where shards have changed; leave out --copy and --again")
        if not opts.into:
            raise Usage("--into DIR: name the collection to gather into")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Gather, and print the counts."""
        from crawler.crawl.config import readers_of
        from crawler.gathering.told import collection_told, tables_told

        assert self.settings is not None
        self.check(args, opts)
        shards, folder = [self._shard(name) for name in args], self._folder(opts.into)
        if folder in shards:
            raise Usage(f"--into {opts.into}: is one of the shards")
        if opts.parquet:
            print(tables_told(shards, folder, as_json=opts.json))
            return EXIT_COMPLETE
        with closing(readers_of(self.settings)) as readers:
            how = {"copy": opts.copy, "again": opts.again, "any_size": opts.any_size}
            print(collection_told(shards, folder, readers, as_json=opts.json, **how))
        return EXIT_COMPLETE

    def _shard(self, name: str) -> Path:
        """Resolve a shard; refuse a folder of parts or tables, which hold no index."""
        path = self._folder(name)
        if not is_collection(path) and (path / "captures").is_dir():
            advice = "`scrapy crawl replay -a warcs=WARCS -a copy=no -a collection=NAME` makes one of the same WARCs; gather that"
            raise SetupError(f"{name}: Parquet tables, of `reread` or `gather --parquet`, no collection: {advice}")
        return self.collection_path(name)

    def _folder(self, name: str) -> Path:
        path = Path(name).expanduser()
        return (path if os.sep in name or path.is_dir() else self.archive_dir() / name).absolute()
