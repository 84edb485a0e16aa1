"""Templates: dated, marked page layouts made of readers; and the parse by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import attrs
from attrs import frozen

from crawler.items import Article, Block, Image, Link
from crawler.parsers.dates.dates import LATER_THAN_CAPTURE, ZONE_ASSUMED, Moment, bounded
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.document.rules import Trace
from crawler.parsers.document.segments import words
from crawler.parsers.document.selectors import NOTHING, Reader
from crawler.parsers.languages.language import language_of

OUT_OF_SEASON = "out-of-season"
FELL_BACK = "template-failed"
GENERIC = "generic"
"""Name of the reader that needs no template."""
MUCH = 500
"""Characters by which a body may differ from the generic reader's without being doubted."""

KeyOfPicture = Callable[[str], str]


@frozen(kw_only=True)
class Template:
    """One layout of a site: its dates, its mark, and a reader for each field."""

    name: str
    mark: Reader[str]
    """Finds something only on pages of this layout."""
    seen_from: date | None = None
    """First capture day of the layout, or None."""
    seen_until: date | None = None
    """Last capture day of the layout, or None."""
    headline: Reader[str]
    headline_alternatives: Reader[tuple[str, ...]] = NOTHING
    deck: Reader[str] = NOTHING
    blocks: Reader[tuple[Block, ...]]
    """Picture blocks index into what `images` reads."""
    images: Reader[tuple[Image, ...]] = NOTHING
    authors: Reader[tuple[str, ...]] = NOTHING
    published: Reader[Moment] = NOTHING
    published_raw: Reader[str] = NOTHING
    modified: Reader[Moment] = NOTHING
    section: Reader[str] = NOTHING
    breadcrumb: Reader[tuple[Link, ...]] = NOTHING
    language: Reader[str] = NOTHING
    tags: Reader[tuple[str, ...]] = NOTHING
    videos: Reader[tuple[str, ...]] = NOTHING
    alternates: Reader[tuple[str, ...]] = NOTHING
    related: Reader[tuple[Link, ...]] = NOTHING
    canonical_url: Reader[str] = NOTHING

    def holds(self, day: date) -> bool:
        """Tell whether the layout was in use on a capture day."""
        return (self.seen_from is None or self.seen_from <= day) and (self.seen_until is None or day <= self.seen_until)


FIELDS = (
    "headline", "headline_alternatives", "deck", "blocks", "images", "authors", "published", "published_raw", "modified", "section",
    "breadcrumb", "language", "tags", "videos", "alternates", "related", "canonical_url",
)  # fmt: skip
"""The fields that a template has readers for."""


def choose(page: Page, templates: Sequence[Template]) -> tuple[Template, bool] | None:
    """Choose the first template with its mark on the page, in season before out.

    The second value tells whether it is in season.
    """
    day = page.date.date()
    out_of_season: Template | None = None
    for template in templates:
        if (out_of_season is None or template.holds(day)) and template.mark(page) is not None:
            if template.holds(day):
                return template, True
            out_of_season = template
    return None if out_of_season is None else (out_of_season, False)


def parse(
    page: Page,
    templates: Sequence[Template] = (),
    *,
    story: str | None = None,
    language: str | None = None,
    languages: Sequence[str] = (),
    timezone: str = "UTC",
    key_of_picture: KeyOfPicture | None = None,
    generic: bool = True,
) -> Article:
    """Read an article off a page; pure.

    Args:
        story: `presstv/459588`, where it is known.
        language: Language of the mirror that served the page; believed unless the text clearly speaks against it.
        languages: Those the publisher writes.
        timezone: IANA name of the zone of printed times without one.
        key_of_picture: What stays the same when a picture's host changes.
        generic: Whether the generic reader may help where no template fits; without it a poor reading comes back as it is.
    Raises:
        Unreadable: There is nothing on the page that could be parsed.
    """
    chosen = choose(page, templates)
    if page.trace is not None:
        _note_templates(page.trace, page, templates, chosen)
    mine: Article | None = None
    failure: str | None = None
    problems: tuple[str, ...] = ()
    if chosen is not None:
        template, in_season = chosen
        problems = () if in_season else (OUT_OF_SEASON,)
        mine = read(
            page, template, language=language, languages=languages, timezone=timezone, key_of_picture=key_of_picture, problems=problems
        )
        failure = fault(page, mine)
        if not generic or (failure is None and not _looks_cut(page, mine)):
            return attrs.evolve(mine, story=story)
    other = _generic(page, language, timezone, key_of_picture)
    if mine is not None:
        failure = failure or _cut(mine, other)
        if failure is None:
            return attrs.evolve(mine, story=story)
        problems = (*problems, f"{FELL_BACK}: {mine.template}: {failure}")
    return attrs.evolve(other, story=story, problems=(*problems, *other.problems))


