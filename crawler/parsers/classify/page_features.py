"""A glance at a page: how bare it is, what heads it, and whether a wording is what the page is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen
from lxml import etree

from crawler.errors import Unreadable
from crawler.parsers.document.page import Page

HTML_START = re.compile(
    r"(?:(?><!--.{0,2000}?-->)\s*|<\?xml[^>]{0,200}>\s*)*+<(?:!doctype\s+html|html|head|body|script|meta|title|center|h1|div|p)\b",
    re.I | re.S,
)
LONG_PARAGRAPH = 90
MAX_PARAGRAPHS = 300
MAX_TEXT = 20_000
MAX_SOURCE = 200_000

_SILENT = frozenset({"script", "style", "template", "svg", "head", "title", "iframe", "object"})
_FRAME = frozenset({"a", "nav", "aside", "header", "footer", "noscript"})
_TITLE_PARTS = re.compile(r"\s*[|·»–—]\s*|\s-\s|(?<=\w)-(?=[A-Z])")
_BLANKS = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[\s.…!?,:;\"'“”‘’«»()\[\]|/–—-]+")
_ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|LiveBlogPosting|VideoObject)"')


@frozen(kw_only=True)
class Look:
    """What a glance at a page tells."""

    title: str
    headings: tuple[str, ...]
    """Texts of h1 and h2, at most six."""
    text: str
    """What a reader sees, blanks squeezed, at most 20,000 characters."""
    links: int
    prose: int
    """Paragraphs long enough to be prose, those of teasers and of the frame around the page left out."""
    article: bool
    """Whether the page calls itself an article."""
    source: str
    """The text of the page, for the names that give a maker away."""
    pictures: tuple[str, ...]
    """alt and src of the first pictures."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Title, its parts (most carry the site's name), and headings."""
        return (self.title, *_TITLE_PARTS.split(self.title), *self.headings)


@frozen(kw_only=True)
class Wording:
    """One way in which a page is not what was asked for."""

    head: re.Pattern[str]
    """In the title or a heading."""
    text: re.Pattern[str] | None = None
    """In the visible text of a page of at most `text_limit` characters."""
    source: re.Pattern[str] | None = None
    """Anywhere in the page, of a page of at most `text_limit` visible characters."""
    picture: re.Pattern[str] | None = None
    """In alt or address of a picture, on a page with next to no text."""
    head_limit: int = 3000
    text_limit: int = 1500
    links: int = 12
    prose: int = 2

    def on(self, look: Look) -> str | None:
        """What of the wording is on the page, in a few words; None where the page is not so, or is an article."""
        if look.article or look.prose > self.prose or look.links > self.links or len(look.text) > self.head_limit:
            return None
        for head in look.heads:
            if len(head) <= 160 and self.head.search(head):
                return f"headed {head[:100]!r}"
        if len(look.text) > self.text_limit:
            return None
        for pattern, where in ((self.text, look.text), (self.source, look.source)):
            if pattern is not None and (found := pattern.search(where)):
                return f"says {_BLANKS.sub(' ', found[0])[:80]!r}"
        if self.picture is not None and len(look.text) < 200:
            return next((f"shows {told[:100]!r}" for told in look.pictures if self.picture.search(told)), None)
        return None

    def heads_alone(self, look: Look, more: Sequence[str] = ()) -> str | None:
        """A heading that is nothing but one of the phrases given (site name in the title aside)."""
        phrases = {simple(phrase) for phrase in more if simple(phrase)}
        return next((f"headed {head[:100]!r}" for head in look.headings if simple(head) in phrases), None)


def look_at(page: Page) -> Look:
    """A glance at a page; what cannot be parsed looks empty."""
    known = page.memo.get(look_at)
    if isinstance(known, Look):
        return known
    page.memo[look_at] = look = _look_at(page)
    return look


def _look_at(page: Page) -> Look:
    try:
        root = page.root
    except Unreadable:
        return Look(title="", headings=(), text="", links=0, prose=0, article=False, source=page.text[:MAX_SOURCE], pictures=())
    seen: list[str] = []
    _visible(root, seen)
    return Look(
        title=next((_words(t) for t in root.iter("title")), ""),
        headings=tuple(_words(h) for h, _ in zip(root.iter("h1", "h2"), range(6), strict=False)),
        text=_BLANKS.sub(" ", " ".join(seen)).strip()[:MAX_TEXT],
        links=sum(1 for a in root.iter("a") if (a.get("href") or "").strip("# ")),
        prose=sum(_is_prose(p) for p, _ in zip(root.iter("p", "li", "blockquote"), range(MAX_PARAGRAPHS), strict=False)),
        article=_calls_itself_article(root, page.text),
        source=page.text[:MAX_SOURCE],
        pictures=tuple(f"{i.get('alt') or ''} {i.get('src') or ''}".strip() for i, _ in zip(root.iter("img"), range(5), strict=False)),
    )


def simple(text: str) -> str:
    """Words only, lower case: for comparing phrases whatever their punctuation."""
    return _PUNCTUATION.sub(" ", text).strip().casefold()


def _visible(root: etree._Element, out: list[str]) -> None:
    """Text a reader sees, in order; stops when there is plenty."""
    size, silent = 0, None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "start" and silent is None:
            if element.tag in _SILENT:
                silent = element
            elif element.text:
                out.append(element.text)
                size += len(element.text)
        elif event != "start":
            silent = None if element is silent else silent
            if silent is None and element.tail:
                out.append(element.tail)
        if size > MAX_TEXT * 2:
            return


def _words(element: etree._Element) -> str:
    return _BLANKS.sub(" ", "".join(str(part) for part in element.itertext())).strip()


def _is_prose(paragraph: etree._Element) -> bool:
    if any(parent.tag in _FRAME for parent in paragraph.iterancestors()):
        return False
    return len(_words(paragraph)) >= LONG_PARAGRAPH


def _calls_itself_article(root: etree._Element, source: str) -> bool:
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name.startswith(("article:published", "article:modified", "citation_")) or (
            name == "og:type" and "article" in (meta.get("content") or "").lower()
        ):
            return True
    return bool(_ARTICLE_TYPE.search(source)) or any(
        "article" in (e.get("itemtype") or "").lower() for e in root.iter("article", "div", "main", "body")
    )
