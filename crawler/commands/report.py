"""`scrapy report JOB`: the standing of a job."""

from __future__ import annotations

import argparse
import json

from crawler.cli import JSON, ArchiveCommand
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, Usage


class Command(ArchiveCommand):
    """Tell how a job went, or goes."""

    usage = "[options] JOB"
    summary = "Tell how a job of workers went: complete, or what is open and which parts failed"
    details = (
        "Tell how a job of workers went. It is complete when none of its addresses is open and no worker's part of it failed. JOB is its"
        " id, or the beginning of it; `scrapy jobs` lists them. Exit code 0: complete; 10: incomplete, or not ended yet."
    )
    options = (JSON,)

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what means nothing."""
        if len(args) != 1:
            raise Usage("name one job by its id, or the beginning of it; `scrapy jobs` lists them")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print the report."""
        from crawler.printed.job_report import document, text

        named = args[0].lower()
        with self.job_store(create=False) as store:
            report = store.report(named)
            if report is None:
                several = named and sum(job.id.startswith(named) for job in store.jobs(most=100_000)) > 1
                raise Usage(f"{'several jobs begin' if several else 'no job begins'} with {named[:40]!r}; `scrapy jobs` lists them")
        code = EXIT_COMPLETE if report.complete else EXIT_INCOMPLETE
        print(json.dumps(document(report, code), ensure_ascii=True, indent=2) if opts.json else text(report, code))
        return code
