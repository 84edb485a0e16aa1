"""`scrapy enqueue SITE|all|URL ...`: jobs and schedules for workers."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from scrapy.utils.conf import arglist_to_dict

from crawler.cli import JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, Usage

if TYPE_CHECKING:
    from crawler.enqueueing.wanted import Wanted


class Command(ArchiveCommand):
    """Put crawls into the job store."""

    usage = "[options] SITE[,SITE] | all | URL ..."
    summary = "Have workers (`scrapy work`) crawl sites or addresses, once or again and again"
    details = (
        "Have workers (`scrapy work`) crawl sites, `all` of them, or addresses, once or again and again. Sites take the spider arguments of"
        " `scrapy crawl SITE`, addresses those of `scrapy crawl web`; `@FILE` names a file of addresses, one a line. An address of a known"
        " site is crawled as that site's, unless with --web. A job that is open already is not made twice, and a schedule told again is the"
        " same. Jobs lie in jobs.db under ARCHIVE_DIR, or on the server of ARCHIVE_FRONTIER."
    )
    options = (
        option("-a", dest="spargs", action="append", default=[], metavar="NAME=VALUE", help="set a spider argument (may be repeated)"),
        option("--every", metavar="SPAN", help="again each SPAN (30m, 2h, 1d), the first time at once"),
        option("--web", action="store_true", help="archive addresses of known sites as any address"),
        option("--remove", metavar="SCHEDULE", help="remove a schedule, by the beginning of its id"),
        JSON,
    )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what means nothing."""
        from crawler.enqueueing.placed import seconds_of

        if opts.remove is not None and (args or opts.spargs or opts.every or opts.web):
            raise Usage("--remove takes a schedule away and goes with nothing else")
        if opts.every is not None:
            seconds_of(opts.every)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Make jobs or schedules, and print them."""
        from crawler import clock
        from crawler.enqueueing.placed import enqueued, removed, scheduled, seconds_of
        from crawler.printed.placed import document, text

        if opts.remove is not None:
            with self.job_store(create=False) as store:
                gone = removed(store, opts.remove)
            print(json.dumps({"removed": gone.id}) if opts.json else f"schedule {gone.id[:8]} of {gone.site} removed")
            return EXIT_COMPLETE
        crawls = self._wanted(args, opts)
        with self.job_store() as store:
            now = clock.now()
            placed = scheduled(store, crawls, seconds_of(opts.every), now) if opts.every else enqueued(store, crawls, now)
            works = any(worker["alive"] for worker in store.workers())
        print(json.dumps(document(placed), ensure_ascii=True, indent=2) if opts.json else text(placed, works=works))
        return EXIT_COMPLETE

    def _wanted(self, args: list[str], opts: argparse.Namespace) -> list[Wanted]:
        from crawler.enqueueing.wanted import Crawls
        from crawler.sites import load_sites
        from crawler.spiders.arguments import arguments_of_crawl

        assert self.settings is not None
        try:
            arguments = arglist_to_dict(opts.spargs)
        except ValueError:
            raise Usage("-a NAME=VALUE: a spider argument has a name and a value") from None
        sites = load_sites(self.settings.getlist("ARCHIVE_SITES"))
        return Crawls(sites=sites, texts=arguments, parse=arguments_of_crawl).wanted(args, web=opts.web)
