"""Videos: addresses of films a page plays or offers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.parsers.document.elements import elements_of, tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.selectors import Reader, reader

_FILE = re.compile(r"""["']?(?:file|src|source|url|contentUrl|hls)["']?\s*:\s*["']([^"'\s]+?\.(?:m3u8|mp4|webm)(?:\?[^"']*)?)["']""")
_FILM = re.compile(r"\.(?:m3u8|mp4|webm|m4v|mov)(?:[?#]|$)", re.IGNORECASE)
_ANY_FILM = re.compile(_FILM.pattern, re.IGNORECASE | re.MULTILINE)
_players = etree.XPath("//a/@href | //video/@src | //video//source/@src | //*[@data-video]/@data-video", smart_strings=False)
_NAME = re.compile(r"/([^/?#]+)(?:[?#]|$)")


def videos() -> Reader[tuple[str, ...]]:
    """Read the addresses of films: links, players, scripts.

    An address known by a link counts before a player's path of the same file.
    """
    return reader("player", _videos)


def _videos(page: Page) -> tuple[str, ...]:
    out: dict[str, str] = {}
    for url in _addresses(page):
        found = page.join(url)
        if found and found.startswith("http"):
            name = _NAME.search(found)
            out.setdefault(name[1].lower() if name else found, found)
    return tuple(out.values())


def _addresses(page: Page) -> Iterator[str]:
    yield from map(str.strip, _shown(page))
    for script in tagged(page, "script"):
        if (text := script.text or "") and ("m3u8" in text or ".mp4" in text):
            for found in _FILE.finditer(text[:200_000]):
                yield found[1].replace("\\/", "/")
    for field in tagged(page, "input"):
        value = field.get("value") or ""
        if _FILM.search(value) and "/" in value:
            yield value.strip()


def _shown(page: Page) -> list[str]:
    """The addresses of films in links and players."""
    told = [link.get("href") or "" for link in tagged(page, "a")]
    told += [player.get("src") or "" for tag in ("video", "source") for player in tagged(page, tag)]
    # The addresses of the whole page are put in order only where one is a film's.
    if not _ANY_FILM.search("\n".join((*told, *elements_of(page).data_videos))):
        return []
    return [value for value in _players(page.root) if _FILM.search(value)]
