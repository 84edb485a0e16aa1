"""Base of Scrapy's commands that are not used here."""

from __future__ import annotations

import argparse
from typing import ClassVar

from crawler.cli.base import ArchiveCommand
from crawler.errors import EXIT_USAGE, Usage


class UnusedCommand(ArchiveCommand):
    """A command of Scrapy that is not used here: it refuses and names another.

    Most would fetch past the record and robots.txt.
    """

    instead: ClassVar[str]
    why: ClassVar[str] = "nothing is fetched past the record"

    def short_desc(self) -> str:
        """Scrapy's hook."""
        return f"Not used: {self.instead}"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse, whatever was asked for."""
        self.refuse(Usage(f"not used here, since {self.why}: {self.instead}"))

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Refuse as well, for callers that skip `process_options`."""
        self.process_options(args, opts)
        return EXIT_USAGE
