"""`scrapy search QUERY`: full text over headline, deck, body, captions, credits and authors."""

from __future__ import annotations

import argparse
import json

from crawler.cli import COLLECTION, JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, Usage


class Command(ArchiveCommand):
    """Search a collection."""

    usage = "[options] QUERY"
    summary = "Search the stories of a collection, their captions and credits"
    details = (
        "Finds the newest version of each story, those that are gone too, the best first. All words must occur; there are phrases, fields,"
        " dates, exclusions and alternatives. Any text is a valid query; put -- before one that begins with a dash."
    )
    options = (
        COLLECTION,
        JSON,
        option("--limit", metavar="N", default="20", help="show at most N stories (default: 20)"),
        option("--offset", metavar="N", default="0", help="leave out the first N"),
        option("--sort", choices=("relevance", "date"), default="relevance", help="relevance (default), or date: the newest first"),
        option("--facets", action="store_true", help="count what was found by section, agency, year, language and site"),
        option("--all-versions", action="store_true", help="find earlier versions of stories too"),
    )

    def epilog(self, width: int) -> str:
        """Tell the operators."""
        from crawler.printed.found import OPERATORS

        return OPERATORS

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Search and print."""
        from crawler.printed.found import document, lines
        from crawler.printed.read_index import read_index
        from crawler.search.answers import answer
        from crawler.search.query import read_query

        assert self.settings is not None
        text = " ".join(args)
        for name, least in (("limit", 1), ("offset", 0)):
            given = getattr(opts, name)
            if not (given.isascii() and given.isdecimal() and len(given) < 10 and int(given) >= least):
                raise Usage(f"--{name} {given[:40]}: must be a number from {least} on")
        read_query(text)  # refuses a blank one before anything is opened
        path = self.collection_path(opts.collection)
        with read_index(path) as index, index.snapshot():
            found = answer(
                index, text, limit=int(opts.limit), offset=int(opts.offset), sort=opts.sort, all_versions=opts.all_versions,
                facets=opts.facets, recency=self.settings.getfloat("ARCHIVE_SEARCH_RECENCY"),
            )  # fmt: skip
        if opts.json:
            print(json.dumps(document(found, str(path), facets=opts.facets), ensure_ascii=True, indent=2))
        else:
            print("\n\n".join(lines(found, path.name)))
        return EXIT_COMPLETE
