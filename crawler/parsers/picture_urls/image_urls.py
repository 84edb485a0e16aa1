"""Addresses of picture elements, of the `picture` around and the `noscript` beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.parsers.picture_urls.same_file import same_file
from crawler.parsers.picture_urls.srcset import candidates, holds_srcset
from crawler.urls import join

_PLAIN = "src"
_NEVER = frozenset(
    ("class", "id", "alt", "title", "width", "height", "style", "loading", "decoding", "sizes", "media", "type", "role", "border", "align")
)
_BESIDE = re.compile(r"^(?:data[-_]|lazy|original|file$|zoomfile$|real_?src|_src|load-src|ng-src|full-?src)")
"""Names of attributes that scripts take a picture's address from."""
_NOT_ONE = re.compile(
    r"video|audio|poster|author|avatar|caption|placeholder|script|iframe|page|share|link|"
    r"icon|logo|title|alt$|sizes|aspect|widget|ad-|mp4"
)
_SOURCE = re.compile(r"src|original|lazy|echo|^file$")
_ADDRESS = re.compile(r"url|image|img|full|large|hi-?res|zoom|big|photo|picture|file|media|retina|normal|thumb|small|desktop|mobile")
_LARGER = re.compile(r"hi-?res|high|full|orig|large|native|zoom|big|max|retina|desktop|2x")
_SMALLER = re.compile(r"low|small|thumb|tiny|mini|mobile|preview|lqip|blur")
_SHAPE = re.compile(r"(?:https?:|/|[\w.-]+/)[^\s{}]*$|[\w.-]+\.\w{3,4}$")
_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?![a-z])", re.IGNORECASE)
_PAGE = re.compile(r"\.(?:s?html?|aspx?|mp4|m3u8|js|json)(?:[?#]|$)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"^(?:data|about|blob|javascript):|(?<![a-z])placeholder(?![a-z])|^\d+[wxh]$|"
    r"/(?:blank|spacer|(?:\w+-)?transparent|pixel|empty|1x1|grey|gray|lazy(?:load(?:ing|er)?)?|loading|loader|white|clear|trans|dummy)"
    r"(?:[-_.]?(?:\d+(?:x\d+)?|blank|spacer|transparent|trans|pixel|px|empty|gif|img|image|white|black|gr[ae]y|[hw][-_]\d+|load|small|large|default))*(?:\.\w+)?(?:[?#]|$)",
    re.IGNORECASE,
)
"""Addresses of what stands in a picture's place until it is loaded: the whole file name says so, or nothing but a size stands there."""


def picture_address(node: etree._Element, base: str = "") -> str | None:
    """The largest address of a picture element; as written if no base is given.

    Taken from `srcset`, lazy attributes, the `picture` around it, and the `noscript` beside it.
    """
    best = _best(_nodes(node))
    twin = _twin(node)
    if twin is not None:
        plain = _best((twin,))
        # What browsers without scripts are shown is the picture itself; another file beside it is a placeholder, or its shrunken form.
        if plain is not None and (best is None or plain[0] > best[0] or (best[0] <= 0.5 and same_file(plain[1]) != same_file(best[1]))):
            best = plain
    if best is None and (told := _microdata(node)):
        best = (0.5, told)
    if best is None:
        return None
    return join(base, best[1]) if base else best[1]


def _microdata(node: etree._Element) -> str | None:
    """The address in the microdata around an `img` that has none itself."""
    box = node.getparent() if node.tag == "img" else None
    for _ in range(3):
        if box is None:
            return None
        if "imageobject" in (box.get("itemtype") or "").lower():
            told = ((one.get("content") or one.get("href"), one.get("itemprop") or "") for one in box.iter("meta", "link"))
            return next((url for url, name in told if url and name.lower() in ("url", "contenturl")), None)
        box = box.getparent()
    return None


def is_placeholder(url: str) -> bool:
    """Tell whether an address only fills a picture's place until it is loaded."""
    return _PLACEHOLDER.search(url) is not None


def _best(nodes: Iterator[etree._Element] | tuple[etree._Element, ...]) -> tuple[float, str] | None:
    """The largest address of some elements, and its width or rank."""
    best: tuple[float, str] | None = None
    for one in nodes:
        for name, value in one.attrib.items():
            if not value or name in _NEVER:
                continue
            for width, url in _candidates(str(name), str(value)):
                if (best is not None and width <= best[0]) or url[:5].lower() == "data:":
                    continue
                # A placeholder is better than nothing: then the box still shows that a picture stands here.
                width = width if not _PLACEHOLDER.search(url) else 0.1
                if best is None or width > best[0]:
                    best = (width, url)
    return best


def background(node: etree._Element) -> str | None:
    """The background picture of an element, by its `style` or its lazy attributes."""
    for name in ("data-bg", "data-background", "data-background-image", "data-bg-src"):
        if value := (node.get(name) or "").strip():
            found = re.search(r"url\(\s*['\"]?([^'\")]+)", value)
            return found[1] if found else value
    found = _BACKGROUND.search(node.get("style") or "")
    return found[1].strip() if found and not _PLACEHOLDER.search(found[1]) else None


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
    """The addresses in one attribute, each with its width, density or rank."""
    value = value.strip()
    if name == _PLAIN:
        if value:
            yield 0.5, value
    elif holds_srcset(name):
        yield from ((size, url) for url, size in candidates(value))
    elif value and _BESIDE.match(name) and _SHAPE.match(value):
        # A lazy attribute holds the picture, `src` beside it only a placeholder.
        rank = _rank(name, value)
        if rank:
            yield rank, value


def _rank(name: str, value: str) -> float:
    """The rank of an address in an attribute of scripts; 0 for no picture."""
    if _NOT_ONE.search(name) or _PAGE.search(value):
        return 0
    if not (_SOURCE.search(name) or (_ADDRESS.search(name) and _FILE.search(value))):
        return 0
    return 0.45 if _SMALLER.search(name) else 0.8 if _LARGER.search(name) else 0.7


def _twin(node: etree._Element) -> etree._Element | None:
    """The only `img` of a `noscript` in or right beside a picture element."""
    outer = node
    while (parent := outer.getparent()) is not None and parent.tag in ("picture", "source"):
        outer = parent
    if outer.getparent() is not None and outer.getparent().tag == "noscript":
        return None
    for beside in (*node.iterchildren("noscript"), outer.getnext(), outer.getprevious()):
        if beside is not None and beside.tag == "noscript":
            inside = [*beside.iter("img")]
            if len(inside) == 1 and not _is_tiny(inside[0]):
                return inside[0]
    return None


def _is_tiny(image: etree._Element) -> bool:
    """Tell whether a picture element is a pixel that counts."""
    return image.get("width") in ("0", "1") or image.get("height") in ("0", "1")
