"""Story page: a version to read, and all that is known of its story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from crawler.catalogue import stories
from crawler.catalogue.stories import CaptureLine, MirrorLine, VersionLine
from crawler.history.divergences import Divergence, divergences_of
from crawler.history.events import Event, Wanted, events
from crawler.history.sentence_diff import Piece
from crawler.history.version_texts import changed, texts_of
from crawler.index.rows import Story
from crawler.readingroom.pictures import Shown, shown_pictures
from crawler.roomframe.page import Asked, BadRequest, Elsewhere, NotThere, Page
from crawler.roomframe.strings import TEXTS

if TYPE_CHECKING:
    from crawler.items import Article, Block, Version

VERSIONS_PAGE = 12
CAPTURES_PAGE = 25
EVENTS_SHOWN = 12
DIVERGENCES_SHOWN = 10
COMPARED_CHARACTERS = 400_000
"""Characters of two texts beyond which their difference is not made for a page."""
SHOWN_CHARACTERS = 60_000
"""Characters of a body that one page shows; the rest on further ones."""


@frozen(kw_only=True)
class Part:
    """One piece of a body as it is set: a block, or a list."""

    kind: str
    text: str | None = None
    items: tuple[str, ...] = ()
    """Of a list."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a table: its cells, row by row."""
    picture: int | None = None
    """Place in `pictures`."""
    url: str | None = None


@frozen(kw_only=True)
class Text:
    """One version, as it is read."""

    n: int
    headline: str | None
    deck: str | None
    parts: Sequence[Part]
    pictures: Sequence[Shown]
    unplaced: Sequence[int]
    """Pictures that stand nowhere in the body."""
    authors: Sequence[str]
    published: str | None
    published_raw: str | None
    modified: str | None
    section: str | None
    language: str | None
    tags: Sequence[str]
    videos: Sequence[str]
    url: str
    template: str
    text_digest: str
    first_seen: str
    last_seen: str
    problems: Sequence[str]
    part_page: int
    part_pages: int
    """Pages that the body takes."""


@frozen(kw_only=True)
class Comparison:
    """Two versions side by side."""

    older: int
    newer: int
    fields: Mapping[str, Sequence[Piece]]
    """Pieces of each text that differs."""
    too_long: bool = False


@frozen(kw_only=True)
class Paged:
    """Place of a list's part in the whole."""

    page: int
    pages: int
    count: int


@frozen(kw_only=True)
class CaptureShown:
    """A capture with the addresses of what can be done with it."""

    capture: CaptureLine
    proof: str
    record: str
    replay: str | None


@frozen(kw_only=True)
class StoryShown:
    """Data of a story page."""

    story: Story
    text: Text | None
    """None where no version can be read: the story is only known by links or denials."""
    comparison: Comparison | None
    versions: Sequence[VersionLine]
    versions_paged: Paged
    mirrors: Sequence[MirrorLine]
    captures: Sequence[CaptureShown]
    captures_paged: Paged
    events: Sequence[Event]
    more_events: bool
    divergences: Sequence[Divergence]
    more_divergences: bool = field(default=False)


def story_page(asked: Asked) -> Page | Elsewhere:
    """Make the page of a story.

    Argument `v` names a version, `with` the one it is compared with.

    Raises:
        NotThere: There is no such story or version.
    """
    index, name = asked.index, asked.words["story"]
    story = index.story(name)
    if story is None:
        return _found(asked, name)
    newest = stories.newest_number(index, story.id)
    n = asked.number("v", newest or 1)
    text = stories.version_numbered(index, story.id, n)
    if text is None and "v" in asked.args:
        raise NotThere(TEXTS["no_version"].format(n=n, story=story.id, count=story.versions))
    listed = list(islice(events(index, Wanted(story=story.id, limit=EVENTS_SHOWN + 1)), EVENTS_SHOWN + 1))
    disagreeing = divergences_of(index.query, story.id)
    versions_paged, captures_paged = _paged(asked, "versions", story.versions, VERSIONS_PAGE), _paged_captures(asked, story.id)
    data = StoryShown(
        story=story,
        text=text_shown(asked, *text) if text else None,
        comparison=_comparison(asked, text[0], story.versions) if text else None,
        versions=stories.version_lines(index, story.id, limit=VERSIONS_PAGE, offset=(versions_paged.page - 1) * VERSIONS_PAGE),
        versions_paged=versions_paged,
        mirrors=stories.mirror_lines(index, story.id),
        captures=_captures(asked, story.id, captures_paged),
        captures_paged=captures_paged,
        events=listed[:EVENTS_SHOWN],
        more_events=len(listed) > EVENTS_SHOWN,
        divergences=disagreeing[:DIVERGENCES_SHOWN],
        more_divergences=len(disagreeing) > DIVERGENCES_SHOWN,
    )
    headline = data.text.headline if data.text else None
    return Page(template="story.html", title=headline or story.id, data=data)


