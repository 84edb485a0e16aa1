"""`scrapy stats`: figures of a collection, its mirrors' health, its last runs."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

from crawler.cli import JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, Usage
from crawler.formatting import one_line


class Command(ArchiveCommand):
    """Show figures of a collection."""

    usage = "[options] [COLLECTION]"
    summary = "Show what a collection holds, its mirrors' health and its last runs"
    details = (
        f"{summary}. With --coverage: what feeds, sitemaps, section fronts and links announced against what is held, a bar a day;"
        " of numbered sites an estimate of the numbers that nothing announced."
    )
    options = (
        option("--coverage", action="store_true", help="show announced stories against those held, day by day"),
        option("--since", metavar="DATE", help="with --coverage: from this day on; default: the last month"),
        option("--missing", action="store_true", help="with --coverage: name each announced story that is not held, with the reason"),
        JSON,
    )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse options that mean nothing together, and a day that is none."""
        if not opts.coverage and (opts.since or opts.missing):
            raise Usage("--since and --missing go with --coverage")
        try:
            date.fromisoformat(opts.since or "2000-01-01")
        except ValueError as error:
            raise Usage(f"--since: {opts.since!r} is no day; write 2026-11-01") from error

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Count and print."""
        from crawler.clock import now
        from crawler.frontier_reads.queries import count_by_state, count_requisites
        from crawler.playback.looks import looks
        from crawler.printed.read_index import read_index
        from crawler.printed.stats import files_of, stats_told
        from crawler.rechecks.from_settings import recheck_schedule
        from crawler.rechecks.rates_shown import recheck_rates

        assert self.settings is not None
        path = self.one_collection(args)
        if opts.coverage:
            self._coverage(path, opts)
            return EXIT_COMPLETE
        with read_index(path) as index, index.snapshot():
            stats: dict[str, Any] = {**index.stats(), "frontier": count_by_state(index.query)}
            stats["requisites"] = count_requisites(index.query)
            stats["replay"] = looks(index)
            stats["recheck_rates"] = recheck_rates(index, recheck_schedule(self.settings), now())
        stats |= files_of(path)
        if opts.json:
            print(json.dumps({"collection": str(path), **stats}, ensure_ascii=True, indent=2))
        else:
            print(stats_told(path.name, stats))
        return EXIT_COMPLETE

    def _coverage(self, path: Path, opts: argparse.Namespace) -> None:
        """Print what was announced against what is held."""
        from crawler.coverage.bars import signs_for
        from crawler.coverage.overview import document, overview, text
        from crawler.printed.read_index import read_index
        from crawler.sites.known import sites_known

        assert self.settings is not None
        sites = sites_known(tuple(map(str, self.settings.getlist("ARCHIVE_SITES"))))
        with read_index(path) as index, index.snapshot():
            found = overview(index, sites, since=opts.since or "", missing=opts.missing)
        if opts.json:
            print(json.dumps({"collection": str(path), **document(found)}, ensure_ascii=True, indent=2))
            return
        parts = text(found, width=shutil.get_terminal_size().columns, signs=signs_for(sys.stdout.encoding))
        print("\n\n".join([one_line(path.name), *parts]))
