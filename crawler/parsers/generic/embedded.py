"""Find the text of a page that a script holds for the browser to show."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.elements import tagged
from crawler.parsers.document.flow import flow
from crawler.parsers.document.page import Page
from crawler.parsers.document.structured_data import meta_values, title_of

BARE = 400
"""Characters of prose below which a page has no text of its own."""

MIN_MARKUP = 500
MAX_SCRIPT_CHARACTERS = 2_000_000

_BODY = re.compile(r"<body\b[^>]{0,4000}>", re.IGNORECASE)
_STRING = re.compile(rf'"((?:[^"\\]|\\.){{{MIN_MARKUP},}}+)"', re.DOTALL)
_PARAGRAPH = re.compile(r"<p\b|\\u003cp\b|&lt;p\b", re.IGNORECASE)
_WORD = re.compile(r"\w{2,}")
_DATED = re.compile(r'"(\w{0,24}(?:publi|release|deploy|issue|creat|regist)\w{0,24})"\s*:\s*"((?:19|20)\d\d[^"\\]{6,34})"', re.IGNORECASE)


def hydrated(page: Page) -> Page:
    """Put the article that a script holds in front of the page's elements.

    The page itself, if it has text or no script has any.
    """
    prose = sum(p.size for p in flow(page) if p.size >= 60 and p.linked < 0.4)
    if prose >= BARE:
        return page
    best, script = max(_articles(page), key=lambda found: len(found[0]), default=("", ""))
    if not best or not _on_topic(page, best):
        return page
    time = _time(script)
    article = f"<article>{f'<time>{html.escape(time)}</time>' if time else ''}{best}</article>"
    opened = _BODY.search(page.text)
    at = opened.end() if opened else len(page.text)
    text = page.text[:at] + article + page.text[at:]
    whole = Page(
        url=page.url, date=page.date, text=text, headers=page.headers, problems=page.problems, limits=page.limits, charset=page.charset,
    )  # fmt: skip
    whole.trace = page.trace
    return whole if len(flow(whole)) > len(flow(page)) else page


def _articles(page: Page) -> Iterator[tuple[str, str]]:
    """Mark-up in strings of scripts that holds paragraphs, and the script around it."""
    for node in tagged(page, "script"):
        text = node.text or ""
        if len(text) < MIN_MARKUP or len(text) > MAX_SCRIPT_CHARACTERS or not _PARAGRAPH.search(text):
            continue
        for found in _STRING.finditer(text):
            if _PARAGRAPH.search(found[1]) and (markup := _unquoted(found[1])) is not None:
                inner = [m for s in _STRING.finditer(markup) if _PARAGRAPH.search(s[1]) and (m := _unquoted(s[1])) is not None]
                yield max(inner, key=len, default=markup), markup if inner else text


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


def _time(script: str) -> str | None:
    """The time in a script, of publication before that of making."""
    told = [(found[1].lower(), found[2]) for found in _DATED.finditer(script) if moment(found[2]) is not None]
    return next((value for word in ("publi", "release", "deploy", "issue", "") for name, value in told if word in name), None)
