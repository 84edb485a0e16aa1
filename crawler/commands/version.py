"""`scrapy version`: our version, and those of what we stand on."""

from __future__ import annotations

import argparse
import platform

from crawler import __version__
from crawler.cli import ArchiveCommand, option
from crawler.errors import Usage


class Command(ArchiveCommand):
    """Print versions."""

    usage = "[-v]"
    summary = "Print the versions of this project and of Scrapy; with -v of its libraries too"
    options = (option("-v", "--verbose", action="store_true", help="with Python, SQLite and the libraries, for reports of faults"),)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print one line each."""
        import scrapy

        if args:
            raise Usage("version takes no argument")
        print(f"news-archive-crawler {__version__}\nScrapy {scrapy.__version__}")
        if opts.verbose:
            from scrapy.utils.versions import get_versions

            print("\n".join(f"{name} {version}" for name, version in get_versions() if name != "Scrapy"))
            print(platform.platform())
        return 0
