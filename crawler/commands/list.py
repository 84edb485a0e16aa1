"""`scrapy list`: the names that `scrapy crawl` takes; a broken site file is one line."""

from __future__ import annotations

import argparse

from crawler.cli import ArchiveCommand
from crawler.errors import Usage


class Command(ArchiveCommand):
    """List the sites."""

    summary = "List the names that `scrapy crawl` takes: the sites, `web` and `replay`"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print one name a line."""
        from crawler.spiders.loader import SiteSpiderLoader

        if args:
            raise Usage("list takes no argument")
        assert self.settings is not None
        print("\n".join(SiteSpiderLoader(self.settings).list()))
        return 0
