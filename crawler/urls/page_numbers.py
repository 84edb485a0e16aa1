"""Numbers of pages in addresses: `?page=2`, `/2`, `-2.html`, `,2` and the like."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MAX_NUMBER = 200
"""Page number above which an address is of something else."""

_PARAMETERS = frozenset(
    (
        "page", "p", "pg", "pn", "pag", "pagina", "page_no", "pageno", "pagenum", "pagenr", "paged", "seite", "sayfa", "strona", "side",
        "sida", "oldal", "sivu", "stranka", "trang", "halaman", "stranica",
    )
)  # fmt: skip
_WORD = r"(?:page|seite|pagina|p|pg|pag|sayfa|strona|side|sida|oldal|sivu|stranka|trang|halaman)"
_END = re.compile(
    rf"(?:/(?:{_WORD}[-_/]?)?(?P<slash>\d{{1,3}})(?P<close>/?)|(?:[-_.,~](?:{_WORD}[-_,]?)?|index)(?P<tail>\d{{1,3}})(?P<ending>\.\w{{2,5}}|/|))$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"[0-9]{1,3}")


def split_address(url: str) -> tuple[str, int] | None:
    """Split an address into that of the first page and the page's number.

    Returns:
        None if it has no such number.

    >>> split_address("https://x.example/a/story-12345,2.html")
    ('https://x.example/a/story-12345.html', 2)
    """
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return None
    numbers = [(n, int(value)) for n, (key, value) in enumerate(pairs) if key.lower() in _PARAMETERS and _SHORT.fullmatch(value)]
    if len(numbers) == 1:
        at, number = numbers[0]
        rest = urlencode([pair for n, pair in enumerate(pairs) if n != at])
        return (urlunsplit((parts.scheme, parts.netloc, parts.path, rest, "")), number) if 0 < number <= MAX_NUMBER else None
    found = _END.search(parts.path)
    number = int(found["slash"] or found["tail"]) if found else 0
    if found is None or not 0 < number <= MAX_NUMBER:
        return None
    bare = parts.path[: found.start()] + (found["close"] if found["slash"] else found["ending"])
    return urlunsplit((parts.scheme, parts.netloc, bare, parts.query, "")), number


def further_number(url: str, story: str) -> int:
    """The number of a further page of a story; 0 of another address."""
    told = split_address(url)
    return told[1] if told is not None and told[1] > 1 and same_address(told[0], story) else 0


def same_address(one: str, other: str) -> bool:
    """Compare addresses without scheme and last slash."""
    return _bare(one) == _bare(other)


def _bare(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, "", ""
    return (parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query)
