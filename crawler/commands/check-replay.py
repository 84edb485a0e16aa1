"""`scrapy check-replay COLLECTION`: open captured stories in a browser through pywb, and score them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, EXIT_SIGNAL, Usage

if TYPE_CHECKING:
    from crawler.playback.told import Report

SAMPLE, LEAST, SECONDS = 20, 0.9, 30.0


class Command(ArchiveCommand):
    """Score how captures come out in replay."""

    usage = "[options] [COLLECTION]"
    summary = "Open captured stories in a browser through pywb, and score what replays: resources and text"
    details = (
        f"{summary}. Each page is opened in headless Chromium, which reaches nothing but pywb; what it asks for and needs is held against"
        " what the archive gives, and what can be read on its screen against headline and body in the index. A row for each page goes into"
        " table `qa`. Needs the extra `replay`, Chromium and pywb (docs/replay.md). Exit code 10: a page is below the threshold, or asked"
        " the live web; 11: a crawl is writing the collection, and no row was kept."
    )
    options = (
        option("--story", metavar="ID", help="look at each version of this story: id, number or address"),
        option("--sample", metavar="N", default=str(SAMPLE), help="look at N stories (without stories: pages), the same each time, of each"
               f" template and year by turns; 0: all (default: {SAMPLE})"),
        option("--threshold", metavar="SHARE", default=str(LEAST), help=f"score that each page is to reach, 0 to 1 (default: {LEAST})"),
        option("--seconds", metavar="N", default=f"{SECONDS:g}", help=f"time for one page (default: {SECONDS:g})"),
        option("--screenshots", metavar="DIR", help="put a picture of each page there"),
        JSON,
    )  # fmt: skip

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse numbers that mean nothing."""
        if not (opts.sample.isascii() and opts.sample.isdecimal()):
            raise Usage(f"--sample {opts.sample[:40]}: must be a whole number, 0 for all")
        for name, least, most in (("threshold", 0.0, 1.0), ("seconds", 1.0, 3600.0)):
            try:
                good = least <= float(getattr(opts, name)) <= most
            except ValueError:
                good = False
            if not good:
                raise Usage(f"--{name} {getattr(opts, name)[:40]}: must be a number from {least:g} to {most:g}")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Look, write the rows, report."""
        from crawler.playback.qa_table import note_looks
        from crawler.playback.told import document_of, text_of

        path = self.one_collection(args)
        report = self._report(path, opts)
        code = EXIT_SIGNAL if report.stopped else EXIT_INCOMPLETE if report.bad else EXIT_COMPLETE
        print(json.dumps(document_of(report, code), ensure_ascii=True, indent=2) if opts.json else text_of(report), flush=True)
        note_looks(path, report.rows())
        return code

    def _report(self, path: Path, opts: argparse.Namespace) -> Report:
        """Look at the pages that are chosen, until all are done or a signal comes."""
        from crawler.playback.run import look_and_report, manner_of
        from crawler.printed.read_index import read_index
        from crawler.printed.stories import find_story

        assert self.settings is not None
        manner = manner_of(self.settings, seconds=float(opts.seconds), screenshots=opts.screenshots)
        with read_index(path) as index:
            folders = map(str, self.settings.getlist("ARCHIVE_SITES"))
            story = find_story(index, opts.story, collection=path.name, folders=folders).id if opts.story else None
        return look_and_report(path, self.settings, manner, story=story, most=int(opts.sample), least=float(opts.threshold))
