"""`scrapy jobs`: jobs, schedules, workers and lanes."""

from __future__ import annotations

import argparse
import json

from crawler.cli import JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, Usage


class Command(ArchiveCommand):
    """Show what workers have to do, and which of them does it."""

    usage = "[options]"
    summary = "Show jobs, schedules, workers and lanes; declare a worker lost"
    details = (
        "Show what workers have to do: jobs, the newest first, schedules, workers with their last sign of life, and lanes (publishers, or"
        " hosts that are nobody's) that are held or wait. With --lost: a worker is gone with its disk; what it crawled since its WARCs were"
        " last stored is asked for again, by others, who may have its lanes at once."
    )
    options = (
        option("--open", action="store_true", help="only jobs that are not ended"),
        option("--most", metavar="N", type=int, default=20, help="jobs to show, the newest (default: %(default)s)"),
        option("--lost", metavar="WORKER", help="declare a worker and its disk lost"),
        JSON,
    )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what means nothing."""
        if args:
            raise Usage(f"{args[0]}: takes no words; `scrapy report JOB` tells of one job")
        if opts.most < 1:
            raise Usage(f"--most {opts.most}: 1 or more")
        if opts.lost is not None and opts.open:
            raise Usage("--lost goes without --open")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print, or declare a worker lost."""
        from crawler import clock
        from crawler.printed.jobs import Standing

        with self.job_store(create=False) as store:
            if opts.lost is not None:
                if opts.lost not in {worker["name"] for worker in store.workers()}:
                    raise Usage(f"--lost: no worker {opts.lost!r} has ever given a sign of life; `scrapy jobs` lists them")
                rows = store.declare_lost(opts.lost)
                unit = "rows" if store.shared else "lanes of jobs"
                told = f"worker {opts.lost} is declared lost: {rows} {unit} wait again, its lanes are free"
                print(json.dumps({"lost": opts.lost, "again": rows}) if opts.json else told)
                return EXIT_COMPLETE
            standing = Standing.of(store, clock.now(), open_only=opts.open, most=opts.most)
        print(json.dumps(standing.document(), ensure_ascii=True, indent=2) if opts.json else standing.text())
        return EXIT_COMPLETE
