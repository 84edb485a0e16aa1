"""Find the text of a page that a script holds for the browser to show."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.parsers.document.elements import tagged
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.document.segments import words
from crawler.parsers.document.structured_data import linked_data, meta_values, title_of
from crawler.parsers.embedded.holders import MIN_PROSE, About, Held, held_article
from crawler.parsers.embedded.states import MIN_HELD, held_values
from crawler.parsers.embedded.told import authors_in, headline_in, modified_in, published_in

BARE = 400
"""Characters of prose below which a page has no text of its own."""

MAX_SCRIPT_CHARACTERS = 2_000_000

_BODY = re.compile(r"<body\b[^>]{0,4000}>", re.IGNORECASE)
_STRING = re.compile(rf'"((?:[^"\\]|\\.){{{MIN_HELD},}}+)"', re.DOTALL)
_PARAGRAPH = re.compile(r"<p\b|\\u003cp\b|&lt;p\b", re.IGNORECASE)
_WORD = re.compile(r"\w{2,}")


def hydrated(page: Page) -> Page:
    """Put the article that a script holds in front of the page's elements.

    The page itself, if it has text or no script has any.
    """
    prose = sum(p.size for p in flow(page) if p.size >= 60 and p.linked < 0.4)
    if prose >= BARE:
        return page
    found = _of_values(page) or _of_strings(page)
    if found is None or not found.markup:
        return page
    article = f'<article class="held">{_told(page, found)}{found.markup}</article>'
    opened = _BODY.search(page.text)
    at = opened.end() if opened else len(page.text)
    text = page.text[:at] + article + page.text[at:]
    whole = Page(
        url=page.url, date=page.date, text=text, headers=page.headers, problems=page.problems, limits=page.limits, charset=page.charset,
    )  # fmt: skip
    whole.trace = page.trace
    if whole.trace is not None:
        whole.trace.note("body held as data", "scripts", [("scripts", f"{found.prose} letters")])
    return whole if len(flow(whole)) > len(flow(page)) else page


def _of_values(page: Page) -> Held | None:
    """The article among the values of scripts and attributes."""
    headlines = [words(text) for text in (title_of(page), *meta_values(page).get("og:title", ())[:1], *map(_text, tagged(page, "h1")[:2]))]
    found = held_article(held_values(page), About(headlines=[key for key in headlines if len(key) > 7], url=page.url))
    if found is None or found.prose < MIN_PROSE:
        return None
    return found if found.own >= 2 or _on_topic(page, found.markup) else None


def _of_strings(page: Page) -> Held | None:
    """The longest mark-up in a string of a script that nothing else reads."""
    best = max(_strings(page), key=len, default="")
    return Held(markup=best, prose=len(best)) if best and _on_topic(page, best) else None


def _told(page: Page, found: Held) -> str:
    """Headline, authors and times beside the body, where the page tells none."""
    meta, article = meta_values(page), linked_data(page).article
    told: list[str] = []
    if (headline := headline_in(found.chain)) and not any(_text(top) for top in tagged(page, "h1")):
        told.append(f"<h1>{html.escape(headline)}</h1>")
    if "author" not in meta and not article.get("author"):
        told += [f'<meta itemprop="author" content="{html.escape(name)}">' for name in authors_in(found.chain)]
    for key, names, value in (
        ("datePublished", ("article:published_time", "datepublished"), published_in(found.chain)),
        ("dateModified", ("article:modified_time", "datemodified"), modified_in(found.chain)),
    ):
        if value and not article.get(key) and not any(name in meta for name in names):
            told.append(f'<meta itemprop="{key}" content="{html.escape(value)}">')
    return "".join(told)


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _strings(page: Page) -> Iterator[str]:
    """Mark-up in strings of scripts that holds paragraphs."""
    for node in tagged(page, "script"):
        text = node.text or ""
        if len(text) < MIN_HELD or len(text) > MAX_SCRIPT_CHARACTERS or not _PARAGRAPH.search(text):
            continue
        for found in _STRING.finditer(text):
            if _PARAGRAPH.search(found[1]) and (markup := _unquoted(found[1])) is not None:
                inner = [m for s in _STRING.finditer(markup) if _PARAGRAPH.search(s[1]) and (m := _unquoted(s[1])) is not None]
                yield max(inner, key=len, default=markup)


def _on_topic(page: Page, markup: str) -> bool:
    """Tell whether a text has words of the page's title, as no banner has."""
    titles = [title_of(page), *(v for name in ("og:title", "title") for v in meta_values(page).get(name, ()))]
    told = set(_WORD.findall(" ".join(titles).casefold()))
    return bool(told) and len(told & set(_WORD.findall(markup.casefold()))) >= min(3, len(told))


def _unquoted(text: str) -> str | None:
    """Decode a JSON string, with its references if it is escaped markup."""
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return None
    return html.unescape(value) if "&lt;p" in value[:2000] else value
