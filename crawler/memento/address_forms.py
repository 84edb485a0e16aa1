"""Addresses under which a story may have been archived, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from crawler.sites.site import Site
from crawler.urls import path_of, surt


def address_forms(site: Site, known: Iterable[str], *, language: str | None, day: date | None, most: int) -> list[str]:
    """List the forms of a story's address.

    First those that are known, in their order; then each path on every mirror of its language, those first that were the publisher's on its
    day. Archives take scheme and `www` for nothing, so the other scheme comes last.

    Args:
        day: When the story was published, if known.
        most: Forms that are listed.
    """
    forms: dict[str, str] = {}
    known = [url for url in known if site.owns(url)]
    for url in (*known, *_on_mirrors(site, known, language, day)):
        forms.setdefault(surt(url), url)
        if len(forms) >= most:
            break
    found = list(forms.values())
    return list(dict.fromkeys([*found, *map(_other_scheme, found)]))[:most]


def prefixes(site: Site, forms: Iterable[str]) -> list[str]:
    """List the beginnings of a story's addresses up to its number.

    Returns:
        Nothing for stories that are told by their slug.
    """
    return list(dict.fromkeys(begin for url in forms if (begin := _to_number(site, url)) is not None))


def _on_mirrors(site: Site, known: list[str], language: str | None, day: date | None) -> Iterator[str]:
    wanted = language or site.language
    mirrors = [m for m in site.mirrors if (m.language or site.language) == wanted]
    # A mirror that was the publisher's then, and no second name of another, is what archives came upon.
    ordered = sorted(mirrors, key=lambda m: (m.alias, day is not None and not m.holds(day)))
    paths = list(dict.fromkeys(map(path_of, known)))
    for path in paths:
        for mirror in ordered:
            url = f"{mirror.scheme}://{mirror.host}{path}"
            if site.story_id(url) is not None:
                yield url


def _to_number(site: Site, url: str) -> str | None:
    path = path_of(url)
    for pattern in site.stories:
        if found := re.search(pattern, path, re.IGNORECASE):
            if not found["id"].isdecimal() or found.end("id") == 0:
                return None
            parts = urlsplit(url)
            return f"{parts.scheme}://{parts.netloc}{path[: found.end('id')]}"
    return None


def _other_scheme(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme="http" if parts.scheme == "https" else "https"))