def _generic(page: Page, language: str | None, timezone: str, key_of_picture: KeyOfPicture | None) -> Article:
    """Read a page by the generic reader, imported when it is needed."""
    from crawler.parsers.generic.generic import read_generic

    if page.trace is not None:
        page.trace.reader = GENERIC
    return read_generic(page, language=language, timezone=timezone, key_of_picture=key_of_picture)


def _note_templates(trace: Trace, page: Page, templates: Sequence[Template], chosen: tuple[Template, bool] | None) -> None:
    """Note the templates with their mark on the page, and the reader chosen."""
    trace.reader = ""
    marked = [template for template in templates if template.mark(page) is not None]
    season = {True: "its mark is on the page", False: "its mark is on the page, out of season"}
    said = [(template.name, season[template.holds(page.date.date())]) for template in marked]
    trace.note("template", chosen[0].name if chosen else None, said, [one.name for one in templates if one not in marked])
    trace.reader = chosen[0].name if chosen else GENERIC


def read(
    page: Page,
    template: Template,
    *,
    language: str | None = None,
    languages: Sequence[str] = (),
    timezone: str = "UTC",
    key_of_picture: KeyOfPicture | None = None,
    problems: Sequence[str] = (),
) -> Article:
    """Read a page by one template, whatever its mark and dates say."""
    values: dict[str, Any] = {}
    by: dict[str, str] = {}
    for name in FIELDS:
        one: Reader[Any] = getattr(template, name)
        found = one(page)
        if found is not None:
            values[name], by[name] = found.value, found.by
        if page.trace is not None and one is not NOTHING:
            _note(page.trace, page, name, one)
    noted = [*problems, *page.problems]
    for name in ("published", "modified"):
        values[name] = dated(values.get(name), page.date, timezone, noted)
        if values[name] is None:
            by.pop(name, None)
    if key_of_picture is not None and "images" in values:
        values["images"] = tuple(attrs.evolve(image, key=key_of_picture(image.url)) for image in values["images"])
    if language:
        # Templates carry a fixed html[lang]; the host knows better, and a text in another language better still.
        text = " ".join(block.text or "" for block in values.get("blocks", ()))
        values["language"], by["language"] = language_of(text, language, languages), "host, text"
        if page.trace is not None:
            page.trace.note("language", "host, text", [("host, text", values["language"])])
    return Article(url=page.url, template=template.name, read_by=by, problems=tuple(dict.fromkeys(noted)), **values)


def _note(trace: Trace, page: Page, name: str, one: Reader[Any]) -> None:
    """Note the answers of all readers of a field."""
    answers = [(part.name, part(page)) for part in one.parts or (one,)]
    said = [(found.by, found.value) for _, found in answers if found is not None]
    trace.note(name, said[0][0] if said else None, said, [reader for reader, found in answers if found is None])


def dated(value: Moment | None, captured: datetime, timezone: str, problems: list[str]) -> str | None:
    """Write a moment as ISO 8601; None and a problem if later than the capture."""
    if value is None:
        return None
    iso, assumed = value.iso(timezone)
    if not bounded(iso, captured):
        problems.append(LATER_THAN_CAPTURE)
        return None
    if assumed:
        problems.append(ZONE_ASSUMED)
    return iso


def fault(page: Page, article: Article) -> str | None:
    """Name the reason why a template's reading is wrong, or None.

    No headline, a headline that is not on the page, or nothing under it.
    """
    if not article.headline:
        return "no headline"
    if not _is_printed(page, words(article.headline)):
        return "headline is not on the page"
    if not article.body and not article.images and not article.videos:
        return "no body, picture or video"
    return None


def _is_printed(page: Page, key: str) -> bool:
    """Tell whether a page has these words, asked of its lines before all its text."""
    lines = (segment for segment in flow(page) if len(segment.text) >= len(key))
    return any(key in segment.key for segment in lines) or key in words("".join(page.root.itertext()))


def _looks_cut(page: Page, article: Article) -> bool:
    """Tell whether a page has far more prose than was read: cheap, often wrong."""
    prose = sum(len(segment.text) for segment in flow(page) if len(segment.text) >= 80 and segment.linked < 0.3)
    return prose - len(article.body) > MUCH and len(article.body) < 0.4 * prose


def _cut(article: Article, other: Article) -> str | None:
    """Name the reason why a template's body is cut, or None.

    The generic reader finds the same text and far more.
    """
    mine, theirs = article.body, other.body
    same = not mine or any(words(line) in words(theirs) for line in mine.split("\n") if len(line) >= 40)
    if same and len(theirs) > 2 * len(mine) and len(theirs) - len(mine) > MUCH:
        # No numbers: problems are counted by their words.
        return "the body is less than half of what the generic reader finds"
    return None
