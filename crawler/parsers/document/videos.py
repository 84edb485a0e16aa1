"""Videos: addresses of films a page plays or offers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.parsers.document.page import Page
from crawler.parsers.document.selectors import Reader, reader

_FILE = re.compile(r"""["']?(?:file|src|source|url|contentUrl|hls)["']?\s*:\s*["']([^"'\s]+?\.(?:m3u8|mp4|webm)(?:\?[^"']*)?)["']""")
_FILM = re.compile(r"\.(?:m3u8|mp4|webm|m4v|mov)(?:[?#]|$)", re.IGNORECASE)
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
    for value in page.xpath("//a/@href | //video/@src | //video//source/@src | //*[@data-video]/@data-video").getall():
        if _FILM.search(value):
            yield value.strip()
    for script in page.root.iter("script"):
        if script.text and ("m3u8" in script.text or ".mp4" in script.text):
            for found in _FILE.finditer(script.text[:200_000]):
                yield found[1].replace("\\/", "/")
    for value in page.xpath("//input/@value").getall():
        if _FILM.search(value) and "/" in value:
            yield value.strip()
