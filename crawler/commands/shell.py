"""`scrapy shell PAGE`: a Python console with one page, its site and its article."""

from __future__ import annotations

import argparse
import sys
from typing import ClassVar

from crawler.cli import SpiderCommand, option
from crawler.commands._looked_at import DETAILS, OPTIONS, SETTINGS, check_one_page, look
from crawler.errors import EXIT_COMPLETE, Usage
from crawler.terminal.program import as_typed

_BANNER = """\
{url}
  {source}

  page      the page: page.css("h1::text").getall(), page.xpath("//figure"), page.text, page.headers
  article   what is read from it: {article}
  site      its site: {site}
  capture   where it lies: {capture}
  again()   reads the page once more, with the site file as it is now
"""


class Command(SpiderCommand):
    """Open a console."""

    usage = "[options] PAGE"
    summary = "Open a Python console with a page of the archive or the net, as its site file reads it"
    details = f"Open a Python console (IPython if there is one) with page, article, site and capture. {DETAILS}"
    options = (
        *OPTIONS,
        option("-e", "--code", metavar="CODE", help="print the value of a Python expression, and open no console"),
    )
    own_settings: ClassVar = SETTINGS

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse anything but one page."""
        check_one_page(args, opts)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Read the page, then hand over to the console."""
        from crawler.testing.site_page import reread

        found = look(self, args[0], opts)
        names: dict[str, object] = {"page": found.page, "article": found.article, "site": found.site, "capture": found.capture}

        def again() -> object:
            fresh = reread(found)
            names.update(article=fresh.article, site=fresh.site, page=fresh.page)
            return fresh.article or fresh.problem

        names["again"] = again
        if opts.code is not None:
            try:
                print(eval(opts.code, names))
            except Exception as error:
                raise Usage(f"--code: {type(error).__name__}: {error}") from error
            return EXIT_COMPLETE
        from scrapy.utils.console import start_python_console

        read = repr(found.article.headline) if found.article else f"None ({found.problem})"
        banner = _BANNER.format(
            url=found.page.url, source=found.source, article=read, site=found.site.name if found.site else "none: the generic reader",
            capture=found.capture.record_id if found.capture else "a file",
        )  # fmt: skip
        start_python_console(names, banner=as_typed(banner), shells=["ipython", "python"])
        sys.stdout.flush()
        return EXIT_COMPLETE
