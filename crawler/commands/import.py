"""`scrapy import`: says that `crawl replay` imports."""

from __future__ import annotations

import argparse

from crawler.cli import ArchiveCommand
from crawler.errors import Usage


class Command(ArchiveCommand):
    """Name the command that imports."""

    usage = ""
    summary = "No command: `scrapy crawl replay` imports WARC and WACZ files"
    details = "To import is to replay: `scrapy crawl replay -a warcs=FILE -a collection=NAME` reads WARC, ARC and WACZ files of any origin."

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse, whatever is asked for."""
        self.refuse(Usage("to import is to replay: `scrapy crawl replay -a warcs=FILE -a collection=NAME`"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Never called."""
        raise NotImplementedError
