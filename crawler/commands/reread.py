"""`scrapy reread WARC ... --out DIR`: read WARCs again into Parquet, one part a file, on one machine or many."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, Usage
from crawler.terminal.progress import Steps

if TYPE_CHECKING:
    from crawler.rereading.reread import Engine, Reread


class Command(ArchiveCommand):
    """Read WARCs again into Parquet parts."""

    usage = "WARC|GLOB|FOLDER|COLLECTION|s3://... ... --out DIR [options]"
    summary = "Read WARCs of any origin again into Parquet, one part a file and table, on this machine, on Dask or on Ray"
    options = (
        option("--out", metavar="DIR", help="folder of the parts; what is there and up to date is not read again"),
        option("--on", metavar="ENGINE", default="local", help="local (default), dask://HOST:PORT (a scheduler that runs), or ray"),
        option("--workers", metavar="N", help="processes, each with one file at a time (default: one a core; of Dask: as it has)"),
        option("--again", action="store_true", help="read also what is up to date"),
        option("--json", action="store_true", help="print one JSON document"),
    )
    reads_pages = True

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what names no file, no folder or no engine."""
        if not args:
            raise Usage("name WARC files, patterns, folders, collections or s3:// addresses")
        if not opts.out:
            raise Usage("name the folder of the parts with --out DIR")
        if opts.on not in ("local", "ray") and not opts.on.startswith("dask://"):
            raise Usage(f"--on {opts.on[:60]}: must be local, dask://HOST:PORT or ray")
        if opts.workers is not None and not (opts.workers.isascii() and opts.workers.isdecimal() and 0 < int(opts.workers) <= 10_000):
            raise Usage(f"--workers {opts.workers[:40]}: must be a number from 1 on")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read what is not up to date; tell what was left out and why."""
        from crawler.crawl.config import cores, job_limits, read_limits
        from crawler.processing.name_of_readers import name_of_readers
        from crawler.rereading.engines import engine_of
        from crawler.rereading.places import places_of
        from crawler.rereading.read_warc import ReadOptions
        from crawler.rereading.reread import reread

        assert self.settings is not None
        places, left_out = places_of(args, self.archive_dir())
        folders = tuple(map(str, self.settings.getlist("ARCHIVE_SITES")))
        limits, job = read_limits(self.settings), job_limits(self.settings)
        options = ReadOptions(folders=folders, limits=limits, seconds=job.seconds, memory=job.memory)
        engine: Engine = engine_of(opts.on, int(opts.workers) if opts.workers else cores())
        line, began = Steps(), time.monotonic()
        result = reread(
            places, Path(opts.out).absolute(), engine, options=options, readers=name_of_readers(folders, limits), again=opts.again,
            tell=line.tell,
        )  # fmt: skip
        line.close()
        return _told(result, left_out, Path(opts.out), time.monotonic() - began, as_json=opts.json)


def _told(result: Reread, left_out: list[str], folder: Path, seconds: float, *, as_json: bool) -> int:
    """Print what was read and what was not; the exit code."""
    from crawler.printed.parts import document, report
    from crawler.printed.reread import failed_checks

    code = max((one["exit_code"] for one in result.results), default=EXIT_COMPLETE)
    if not code and (left_out or failed_checks(result.stats)):
        code = EXIT_INCOMPLETE
    if as_json:
        print(json.dumps(document(result, left_out, folder, seconds, code), indent=2))
    else:
        report(result, left_out, folder, seconds)
    return code
