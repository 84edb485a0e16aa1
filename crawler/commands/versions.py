"""`scrapy versions STORY`: the texts of a story, with dates and mirrors."""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from crawler.cli import COLLECTION, JSON, ArchiveCommand, option
from crawler.commands._stories import find_story
from crawler.errors import EXIT_COMPLETE, SetupError, Usage
from crawler.formatting import one_line, shown
from crawler.printed.word_diff import marked_sentences

if TYPE_CHECKING:
    from crawler.history.sentence_diff import Piece
    from crawler.index.index import Sighting, Story
    from crawler.items import Version

Changes = dict[str, list["Piece"]]


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
        from crawler.commands._read_index import read_index
        from crawler.history.divergences import divergences_of, shown_by_mirrors
        from crawler.history.version_texts import changed
        from crawler.printed.mirrors import mirrors_told

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
            document = _document(story, versions, sightings, changes)
            if opts.mirrors:
                document |= {"mirrors": list(map(attrs.asdict, mirrors)), "divergences": list(map(attrs.asdict, divergences))}
            print(json.dumps(document, ensure_ascii=True, indent=2, default=_plain))
        else:
            told = [mirrors_told(mirrors, divergences)] if opts.mirrors else [_told(v, sightings, changes) for v in versions]
            print("\n\n".join([_title(story), *told]))
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


# -- for programs


def _document(story: Story, versions: list[Version], sightings: list[Sighting], changes: list[Changes]) -> dict[str, object]:
    from crawler.history.sentence_diff import word_pieces
    from crawler.history.version_texts import texts_of

    listed = []
    for at, version in enumerate(versions):
        entry: dict[str, object] = {"n": version.n, "first_seen": version.first_seen, "last_seen": version.last_seen}
        entry |= {"text_digest": version.text_digest, "url": version.article.url, **texts_of(version)}
        entry |= {"published": version.article.published, "section": version.article.section, "template": version.article.template}
        entry["images"] = [attrs.asdict(image) for image in version.article.images]
        entry["sightings"] = [attrs.asdict(s) for s in sightings if s.n == version.n]
        if changes and at:
            entry["changes"] = {name: word_pieces(pieces) for name, pieces in changes[at - 1].items()}
            entry["sentences"] = {name: [attrs.asdict(piece) for piece in pieces] for name, pieces in changes[at - 1].items()}
        listed.append(entry)
    return {**attrs.asdict(story), "versions": listed}


def _plain(value: object) -> str:
    from crawler.index.rows import iso

    return iso(value) if hasattr(value, "tzinfo") else str(value)  # type: ignore[arg-type]


# -- for people


def _title(story: Story) -> str:
    count = f"{story.versions} version{'' if story.versions == 1 else 's'}"
    lines = [f"{one_line(story.id)}  {story.state or 'unknown'}  {count}"]
    if story.canonical_url:
        lines.append(one_line(story.canonical_url))
    return "\n".join(lines)


def _told(version: Version, sightings: list[Sighting], changes: list[Changes]) -> str:
    seen = [s for s in sightings if s.n == version.n]
    hosts = ", ".join(dict.fromkeys(s.host for s in seen))
    times = f"{len(seen)} sighting{'' if len(seen) == 1 else 's'}"
    lines = [
        f"Version {version.n}  {shown(version.first_seen)} to {shown(version.last_seen)} UTC  {times} on {one_line(hosts)}",
        f"  {one_line(version.article.headline or '(no headline)')}",
    ]
    lines += [f"  {shown(s.date)} via {one_line(s.via)}, asked for {shown(s.captured or s.date)}" for s in seen if s.via]
    if changes and version.n > 1:
        lines += [f"  {name}: {one_line(marked_sentences(pieces))}" for name, pieces in changes[version.n - 2].items()]
    else:
        lines += [f"  picture: {one_line(_pictured(i.caption, i.credit))}" for i in version.article.images if i.caption or i.credit]
    return "\n".join(lines)


def _pictured(caption: str | None, credit: str | None) -> str:
    return " ".join(f"{caption or ''} {f'({credit})' if credit else ''}".split())
