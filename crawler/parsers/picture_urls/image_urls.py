"""Addresses of pictures: the largest one of an element, and identity across sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from crawler.parsers.picture_urls.srcset import candidates, holds_srcset
from crawler.urls import join

KEPT = 256
"""Addresses whose files are remembered: those of a page or two, which several rules compare."""
MAX_KEPT = 1_000
"""Characters of such an address."""
_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-full", "data-full-src", "data-fullscreen-src", "data-large",
    "data-large-file", "data-hi-res-src", "data-orig-file", "data-image", "data-img", "data-image-src", "data-img-src",
    "data-url", "data-echo",
)  # fmt: skip
_PLAIN = "src"
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_FROM_SUFFIX = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?![a-z]).*$", re.IGNORECASE)
_SIZE = re.compile(r"[-_.@](?:\d{2,4}x\d{2,4}|scaled|\d{3,4}(?:w|px)|[swhcq]\d{2,4}|[sml]|\dx)$|=[swh]\d+(?:-[\w-]+)?$", re.IGNORECASE)
"""Ends of file names that tell a size."""
_SIZE_SEGMENT = re.compile(r"^\d+(?::|x)\d+$|(?:^|,)[wh]_\d+|^(?:master|smart|fit-in|original|resize|crop)$", re.IGNORECASE)
"""Folders that only tell a size or a service."""
_SIZE_FIRST = re.compile(r"^\d{2,4}x\d{2,4}[-_](?=.)")
_PLACEHOLDER = re.compile(
    r"^(?:data|about|blob|javascript):|placeholder|^\d+[wxh]$|"
    r"/(?:blank|spacer|transparent|pixel|empty|1x1)"
    r"(?:[-_.]?(?:\d+(?:x\d+)?|blank|spacer|transparent|trans|pixel|px|empty|gif|img|image|white|black|gr[ae]y))*(?:\.\w+)?(?:[?#]|$)",
    re.IGNORECASE,
)
"""Addresses of what stands in a picture's place until it is loaded: the whole file name says so, or nothing but a size stands there."""


def picture_address(node: etree._Element, base: str = "") -> str | None:
    """The largest address of a picture element; as written if no base is given.

    Taken from `srcset`, lazy attributes, and the `picture` around it.
    """
    best: tuple[float, str] | None = None
    for one in _nodes(node):
        for name in (*_LAZY, *filter(holds_srcset, map(str, one.attrib)), _PLAIN):
            for width, url in _candidates(name, one.get(name) or ""):
                # A placeholder is better than nothing: then the box still shows that a picture stands here.
                width = width if not _PLACEHOLDER.search(url) else 0.1
                if url[:5].lower() != "data:" and (best is None or width > best[0]):
                    best = (width, url)
    if best is None:
        return None
    return join(base, best[1]) if base else best[1]


def background(node: etree._Element) -> str | None:
    """The background picture of an element, by its `style` or its lazy attributes."""
    for name in ("data-bg", "data-background", "data-background-image", "data-bg-src"):
        if value := (node.get(name) or "").strip():
            found = re.search(r"url\(\s*['\"]?([^'\")]+)", value)
            return found[1] if found else value
    found = _BACKGROUND.search(node.get("style") or "")
    return found[1].strip() if found and not _PLACEHOLDER.search(found[1]) else None


def same_file(url: str) -> str:
    """Reduce an address to the file, independent of size, format and service.

    >>> same_file("https://i.example/fit-in/300x200/a/harbour-2026-300x200.jpg") == same_file("//cdn.example/b/harbour-2026.webp?w=9")
    True
    >>> same_file("https://i.example/77/original.jpg") == same_file("https://i.example/78/original.jpg")
    False
    """
    return _file(url) if len(url) <= MAX_KEPT else _file.__wrapped__(url)


@lru_cache(maxsize=KEPT)
def _file(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if inner := _in_query(parts.query, parts.path):
        return same_file(inner)
    path = unquote(parts.path)
    *folders, last = [segment for segment in path.split("/") if segment] or [""]
    name = _without_size(last)
    if len(name) >= 10 and re.search(r"\d", name):
        return name
    if last and (PICTURE_FILE.search(path) or not parts.query):
        kept = [folder for folder in folders if not _SIZE_SEGMENT.search(folder)]
        return "/".join([*kept[-2:], name]).lower() or url
    return url


def _in_query(query: str, path: str) -> str | None:
    """The picture file that a shrinking service is given in its query."""
    if "=" not in query or PICTURE_FILE.search(path):
        return None
    return next((values[0] for values in parse_qs(query).values() if PICTURE_FILE.search(values[0].split("?")[0])), None)


def _without_size(name: str) -> str:
    """A file name in lower case, without its ending and the sizes in it."""
    name = _FROM_SUFFIX.sub("", name).lower()
    while (shorter := _SIZE.sub("", name)) != name and shorter:
        name = shorter
    return _SIZE_FIRST.sub("", name)


def _nodes(node: etree._Element) -> Iterator[etree._Element]:
    yield node
    # libxml2 does not know that `source` is void: what follows one lies in it.
    parent = node.getparent()
    seen = []
    while parent is not None and parent.tag == "source":
        seen.append(parent)
        yield parent
        parent = parent.getparent()
    if parent is not None and parent.tag == "picture":
        yield from (s for s in parent if s.tag == "source" and s not in seen)


def _candidates(name: str, value: str) -> Iterator[tuple[float, str]]:
    value = value.strip()
    if not value:
        return
    if not name.endswith("srcset"):
        # A lazy attribute holds the picture, `src` beside it only a placeholder.
        if name == _PLAIN or re.match(r"(?:https?:|/|[\w.-]+/)[^\s{}]*$|[\w.-]+\.\w{3,4}$", value):
            yield (0.5 if name == _PLAIN else 0.7), value
        return
    yield from ((size, url) for url, size in candidates(value))
