"""Base of the commands that run spiders."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from crawler.cli.base import ArchiveCommand
from crawler.errors import ArchiveError, Interrupted, SetupError
from crawler.terminal.log_lines import shorten_scrapys

if TYPE_CHECKING:
    from crawler.monitoring.outputs import Outputs


class SpiderCommand(ArchiveCommand):
    """A command that runs spiders, and tells files and a webhook how that ended."""

    reads_pages = True
    requires_crawler_process = True
    default_settings = {}  # noqa: RUF012 - as above
    outputs: Outputs | None = None

    def sites(self, args: list[str]) -> list[str]:
        """The sites that are named, whether there are such or not."""
        return args[:1]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Note first where the end is told: a refusal is an end, too."""
        from crawler.monitoring.outputs import Outputs

        assert self.settings is not None
        shorten_scrapys()
        if "report_json" in opts:
            named = self.sites(args) or [self.name]
            self.outputs = Outputs(report_json=opts.report_json, metrics=opts.metrics, settings=self.settings, sites=named)
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run as any command; a fault of ours is told, too, before its traceback."""
        try:
            super().run(args, opts)
        except Exception as error:
            self._tell(SetupError(f"{type(error).__name__}: {error}"))
            raise

    def fail(self, error: ArchiveError) -> None:
        """Print an error, and tell it."""
        super().fail(error)
        self._tell(error)

    def interrupted(self) -> None:
        """Tell that a signal ended the crawl before it began."""
        super().interrupted()
        self._tell(Interrupted("stopped by a signal; run it again to go on"))

    def _tell(self, error: ArchiveError) -> None:
        for fault in self.outputs.tell_error(error) if self.outputs else ():
            print(f"{self.name}: {fault}", file=sys.stderr)
