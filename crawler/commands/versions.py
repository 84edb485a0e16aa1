"""`scrapy versions STORY`: the texts of a story, with dates and mirrors."""

from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from crawler.cli import COLLECTION, JSON, ArchiveCommand, option
from crawler.errors import EXIT_COMPLETE, SetupError, Usage
from crawler.printed.stories import find_story
from crawler.terminal.paint import paint_changes

if TYPE_CHECKING:
    from crawler.index.index import Sighting, Story


class Command(ArchiveCommand):
    """Show the versions of one story."""

    usage = "[options] STORY"
    summary = "Show the versions of a story, with dates and mirrors"
    details = "STORY is an id (presstv/459588), a number, or an address of the story."
    options = (
        COLLECTION,
        option("--diff", action="store_true", help="show what changed, by sentence and within one by word: [-gone-]{+new+}"),
        option("--mirrors", action="store_true", help="show what each mirror showed and when, and both texts where two disagree"),
        option("--timemap", metavar="FILE", help="write the TimeMap (RFC 7089) as link format, or JSON by the ending; - for stdout"),
        option("--base", metavar="URL", help="the pywb collection that serves what we hold (default http://localhost:8080/COLLECTION/)"),
        JSON,
    )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Find the story and print its versions."""
        from crawler.history.divergences import divergences_of, shown_by_mirrors
        from crawler.history.version_texts import changed
        from crawler.printed.mirrors import mirrors_told
        from crawler.printed.read_index import read_index
        from crawler.printed.versions import document_of, plain_value, title_of, version_told

        assert self.settings is not None
        if len(args) != 1:
            raise Usage("name one story: an id (presstv/459588), a number, or an address")
        path = self.collection_path(opts.collection)
        with read_index(path) as index, index.snapshot():
            story = find_story(index, args[0], collection=path.name, folders=map(str, self.settings.getlist("ARCHIVE_SITES")))
            versions, sightings = index.versions(story.id), index.sightings(story.id)
            mirrors = shown_by_mirrors(index.conn, story.id) if opts.mirrors else []
            divergences = divergences_of(index.query, story.id) if opts.mirrors else []
        if opts.timemap:
            return self._write_timemap(opts, story, sightings, name=path.name)
        changes = [changed(older, newer) for older, newer in pairwise(versions)] if opts.diff else []
        if opts.json:
            document = document_of(story, versions, sightings, changes)
            if opts.mirrors:
                document |= {"mirrors": list(map(attrs.asdict, mirrors)), "divergences": list(map(attrs.asdict, divergences))}
            print(json.dumps(document, ensure_ascii=True, indent=2, default=plain_value))
        else:
            told = [mirrors_told(mirrors, divergences)] if opts.mirrors else [version_told(v, sightings, changes) for v in versions]
            print(paint_changes("\n\n".join([title_of(story), *told]), sys.stdout))
        return EXIT_COMPLETE

    def _write_timemap(self, opts: argparse.Namespace, story: Story, sightings: list[Sighting], *, name: str) -> int:
        """Write the TimeMap of a story, across its mirrors and web archives."""
        from crawler.memento.timemap import timemap_text

        base = opts.base or f"http://localhost:8080/{name}/"
        if not base.startswith(("http://", "https://")):
            raise Usage(f"--base: {base!r} is no address of a web server")
        text = timemap_text(story.canonical_url, sightings, base=base, as_json=opts.timemap.endswith(".json") or bool(opts.json))
        if opts.timemap == "-":
            print(text, end="")
            return EXIT_COMPLETE
        try:
            Path(opts.timemap).write_text(text, encoding="ascii")
        except OSError as error:
            raise SetupError(f"--timemap: {opts.timemap}: cannot write: {error.strerror or error}") from error
        return EXIT_COMPLETE
