"""`scrapy work`: the long-lived worker over many sites."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import BaseRunSpiderCommand

from crawler.cli import JSON, SpiderCommand, option
from crawler.errors import Usage


class Command(SpiderCommand, BaseRunSpiderCommand):
    """Work on jobs until stopped."""

    usage = "[--until-idle] [--json]"
    summary = "Work on the jobs that `enqueue` has written, many sites at a time, until stopped"
    details = (
        f"{summary}. One process, one collection (folder ARCHIVE_WORKER under ARCHIVE_DIR) and one series of WARCs for all sites, sealed"
        " after 15 minutes (ARCHIVE_WARC_MAX_SECONDS) or by size. Prints a line for each part of a job as it ends. A signal ends it within"
        " 30 seconds: what is in flight is finished or put back (exit code 14)."
    )
    options = (
        option("--until-idle", action="store_true", help="end when no job waits any more; the exit code is the gravest of the parts'"),
        JSON,
    )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse arguments of other commands."""
        from crawler.jobs.options import WorkOptions

        assert self.settings is not None
        if args:
            raise Usage("work takes no argument; `scrapy enqueue SITE` writes what is to be done")
        if opts.spargs:
            raise Usage("work takes no spider argument; `scrapy enqueue SITE -a NAME=VALUE` does")
        if self.settings.get("ARCHIVE_COLLECTION"):
            raise Usage("ARCHIVE_COLLECTION: a worker's collection is named by ARCHIVE_WORKER")
        WorkOptions.of(self.settings)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Work; return the exit code."""
        from crawler.cli.job_store import open_store
        from crawler.jobs.options import WorkOptions
        from crawler.work.running import work

        assert self.settings is not None
        assert self.crawler_process is not None
        options, folder = WorkOptions.of(self.settings), Path(self.archive_dir())
        store = open_store(options, folder)
        try:
            path, idle = folder / options.worker, opts.until_idle
            return work(self.crawler_process, options, store, path, until_idle=idle, as_json=opts.json)
        finally:
            store.close()
