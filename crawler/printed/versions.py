"""Versions of a story, for people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from crawler.formatting import one_line, shown
from crawler.printed.word_diff import marked_sentences

if TYPE_CHECKING:
    from crawler.history.sentence_diff import Piece
    from crawler.index.index import Sighting, Story
    from crawler.items import Version

Changes = dict[str, list["Piece"]]


def document_of(story: Story, versions: list[Version], sightings: list[Sighting], changes: list[Changes]) -> dict[str, object]:
    """Make the document of a story: its versions with their sightings and changes."""
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


def plain_value(value: object) -> str:
    """Write a time, or anything else, for JSON."""
    from crawler.index.rows import iso

    return iso(value) if hasattr(value, "tzinfo") else str(value)  # type: ignore[arg-type]


def title_of(story: Story) -> str:
    """Write the lines on a story."""
    count = f"{story.versions} version{'' if story.versions == 1 else 's'}"
    lines = [f"{one_line(story.id)}  {story.state or 'unknown'}  {count}"]
    if story.canonical_url:
        lines.append(one_line(story.canonical_url))
    return "\n".join(lines)


def version_told(version: Version, sightings: list[Sighting], changes: list[Changes]) -> str:
    """Write the lines on one version."""
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
