"""Further pages of an article that is printed on several: by `rel=next` and numbered links.

Only addresses that differ from the article's own in a page number are taken: another story, a list or comments never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from crawler.errors import Unreadable
from crawler.parsers.document.elements import tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import named
from crawler.urls.page_numbers import further_number, same_address, split_address

_NO_PAGER = re.compile(r"comment|kommentar|comentario|disqus|respond|repl(?:y|ies)|gallery|galerie|slide|calendar|related", re.IGNORECASE)
_NUMBER = re.compile(r"\W{0,4}(\d{1,3})\W{0,4}")
_MAX_DEPTH = 6


def further_pages(page: Page) -> tuple[str, ...]:
    """The addresses of an article's further pages that a page links, by number."""
    if not page.url:
        return ()
    try:
        found = dict(_linked(page, story_address(page.url, page)))
    except Unreadable:
        return ()
    return tuple(found[number] for number in sorted(found))


def story_address(url: str, page: Page) -> str:
    """The address of the first page, if the page links it; else its own."""
    told = split_address(url)
    if told is None or told[1] < 2:
        return url
    links = [page.join(link.get("href") or "") for link in (*tagged(page, "a"), *tagged(page, "link")) if link.get("rel") != "next"]
    return told[0] if any(link is not None and same_address(link, told[0]) for link in links) else url


def _linked(page: Page, story: str) -> Iterable[tuple[int, str]]:
    """The numbers and addresses of further pages that links of a pager name."""
    own = split_address(page.url)
    here = own[1] if own is not None and same_address(own[0], story) else 1
    for link in (*tagged(page, "link"), *tagged(page, "a")):
        follows = "next" in (link.get("rel") or "").lower().split()
        if not follows and (link.tag == "link" or _NUMBER.fullmatch("".join(link.itertext()).strip()) is None):
            continue
        url = page.join(link.get("href") or "#") or ""
        number = further_number(url, story)
        if number not in (0, here) and ((follows and number == here + 1) or _is_numbered(link, number)):
            yield number, url.partition("#")[0]


def _is_numbered(link: etree._Element, number: int) -> bool:
    """Test for a link with its page's number, in no pager of comments or pictures."""
    text = _NUMBER.fullmatch("".join(link.itertext()).strip())
    if text is None or int(text[1]) != number or "comment" in (link.get("href") or ""):
        return False
    boxes = [link]
    for box in link.iterancestors():
        boxes.append(box)
        if len(boxes) > _MAX_DEPTH:
            break
    return not any(_NO_PAGER.search(named(box)) for box in boxes if box.tag not in ("body", "html", "main", "article"))