def _found(asked: Asked, name: str) -> Elsewhere:
    """Go to the story that a number or an address means.

    Raises:
        NotThere: It means none, or several.
    """
    found = asked.index.find_story(name)
    if len(found) == 1:
        return Elsewhere(asked.to.story(found[0], **asked.args))
    what = TEXTS["several_stories"] if found else TEXTS["no_story"]
    raise NotThere(what.format(story=name[:200], stories=", ".join(found[:10])))


def text_shown(asked: Asked, version: Version, row: int) -> Text:
    """A version as it is set on a page, with its pictures."""
    article = version.article
    pictures = shown_pictures(asked, row)
    parts = parts_of(article, len(pictures))
    placed = {part.picture for part in parts}
    pages = _pages(parts)
    page = asked.number("part", 1, most=max(1, len(pages)))
    return Text(
        n=version.n, headline=article.headline, deck=article.deck, parts=pages[page - 1] if pages else (), pictures=pictures,
        unplaced=[one.n for one in pictures if one.n not in placed] if page == 1 else (), authors=article.authors,
        published=article.published, published_raw=article.published_raw, modified=article.modified, section=article.section,
        language=article.language, tags=article.tags, videos=article.videos, url=article.url, template=article.template,
        text_digest=version.text_digest, first_seen=_iso(version.first_seen), last_seen=_iso(version.last_seen),
        problems=article.problems, part_page=page, part_pages=max(1, len(pages)),
    )  # fmt: skip


def parts_of(article: Article, pictures: int) -> list[Part]:
    """The pieces of a body in order; items of one list are together."""
    parts: list[Part] = []
    for block in article.blocks:
        if block.kind == "list" and parts and parts[-1].kind == "list":
            parts[-1] = evolve(parts[-1], items=(*parts[-1].items, *_items(block)))
        elif block.kind != "picture" or (block.image is not None and block.image < pictures):
            parts.append(_part(block))
    return parts


def _part(block: Block) -> Part:
    if block.kind == "list":
        return Part(kind="list", items=_items(block))
    if block.kind == "table":
        return Part(kind="table", rows=tuple(tuple(line.split("\t")) for line in (block.text or "").split("\n")))
    return Part(kind=block.kind, text=block.text, picture=block.image, url=block.url)


def _items(block: Block) -> tuple[str, ...]:
    """The items of a list: one a line."""
    return tuple((block.text or "").split("\n"))


def _pages(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts by page, each about as long as a page may be."""
    pages: list[list[Part]] = []
    room = 0
    for part in (piece for one in parts for piece in _cut(one)):
        length = len(part.text or "") + sum(map(len, part.items)) + sum(len(cell) for row in part.rows for cell in row)
        if not pages or length > room:
            pages.append([])
            room = SHOWN_CHARACTERS
        pages[-1].append(part)
        room -= length
    return pages


def _cut(part: Part) -> list[Part]:
    """A part that is longer than a page, in pieces of a page."""
    if part.text and len(part.text) > SHOWN_CHARACTERS:
        return [evolve(part, text=part.text[at : at + SHOWN_CHARACTERS]) for at in range(0, len(part.text), SHOWN_CHARACTERS)]
    return [part]


def _comparison(asked: Asked, newer: Version, count: int) -> Comparison | None:
    """The version shown beside another one: the one before, or as asked for."""
    other = asked.number("with", newer.n - 1 or 2, most=max(2, count))
    if count < 2 or other == newer.n:
        return None
    found = stories.version_numbered(asked.index, newer.story, other)
    if found is None:
        raise BadRequest(f"with={other}")
    first, second = sorted((found[0], newer), key=lambda one: one.n)
    if sum(map(len, (*texts_of(first).values(), *texts_of(second).values()))) > COMPARED_CHARACTERS:
        return Comparison(older=first.n, newer=second.n, fields={}, too_long=True)
    return Comparison(older=first.n, newer=second.n, fields=changed(first, second))


def _captures(asked: Asked, story_id: str, paged: Paged) -> list[CaptureShown]:
    lines = stories.capture_lines(asked.index, story_id, limit=CAPTURES_PAGE, offset=(paged.page - 1) * CAPTURES_PAGE)
    return [
        CaptureShown(
            capture=one, proof=asked.to.proof(one.record_id), record=asked.to.record(one.record_id),
            replay=asked.replay(one.date, one.via or one.url),
        )
        for one in lines
    ]  # fmt: skip


def _paged_captures(asked: Asked, story_id: str) -> Paged:
    return _paged(asked, "captures", stories.capture_count(asked.index, story_id), CAPTURES_PAGE)


def _paged(asked: Asked, name: str, count: int, size: int) -> Paged:
    pages = max(1, -(-count // size))
    return Paged(page=asked.number(name, 1, most=pages), pages=pages, count=count)


def _iso(when: Any) -> str:
    from crawler.index.rows import iso

    return iso(when)
