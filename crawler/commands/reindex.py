"""`scrapy reindex COLLECTION`: make the index anew from the WARCs alone, or read a part again."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, EXIT_DAMAGED, Usage
from crawler.formatting import counted
from crawler.printed.reread import told
from crawler.terminal.moments import moment_of
from crawler.terminal.progress import Steps

if TYPE_CHECKING:
    from crawler.collection.collection import Collection
    from crawler.maintenance.choice import Choice
    from crawler.processing.parse_again import Readers
    from crawler.processing.reading_stats import ReadingStats


class Command(ArchiveCommand):
    """Rebuild index.db and CDXJ files from the WARCs, or read captures again."""

    usage = "[options] COLLECTION"
    summary = "Rebuild index.db and the CDXJ files of a collection from its WARCs alone, or read a part of its captures again"
    options = (
        option("--unread", action="store_true", help="keep the index; read only captures that are not read yet (`read=later`)"),
        option("--since", metavar="DATE", help="keep the index; read again what was captured at DATE or later (UTC)"),
        option("--story", metavar="STORY", help="keep the index; read again the captures of one story: id, number or address"),
        option("--template", metavar="NAME", help="keep the index; read again what was read with this template (`generic`: without one)"),
        option("--compare", action="store_true", help="write nothing: tell what would be read otherwise now, by field, with examples"),
        option("--sample", metavar="N", help="with --compare: only N captures, the same ones each time"),
        option("--examples", metavar="N", default="3", help="with --compare: examples of each field (default: 3)"),
        option("--from-store", action="store_true", help="first find the WARCs that ARCHIVE_STORE holds of it (docs/storage.md)"),
        option("--json", action="store_true", help="with --compare: print one JSON document"),
    )
    reads_pages = True

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse a date or number that is none, and options that go with --compare alone."""
        opts.since = moment_of(opts.since) if opts.since else None
        opts.sample = _number("--sample", opts.sample, least=1) if opts.sample else None
        opts.examples = _number("--examples", opts.examples, least=0)
        if not opts.compare and (opts.sample or opts.json):
            raise Usage("--sample and --json go with --compare")
        if opts.from_store and (opts.compare or opts.unread or opts.since or opts.story or opts.template):
            raise Usage("--from-store makes the whole index anew: leave the other options out")
        if opts.compare and opts.unread:
            raise Usage("--compare compares what is read already: leave out --unread")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Rebuild, or read again, under the collection's lock."""
        from crawler.crawl.config import readers_of

        assert self.settings is not None
        path = self._from_store(args) if opts.from_store else self.one_collection(args)
        part = opts.unread or opts.since or opts.story or opts.template
        with closing(readers_of(self.settings)) as readers:
            if opts.compare:
                return self._compare(path, readers, opts)
            return self._in_place(path, readers, opts) if part else self._rebuild(path, readers)

    def _from_store(self, args: list[str]) -> Path:
        """Find what the store holds of a collection, whose folder may be lost."""
        from crawler.uploading.restoring import restore

        assert self.settings is not None
        store = self.settings.get("ARCHIVE_STORE")
        if len(args) != 1 or not store:
            raise Usage("--from-store: name one collection, and its store in ARCHIVE_STORE")
        path = Path(args[0]).expanduser().absolute() if "/" in args[0] else self.archive_dir() / args[0]
        found = restore(path, str(store))
        fetched = counted(found.beside, "file")
        print(f"{path}: {counted(found.warcs, 'WARC')} in the store, {found.fresh} of them new to it; {fetched} fetched")
        return path

    def _compare(self, path: Path, readers: Readers, opts: argparse.Namespace) -> int:
        """Tell what would be read otherwise now; return 13 if a record cannot be read."""
        from crawler.maintenance.judge_readers import judge_readers
        from crawler.printed.judgement import report

        line = Steps()
        choice = self._choice(path, opts)
        told = judge_readers(path, readers, choice, sample=opts.sample, examples=opts.examples, tell=line.tell)
        line.close()
        print(json.dumps({"collection": str(path), **told.document()}, indent=2) if opts.json else report(path, told))
        return EXIT_DAMAGED if told.damaged else EXIT_COMPLETE

    def _in_place(self, path: Path, readers: Readers, opts: argparse.Namespace) -> int:
        """Read captures that are not read yet, or read some again, and file them."""
        from crawler.collection.collection import Collection
        from crawler.crawl.config import writer_options
        from crawler.processing.reading_stats import ReadingStats

        assert self.settings is not None
        stats, line = ReadingStats(), Steps()
        with closing(Collection.open(path, options=writer_options(self.settings))) as collection:
            count, taken_up = self._read(collection, readers, opts, stats, line)
        line.close()
        if collection.broken:
            raise collection.broken
        code = told(stats)
        if taken_up:
            print(f"  gone on with a re-reading that had been cut short: {counted(taken_up, 'capture')} were read already")
        print(f"{path}: {counted(count, 'capture')} read{'' if opts.unread else ' again'}")
        return code

    def _read(
        self, collection: Collection, readers: Readers, opts: argparse.Namespace, stats: ReadingStats, line: Steps
    ) -> tuple[int, int]:  # fmt: skip
        """Read the captures of a choice; how many, and how many a killed call had."""
        from crawler.maintenance.reread import reread
        from crawler.maintenance.unread import parse_unread

        choice = self._choice(collection.path, opts)
        if opts.unread:
            with collection.reader() as index:
                choice.check_files(index, collection.path)
            return parse_unread(collection, readers, choice=choice, stats=stats, tell=line.tell), 0
        taken_up = list[int]()
        return reread(collection, readers, choice, stats=stats, tell=line.tell, taken_up=taken_up.append), sum(taken_up)

    def _choice(self, path: Path, opts: argparse.Namespace) -> Choice:
        """Make the choice of captures that the options name.

        Raises:
            SetupError: There is no such story or template in the index.
        """
        from crawler.index.index import Index
        from crawler.maintenance.choice import Choice
        from crawler.printed.stories import find_story

        assert self.settings is not None
        with Index.open(path / "index.db", readonly=True, older=opts.compare) as index:
            folders = map(str, self.settings.getlist("ARCHIVE_SITES"))
            story = find_story(index, opts.story, collection=path.name, folders=folders).id if opts.story else None
            choice = Choice(since=opts.since, story=story, template=opts.template, unread=opts.unread)
            choice.check(index)
        return choice

    def _rebuild(self, path: Path, readers: Readers) -> int:
        from crawler.collection.collection import Collection
        from crawler.maintenance.reindex import rebuild

        began = time.monotonic()
        line = Steps()
        with closing(Collection.hold(path)):
            result = rebuild(path, readers, tell=line.tell)
        line.close()
        for problem in result.problems:
            print(f"  damaged: {problem}")
        code = told(result.stats)
        if not result.queue:
            print("  no old index that could be read: rows of runs and mirrors are lost; the next crawl finds again what was queued")
        if result.taken_up:
            print(f"  gone on with a rebuild that had been cut short: {counted(result.taken_up, 'capture')} read already")
        seconds = time.monotonic() - began
        what = f"{counted(result.captures, 'capture')} of {counted(result.files, 'WARC file')} indexed, {result.readings} read again"
        print(f"{path}: {what}, in {seconds:.1f} s")
        return EXIT_DAMAGED if result.problems else code


def _number(name: str, text: str, *, least: int) -> int:
    """Read a number of the command line.

    Raises:
        Usage: It is none, or too small.
    """
    if not text.isascii() or not text.isdecimal() or len(text) > 18 or int(text) < least:
        raise Usage(f"{name} {text[:40]}: must be a number from {least} on")
    return int(text)
