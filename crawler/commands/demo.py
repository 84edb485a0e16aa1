"""`scrapy demo`: crawl an embedded newspaper with four mirrors on loopback; no internet."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import ClassVar

from scrapy.commands import BaseRunSpiderCommand

from crawler.cli import METRICS, REPORT_JSON, SpiderCommand, option
from crawler.collection.layout import is_collection
from crawler.errors import SetupError, Usage

_SITES = Path(__file__).parents[1] / "demo" / "sites"
"""As `demo.newspaper` has it, which is imported when the demo is run."""


class Command(SpiderCommand, BaseRunSpiderCommand):
    """Crawl the embedded newspaper, verify its WARCs, query its index."""

    usage = "[--dir DIR] [--keep]"
    summary = "Crawl an embedded newspaper with four mirrors on loopback, verify it and query it; needs no internet"
    options = (
        option("--dir", metavar="DIR", help="where the collection goes (default: `demo` under ARCHIVE_DIR)"),
        option("--keep", action="store_true", help="crawl the collection of an earlier demo again, incrementally"),
        REPORT_JSON,
        METRICS,
    )
    own_settings: ClassVar = {
        "ARCHIVE_SITES": [str(_SITES)], "DOWNLOAD_DELAY": 0.05, "ARCHIVE_MIN_FREE_BYTES": 64 * 2**20, "ARCHIVE_RESERVE_BYTES": 2**20,
        "ARCHIVE_RETRY_DELAY": 0.2, "ARCHIVE_DELAY_FACTOR": 1.0, "ARCHIVE_IDLE_TIMEOUT": 5.0, "LOG_LEVEL": "WARNING",
        "ARCHIVE_MEMENTO_DELAY": 0.05, "ARCHIVE_COMPARE_SHARE": 1.0, "ARCHIVE_COMPARE_PER_RUN": 100,
    }  # fmt: skip

    def sites(self, args: list[str]) -> list[str]:
        """The site of the newspaper."""
        return ["courier"]

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse arguments of other commands."""
        if args:
            raise Usage("demo takes no argument; name a directory with --dir")
        if opts.spargs:
            raise Usage("demo takes no spider argument; `scrapy crawl SITE -a NAME=VALUE` does")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Crawl, verify and search; print the commands to try next."""
        from crawler.demo.newspaper import start
        from crawler.demo.shown import introduce
        from crawler.printed.demo import show
        from crawler.spiders.crawling import SiteCrawl, crawl_and_report, spider_of

        assert self.settings is not None
        assert self.crawler_process is not None
        assert self.outputs is not None
        path = Path(opts.dir).expanduser().absolute() if opts.dir else self.archive_dir() / "demo"
        _clear(path, keep=opts.keep)
        with start(edition=2 if opts.keep else 1) as newspaper:
            introduce(newspaper, path)
            self.settings.set("ARCHIVE_CONNECT_TO", newspaper.connect_to, priority="cmdline")
            self.settings.set("ARCHIVE_STORE", None, priority="cmdline")  # no made-up newspaper among what is kept
            self.settings.set("ARCHIVE_MEMENTO_ENDPOINTS", newspaper.archives, priority="cmdline")
            arguments = {"backfill": "sitemap,sections", "from_archives": "yes"} | ({"recheck": "yes"} if opts.keep else {})
            spider = spider_of(self.settings, "courier")
            wanted = [SiteCrawl(spider=spider, texts=arguments, path=path)]
            code = crawl_and_report(self.crawler_process, wanted, self.outputs)
        show(path, opts.dir)
        return code


def _clear(path: Path, *, keep: bool) -> None:
    """Remove an earlier demo; refuse a directory that holds anything else."""
    if keep or not path.exists() or not any(path.iterdir()):
        return
    if not is_collection(path):
        raise SetupError(f"{path} is not empty and is no collection: name another directory with --dir")
    shutil.rmtree(path)
