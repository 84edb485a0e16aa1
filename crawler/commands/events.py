"""`scrapy events`: what happened to stories, on the terminal, as JSON, as an Atom feed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import COLLECTION, JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, Usage
from crawler.formatting import counted
from crawler.printed.events import kinds_of
from crawler.printed.stories import find_story
from crawler.terminal.moments import moment_of

if TYPE_CHECKING:
    from crawler.history.events import Wanted
    from crawler.index.index import Index

SHOWN = 100
"""Events on the terminal unless another number is asked for."""


class Command(ArchiveCommand):
    """Show what happened to stories."""

    usage = "[options]"
    summary = "Show what happened to stories: published, edited, removed, restored, moved, diverged"
    details = (
        "Show what happened to the stories of a collection, the newest first. Kinds: published, edited, headline_changed, caption_changed,"
        " credit_changed, picture_replaced, removed, restored, moved, diverged."
    )
    options = (
        COLLECTION,
        option("--since", metavar="DATE", help="events at DATE or later (UTC)"),
        option("--until", metavar="DATE", help="events before DATE (UTC); those of the day where it is one"),
        option("--site", metavar="NAME", help="events of one site"),
        option("--kind", metavar="KIND[,KIND]", help="events of these kinds"),
        option("--story", metavar="STORY", help="events of one story: id, number or address"),
        JSON,
        option("--atom", metavar="FILE", help="write an Atom feed to FILE"),
        option("--self", dest="address", metavar="URL", help="of the feed: the address it will be found at"),
        option("--limit", metavar="N", help=f"the newest N events; 0 for all (default: {SHOWN}, with --json all)"),
    )

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse kinds, dates and numbers that are none."""
        if args:
            raise Usage("takes no arguments; a story is named with --story")
        if opts.json and opts.atom:
            raise Usage("--json, --atom: name one of them")
        if opts.address and not opts.atom:
            raise Usage("--self: goes with --atom")
        if opts.address and not opts.address.startswith(("http://", "https://")):
            raise Usage(f"--self {opts.address[:40]}: must be an address with http or https")
        if opts.limit is not None and not (opts.limit.isascii() and opts.limit.isdecimal() and len(opts.limit) < 10):
            raise Usage(f"--limit {opts.limit[:40]}: must be a number from 0 on")
        if opts.kind:
            kinds_of(opts.kind)
        for name, text in (("--since", opts.since), ("--until", opts.until)):
            if text:
                moment_of(text, option=name)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Find the events and show them."""
        from crawler.history.events import events
        from crawler.printed.events import print_document, print_lines
        from crawler.printed.read_index import read_index

        self.check(args, opts)
        path = self.collection_path(opts.collection)
        with read_index(path) as index, index.snapshot():
            wanted = self._wanted(index, path, opts)
            if opts.atom:
                self._write_feed(index, path, wanted, opts)
            elif opts.json:
                print_document(index, path, wanted)
            else:
                print_lines(events(index, wanted), wanted.limit, path.name)
        return EXIT_COMPLETE

    def _wanted(self, index: Index, path: Path, opts: argparse.Namespace) -> Wanted:
        from crawler.history.events import Wanted

        assert self.settings is not None
        folders = map(str, self.settings.getlist("ARCHIVE_SITES"))
        limit = int(opts.limit) if opts.limit is not None else 0 if opts.json else SHOWN
        # One more than is shown tells that there are more.
        more = 0 if opts.json or opts.atom else 1
        return Wanted(
            since=moment_of(opts.since) if opts.since else None,
            until=moment_of(opts.until, option="--until", ended=True) if opts.until else None,
            site=opts.site,
            kinds=kinds_of(opts.kind) if opts.kind else (),
            story=find_story(index, opts.story, collection=path.name, folders=folders).id if opts.story else None,
            limit=limit + more if limit else None,
        )

    def _write_feed(self, index: Index, path: Path, wanted: Wanted, opts: argparse.Namespace) -> None:
        from crawler.history.atom import FeedFacts
        from crawler.monitoring.events_feed import write_feed

        assert self.settings is not None
        author = self.settings.get("ARCHIVE_OPERATOR") or path.name
        authority = self.settings.get("ARCHIVE_FEED_AUTHORITY")
        facts = FeedFacts(collection=path.name, authority=authority, author=author, address=opts.address)
        count = write_feed(Path(opts.atom).expanduser(), index, wanted, facts)
        print(f"{counted(count, 'event')} in {opts.atom}")
