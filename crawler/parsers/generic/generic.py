"""Read any news page without a site file, each field by its best candidate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve

from crawler.errors import Unreadable
from crawler.items import Article, Block
from crawler.parsers.authors.authors import authors as name_authors
from crawler.parsers.dates.country_zones import zone_of_address
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import Segment
from crawler.parsers.document.videos import videos
from crawler.parsers.embedded.hydrated import hydrated
from crawler.parsers.forms.forms import formed
from crawler.parsers.forms.live import in_entries
from crawler.parsers.forms.stub import cut_short
from crawler.parsers.generic.body import Prose, prose
from crawler.parsers.generic.candidates import Candidates
from crawler.parsers.generic.deck_related import deck, related
from crawler.parsers.generic.metadata import canonical_of, claimed_language, section_of, tags_of
from crawler.parsers.generic.taken import Taken
from crawler.parsers.generic.told import told_prose, told_text
from crawler.parsers.headlines.headline import headline
from crawler.parsers.images.collect import Gallery, gallery
from crawler.parsers.languages.language import language_of
from crawler.parsers.times.times import Reading, times_of

MIN_BEGUN = 60
"""Letters of the first line of text: date lines above it are no text."""


def read_generic(
    page: Page, *, language: str | None = None, timezone: str = "UTC", key_of_picture: Callable[[str], str] | None = None
) -> Article:
    """Read any news page.

    Args:
        language: Language of the host, where known; a hint only.
        timezone: Zone of printed times without one; UTC means unknown: then that of the country the host's name ends in, if it has one.
    Raises:
        Unreadable: The page cannot be parsed.
    """
    try:
        return _article(hydrated(page), language, timezone, key_of_picture)
    except (RecursionError, MemoryError) as error:
        raise Unreadable(f"{page.url}: too deep or too large to read ({type(error).__name__})") from error


def _article(page: Page, language: str | None, timezone: str, key_of: Callable[[str], str] | None) -> Article:
    """Read the fields one after the other, each with the former's results."""
    said, trace = Candidates(page), page.trace
    head = headline(said, trace)
    told = told_text(said.linked.article.get("articleBody"))
    found = told_prose(prose(page, said.segments, head.at, told), told, said.segments, head.at, trace)
    body, unfinished = _formed(page, said, head.at, found)
    claimed = claimed_language(said, language)
    people = name_authors(said, head.at, body.places, trace, claimed)
    shown = gallery(page, said.segments, head.at, body.places, people.names, key_of)
    taken = Taken.by((head.text or "", *head.others), people.names, shown).believed(body.blocks)
    blocks = _blocks(body, taken, shown, said.segments)
    times = times_of(_reading(said, head.at, body, timezone, language))
    published, modified = times.published, times.modified
    section = section_of(said, head.at, head.text, trace)
    values: dict[str, tuple[Any, str | None]] = {
        "headline": (head.text, head.by),
        "deck": deck(said, head.at, body, trace) or (None, None),
        "blocks": (blocks, body.by),
        "images": (tuple(image for image, _ in shown.images), "figures"),
        "authors": (people.names, people.by),
        "published": (published.iso, published.by),
        "modified": (modified.iso, modified.by),
        "section": (section.name, section.by),
        "breadcrumb": (section.crumbs, section.crumbs_by),
        "videos": _videos(page),
    }
    canonical = canonical_of(said)
    return Article(
        url=page.url, headline_alternatives=head.others, published_raw=times.raw, tags=tags_of(said),
        language=language_of("\n".join(b.text or "" for b in blocks) or head.text or "", claimed),
        canonical_url=canonical, related=related(said, body, canonical),
        read_by={field: by for field, (value, by) in values.items() if value and by} | {"language": "html lang, text"},
        problems=tuple(dict.fromkeys([*page.problems, *published.problems, *modified.problems, *unfinished])),
        **{field: value for field, (value, _) in values.items()},
    )  # fmt: skip


def _formed(page: Page, said: Candidates, headline: int, body: Prose) -> tuple[Prose, Sequence[str]]:
    """The body in its form (entries, corrections, embeds), and whether it is only a beginning."""
    blocks, by = formed(page, said.segments, headline, body.blocks, body.by)
    said.of_entry = in_entries(page)
    whole, problems = cut_short(page, said.segments, headline, blocks, said.linked.article)
    return evolve(body, blocks=tuple(whole), by=by), problems


def _reading(said: Candidates, at: int, body: Prose, timezone: str, language: str | None) -> Reading:
    """The page as the readers of times take it."""
    page = said.page
    return Reading(
        page=said, at=at, places=body.places, zone=_zone(page, timezone), captured=page.date, language=language, trace=page.trace
    )


def _zone(page: Page, timezone: str) -> str:
    """IANA name of the zone of printed times without one."""
    return (zone_of_address(page.url) or timezone) if timezone == "UTC" else timezone


def _videos(page: Page) -> tuple[tuple[str, ...], str | None]:
    """The page's films, and the reader that found them."""
    found = videos()(page)
    return (found.value, found.by) if found else ((), None)


def _blocks(body: Prose, taken: Taken, shown: Gallery, segments: Sequence[Segment]) -> tuple[Block, ...]:
    """The body without the lines that other fields took, pictures in their places."""
    at = {n: i for i, (_, n) in enumerate(shown.images) if n is not None}
    out: list[Block] = []
    waiting = sorted(at)
    begun = False
    for whole, place in body.blocks:
        if whole.kind in ("embed", "entry"):
            out.append(whole)
            continue
        block = whole if place is None or begun else taken.without(whole, segments[place])
        if place in taken.places or taken.holds(block) or not block.text:
            continue
        while place is not None and waiting and waiting[0] < place:
            out.append(Block(kind="picture", image=at[waiting.pop(0)]))
        out.append(block)
        begun = begun or len(block.text) >= MIN_BEGUN
    return (*out, *(Block(kind="picture", image=at[n]) for n in waiting))
