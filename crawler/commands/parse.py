"""`scrapy parse PAGE`: what is read from one page, archived or asked for now."""

from __future__ import annotations

import argparse
import json
import sys
from typing import ClassVar

from crawler.cli import SpiderCommand, option
from crawler.commands._looked_at import DETAILS, OPTIONS, SETTINGS, check_one_page, look
from crawler.errors import EXIT_COMPLETE, EXIT_INCOMPLETE
from crawler.terminal.program import as_typed


class Command(SpiderCommand):
    """Print an article and the links of its page."""

    usage = "[options] PAGE"
    summary = "Show what is read from a page, of the archive or the net: article, links, and with --explain by which rules"
    details = f"Print one JSON document: `article`, or `problem`; `links` with their roles. {DETAILS}"
    options = (
        *OPTIONS,
        option("--explain", action="store_true", help="tell in words which rule won each field, and what the others said"),
    )
    own_settings: ClassVar = SETTINGS

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse anything but one page."""
        check_one_page(args, opts)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Print the document; return 10 where no article can be read."""
        from crawler.parsers.explain import as_text, explanation
        from crawler.parsers.json import as_json

        found = look(self, args[0], opts)
        print(as_typed(f"{found.page.url}\n  {found.source}"), file=sys.stderr)
        article = as_json(found.article) if found.article else None
        if opts.explain and found.article and found.page.trace:
            print(as_text({"id": found.page.url, **(article or {}), "explain": explanation(found.article, found.page.trace)}))
        else:
            document = {
                "url": found.page.url, "site": found.site.name if found.site else None, "source": found.source, "article": article,
                "problem": found.problem or None, "links": found.links(),
            }  # fmt: skip
            print(json.dumps(document, ensure_ascii=not (sys.stdout.encoding or "").lower().startswith("utf"), indent=2))
        return EXIT_COMPLETE if found.article else EXIT_INCOMPLETE
