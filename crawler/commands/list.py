"""`scrapy list`: Scrapy's own command, but a broken site file is one clear line."""

from __future__ import annotations

import argparse

from crawler.cli import ArchiveCommand
from crawler.errors import Usage
from crawler.spiders.loader import SiteSpiderLoader


class Command(ArchiveCommand):
    """Name what can be crawled."""

    def short_desc(self) -> str:
        """Scrapy's hook."""
        return "List what `scrapy crawl` takes: the sites, `web` and `replay`"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """One name a line."""
        if args:
            raise Usage("list takes no argument")
        assert self.settings is not None
        print("\n".join(SiteSpiderLoader(self.settings).list()))
        return 0
