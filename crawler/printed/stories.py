"""Find the story that a word on the command line names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.errors import SetupError, Usage

if TYPE_CHECKING:
    from crawler.index.index import Index, Story


def find_story(index: Index, words: str, *, collection: str, folders: Iterable[str]) -> Story:
    """Find a story by id, number or address.

    Args:
        folders: With site files beside our own.
    Raises:
        Usage: Several have it.
        SetupError: None has it.
    """
    ids = index.find_story(words) or [story for story in _named_by(words, tuple(folders)) if index.story(story)]
    if len(ids) > 1:
        raise Usage(f"{words}: several stories: {', '.join(ids[:10])}; name one")
    story = index.story(ids[0]) if ids else None
    if story is None:
        raise SetupError(f"{words}: no such story in {collection}; `scrapy search` finds stories by their words")
    return story


def _named_by(words: str, folders: tuple[str, ...]) -> list[str]:
    """List the story ids of an address, on known sites and elsewhere."""
    from crawler.sites.known import sites_known
    from crawler.urls import join, surt, web_story

    text = words.strip()
    if "/" not in text and "." not in text:
        return []
    address = text if "://" in text else f"https://{text.lstrip('/')}"
    url = join(address, address)
    if url is None:
        return []
    found = [story for site in sites_known(folders).values() if (story := site.story_id(url))]
    return found or [web_story(form) for form in _forms(url)] + [f"web/{surt(url)}"]


def _forms(url: str) -> list[str]:
    """List the spellings of a typed address: scheme, `www`, final slash."""
    parts = urlsplit(url)
    host, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    return [
        urlunsplit((scheme, name, path + end, parts.query, ""))
        for scheme in ("https", "http")
        for name in (host, f"www.{host}")
        for end in (("", "/") if path else ("/",))
    ]
