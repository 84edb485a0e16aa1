"""`scrapy repair COLLECTION`: seal and index the rest of a crash; delete nothing."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import ArchiveCommand
from crawler.errors import EXIT_DAMAGED
from crawler.formatting import counted, one_line
from crawler.printed.repair import missing_files, problem_of_index, recovered_told
from crawler.printed.reread import told
from crawler.terminal.progress import steps

if TYPE_CHECKING:
    from crawler.processing.parse_again import Readers
    from crawler.processing.reading_stats import ReadingStats


class Command(ArchiveCommand):
    """Recover a collection as each crawl does, and make a damaged index anew."""

    usage = "[options] COLLECTION"
    summary = "Seal the WARC that a crash left open, index records without a row, make a damaged index anew; deletes nothing"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Repair and report; return 13 if damage remains, 10 if pages stay unread."""
        from crawler.crawl.config import readers_of

        assert self.settings is not None
        path = self.one_collection(args)
        with closing(readers_of(self.settings)) as readers:
            return self._repair(path, readers)

    def _repair(self, path: Path, readers: Readers) -> int:
        from crawler.collection.collection import Collection
        from crawler.collection.recovery import lost_behind_the_end
        from crawler.crawl.config import writer_options
        from crawler.maintenance.unread import parse_unread
        from crawler.processing.reading_stats import ReadingStats

        assert self.settings is not None
        stats = ReadingStats()
        done, damage = self._index(path, readers, stats)
        collection = Collection.open(path, options=writer_options(self.settings))
        try:
            done += [recovered_told(file, path) for file in collection.recovered]
            damage += [f"{fault.path}: offset {fault.offset}: {fault.what}" for file in collection.recovered for fault in file.faults]
            with steps() as bar:
                read = sum(parse_unread(collection, readers, warc=file.name, stats=stats, tell=bar.tell) for file in collection.recovered)
            if read:
                done.append(f"read {counted(read, 'capture')} that nobody had read")
            if lost := collection.now(lambda index: lost_behind_the_end(index, path)):
                lying = counted(lost, "capture lies", "captures lie")
                done.append(f"{lying} behind the end of their file: marked lost, to be fetched again")
            with collection.reader() as index:
                damage += missing_files(index, path)
        finally:
            collection.close()
        if collection.broken:
            raise collection.broken
        for line in (*done, *(f"damaged: {what}" for what in damage)):
            print(one_line(f"  {line}"))
        code = told(stats)
        print(f"{path}: {'nothing to repair' if not done else 'repaired'}{'; damage remains, see above' if damage else ''}")
        return EXIT_DAMAGED if damage else code

    def _index(self, path: Path, readers: Readers, stats: ReadingStats) -> tuple[list[str], list[str]]:
        """Check every page of the index, and make a missing or damaged one anew.

        Returns:
            Lines on the work done, and lines on damaged WARCs.
        """
        from crawler.collection.collection import Collection
        from crawler.maintenance.reindex import rebuild

        with closing(Collection.hold(path)):
            bad = problem_of_index(path / "index.db")
            if not bad:
                return [], []
            with steps() as line:
                result = rebuild(path, readers, keep_old=True, stats=stats, tell=line.tell)
        moved = f"; moved to {result.aside.relative_to(path)}" if result.aside else ""
        anew = f"index made anew: {counted(result.captures, 'capture')} of {counted(result.files, 'WARC file')}, {result.readings} read"
        lost = [] if result.queue else ["lost, as no WARC holds them: rows of runs and mirrors; the next crawl finds the queue again"]
        return [f"the index {bad}{moved}", anew, *lost], list(result.problems)
