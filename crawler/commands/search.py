"""`scrapy search QUERY`: full text over headline, deck, body, captions and credits."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

import attrs

from crawler.cli import COLLECTION, JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, Usage
from crawler.formatting import one_line, shown

if TYPE_CHECKING:
    from crawler.search.search import Caption, Hit


class Command(ArchiveCommand):
    """Search a collection."""

    usage = "[options] QUERY"
    summary = "Search the stories of a collection, their captions and credits"
    details = (
        'All words must occur; "quoted words" must stand together; a word behind a leading - must not occur.'
        " Any text is a valid query; put -- before one that begins with a dash."
    )
    options = (
        COLLECTION,
        JSON,
        option("--limit", metavar="N", default="20", help="show at most N stories (default: 20)"),
    )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Search and print."""
        from crawler.commands._read_index import read_index
        from crawler.search.search import found, read_query

        query = " ".join(args)
        if not (opts.limit.isascii() and opts.limit.isdecimal() and len(opts.limit) < 10):
            raise Usage(f"--limit {opts.limit[:40]}: must be a number from 1 on")
        read_query(query)  # refuses a blank one before anything is opened
        path = self.collection_path(opts.collection)
        with read_index(path) as index, index.snapshot():
            result = found(index, query, int(opts.limit))
        hits = result.hits
        if opts.json:
            document = {"query": query, "collection": str(path), "more": result.more, "hits": [attrs.asdict(hit) for hit in hits]}
            print(json.dumps(document, ensure_ascii=True, indent=2))
        else:
            count = f"{'more than ' if result.more else ''}{len(hits)} {'story' if len(hits) == 1 else 'stories'} found in {path.name}"
            print("\n\n".join([*map(_told, hits), count + (f"; --limit shows more than {opts.limit}" if result.more else "")]))
        return EXIT_COMPLETE


def _told(hit: Hit) -> str:
    lines = [
        one_line(hit.headline or "(no headline)"),
        f"  {shown(hit.published)}  {one_line(hit.story_id)}  version {hit.n}  {one_line(hit.canonical_url or '')}".rstrip(),
    ]
    if hit.snippet:
        lines.append(f"  {one_line(' '.join(hit.snippet.split()))}")
    lines += [f"  picture: {_pictured(caption)}" for caption in hit.captions]
    return "\n".join(lines)


def _pictured(caption: Caption) -> str:
    credit = f"({caption.credit})" if caption.credit else ""
    return one_line(" ".join(f"{caption.caption or ''} {credit}".split()))
