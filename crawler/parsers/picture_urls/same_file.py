"""Identity of pictures across sizes, formats and shrinking services, and the size an address tells."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

KEPT = 256
"""Addresses whose files are remembered: those of a page or two, which several rules compare."""
MAX_KEPT = 1_000
"""Characters of such an address."""
MAX_INNER = 4
"""Addresses within addresses that are followed."""
UNTOLD = 2_500
"""Pixels that an address without a size is taken for: mostly it is the original."""
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_FROM_SUFFIX = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?![a-z]).*$", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)

_WIDTHS = """
 150 160 180 200 240 250 300 320 360 375 400 414 420 450 480 500 540 560 600 620 640 660 680 700 720 740 750 768 780 800 828 840 850 860
900 940 960 976 980 1000 1024 1080 1100 1200 1240 1242 1260 1280 1300 1366 1400 1440 1500 1536 1600 1620 1680 1700 1800 1900 1920 2000
2048 2400 2560 3000 3200 3840
"""
_WIDTH = "|".join(_WIDTHS.split())
"""Widths that content systems shrink to: a bare number behind a name is a size only if it is one of these."""
_WORD = (
    "thumb(?:nail)?|small|medium|large|big|mini|tiny|preview|orig(?:inal)?|full(?:size)?|teaser|gross|klein|tn|lo?w?-?res|hi-?res|lqip|"
    "landscape|portrait|square"
)
_SIZE = re.compile(
    rf"[-_](?:\d+x\d+[-_])?x\d+y\d+w\d+h\d+$|[-_.@!](?:\d{{2,4}}x(?:\d{{2,4}})?|x\d{{2,4}}|scaled|\d{{3,4}}(?:w|px)|[swhcq]_?\d{{2,4}}|[sml]|xl|\dx|{_WORD})$"
    r"|=[swh]\d+(?:-[\w-]+)?$"
)
"""Ends of file names that tell a size."""
_BARE_WIDTH = re.compile(rf"(?<=[^\d_-])[-_](?:{_WIDTH})$")
_COUNTED = re.compile(r"^(?:_?img|_?dsc\w?|dscn|p|_?mg|photo|picture|pic|foto|image|bild|scan|page)[-_]\d+$")
"""Names that a camera or an editor counts up: the number is no size."""
_SIZE_FIRST = re.compile(rf"^(?:\d{{2,4}}x\d{{2,4}}[-_]|\d{{2,4}}(?:px|w)-|(?:{_WORD}|w\d{{3,4}})[-_])(?=.)")
_ONLY_SIZE = re.compile(rf"^(?:[wh]?[-_]?\d{{2,4}}(?:w|h|px)?(?:x\d{{2,4}})?|{_WORD}|[sml]|xl)$")
_SIZE_SEGMENT = re.compile(
    rf"^(?:{_WIDTH}|\d+(?::|x)\d+(?:[-_]\d+)?|[wh][-_]?\d{{2,4}}|(?:{_WORD})s?|master|smart|fit-in|resized?|crop|filters:.*|"
    r"cdn-cgi|image|(?:width|height|quality|w|h|q)=.*)$"
    r"|(?:^|,)[wh]_\d+|^(?:width|format|quality)=",
    re.IGNORECASE,
)
"""Folders that only tell a size or a service."""
_PAIRED = frozenset(("width", "height", "crop", "quality", "w", "h", "q", "size"))
"""Folders that name what the next one tells."""
_INNER = re.compile(r"https?(?::|%3a)(?:/|%2f){1,2}(?=[\w%-])", re.IGNORECASE)
_INNER_KEYS = frozenset(("url", "src", "source", "image", "img", "u", "uri", "href", "imageurl", "imgurl", "file", "path"))
_TOLD = re.compile(
    r"[?&,/_-](?:w|width|resize|sw|imwidth|wid|maxwidth|maxw)[=_:/-]?(\d{2,4})(?!\d)|(?<!\d)(\d{2,4})x\d{0,4}(?!\d)|"
    r"[-_/.](\d{3,4})(?:w|px)\b|=s(\d{2,4})\b",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<![a-z])(?:thumbs?|thumbnails?|small|mini|tiny|teaser|preview|tn|lqip|lo?w?-?res)(?![a-z])", re.IGNORECASE)
_LARGE = re.compile(r"(?<![a-z])(?:large|big|full(?:size)?|orig(?:inal)?|hi-?res|xl|max)(?![a-z])", re.IGNORECASE)


def same_file(url: str) -> str:
    """Reduce an address to the file, independent of size, format and service.

    >>> same_file("https://i.example/fit-in/300x200/a/harbour-2026-300x200.jpg") == same_file("//cdn.example/b/harbour-2026.webp?w=9")
    True
    >>> same_file("https://i.example/77/original.jpg") == same_file("https://i.example/78/original.jpg")
    False
    """
    return _file(url) if len(url) <= MAX_KEPT else _file.__wrapped__(url)


def told_width(url: str) -> int:
    """The width in an address, 0 if none; 1 for thumbnails, 9,999 for originals.

    >>> told_width("/p/a-300x200.jpg"), told_width("/p/a.jpg?w=640"), told_width("/thumbs/a.jpg"), told_width("/p/a.jpg")
    (300, 640, 1, 0)
    """
    if found := _TOLD.search(url):
        return int(next(filter(None, found.groups()), 0))
    path = url.partition("?")[0]
    return 1 if _SMALL.search(path) else 9_999 if _LARGE.search(path) else 0


def larger(url: str, other: str | None) -> str:
    """The larger of two addresses of one picture; the first where neither tells its size.

    >>> larger("/p/a-300x200.jpg", "/p/a.jpg"), larger("/p/a.jpg", "/p/a.jpg?w=640"), larger("/p/a.jpg", "/q/a.jpg")
    ('/p/a.jpg', '/p/a.jpg', '/p/a.jpg')
    """
    if other is None or (told_width(other) or UNTOLD) <= (told_width(url) or UNTOLD):
        return url
    return other


def names_picture(url: str) -> bool:
    """Tell whether an address ends as picture files do, a query left out."""
    return _ENDING.search(unquote(url.partition("#")[0])) is not None


@lru_cache(maxsize=KEPT)
def _file(url: str) -> str:
    for _ in range(MAX_INNER):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = unquote(parts.path)
    name = _without_size(path.rstrip("/").rpartition("/")[2])
    if len(name) >= 10 and re.search(r"\d", name):
        return name
    if PICTURE_FILE.search(path):
        return "/".join([*_folders(path, name)[-2:], name]).lower().strip("/") or url
    return url if parts.query else "/".join([*_folders(path, name), name]).lower().strip("/") or url


def _folders(path: str, name: str) -> list[str]:
    """Folders of a path without sizes, and without the name that the file repeats."""
    kept = _without_sizes([segment for segment in path.split("/") if segment][:-1])
    # `/thumb/a/ab/Name.jpg/640px-Name.jpg`
    return kept[:-1] if kept and kept[-1].lower() == name else kept


def _inner(url: str) -> str | None:
    """The address given to a shrinking service in query, path or base64."""
    at = next((found.start() for found in _INNER.finditer(url, 8)), None)
    head, _, query = url.partition("?")
    if at is not None:
        if at < len(head):
            return unquote(head[at:]) + (f"?{query}" if query else "")
        values = (value for key, value in parse_qsl(query) if key.lower() in _INNER_KEYS or PICTURE_FILE.search(value.partition("?")[0]))
        return next((value for value in values if _INNER.match(value)), None)
    if query and not PICTURE_FILE.search(head):
        return next((value for _, value in parse_qsl(query) if PICTURE_FILE.search(value.partition("?")[0])), None)
    if "/aHR0c" in head:
        return _from_base64(head[head.index("/aHR0c") + 1 :])
    return None


def _from_base64(path: str) -> str | None:
    """The address written in base64 at the end of a path, perhaps over several folders."""
    text = re.sub(r"\.\w{3,4}$", "", path).replace("/", "").rstrip("=")
    try:
        found = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return None
    return found if _INNER.match(found) else None


def _without_size(name: str) -> str:
    """A file name in lower case without ending and sizes; perhaps nothing."""
    name = _FROM_SUFFIX.sub("", name).lower()
    if _ONLY_SIZE.match(name) and not name.isdecimal():
        return ""
    while (shorter := _SIZE.sub("", name)) != name and shorter:
        name = shorter
    if not _COUNTED.match(name):
        name = _BARE_WIDTH.sub("", name)
    return _SIZE_FIRST.sub("", name)


def _without_sizes(folders: list[str]) -> list[str]:
    """Folders that say more than a size, a format or a service."""
    kept: list[str] = []
    skip = False
    for folder in folders:
        paired = folder.lower() in _PAIRED
        if not skip and not paired and not _SIZE_SEGMENT.search(folder):
            kept.append(_ENDING.split(folder)[0] if _ENDING.search(folder) else folder)
        skip = paired
    return kept
