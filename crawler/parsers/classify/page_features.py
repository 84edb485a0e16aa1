"""Features of a page by which error pages and interstitials are recognised."""

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
_ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|LiveBlogPosting|VideoObject)"')
LONG_PARAGRAPH = 90
"""Characters from which on a paragraph is prose."""
MAX_PARAGRAPHS = 300
MAX_TEXT = 20_000
MAX_SOURCE = 200_000

_SILENT = frozenset({"script", "style", "template", "svg", "head", "title", "iframe", "object"})
_FRAME = frozenset({"a", "nav", "aside", "header", "footer", "noscript"})
"""Elements whose paragraphs are no prose of the page."""
_TITLE_PARTS = re.compile(r"\s*[|·»–—]\s*|\s-\s|(?<=\w)-(?=[A-Z])")
_BLANKS = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[\s.…!?,:;\"'“”‘’«»()\[\]|/–—-]+")


@frozen(kw_only=True)
class PageFeatures:
    """Headings, visible text, and counts of links and paragraphs of a page."""

    title: str
    headings: tuple[str, ...]
    """Texts of h1 and h2, at most six."""
    text: str
    """Visible text, blanks squeezed, at most 20,000 characters."""
    links: int
    prose: int
    """Paragraphs long enough to be prose, without those of teasers and of the frame around the page."""
    article: bool
    """Whether the page calls itself an article."""
    source: str
    """HTML source, for the names of protection services."""
    pictures: tuple[str, ...]
    """alt and src of the first pictures."""

    @property
    def heads(self) -> tuple[str, ...]:
        """Title, its parts (most carry the site's name), and headings."""
        return (self.title, *_TITLE_PARTS.split(self.title), *self.headings)


def features_of(page: Page) -> PageFeatures:
    """Measure a page, once; one that cannot be parsed has no features."""
    known = page.memo.get(features_of)
    if isinstance(known, PageFeatures):
        return known
    page.memo[features_of] = features = _features_of(page)
    return features


def _features_of(page: Page) -> PageFeatures:
    try:
        root = page.root
    except Unreadable:
        return PageFeatures(title="", headings=(), text="", links=0, prose=0, article=False, source=page.text[:MAX_SOURCE], pictures=())
    seen: list[str] = []
    _visible(root, seen)
    return PageFeatures(
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
    """Reduce a text to its words in lower case, for comparison."""
    return _PUNCTUATION.sub(" ", text).strip().casefold()


def _visible(root: etree._Element, out: list[str]) -> None:
    """Collect the visible text in order, up to a limit."""
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


def heading_among(features: PageFeatures, phrases: Sequence[str]) -> str | None:
    """Find a heading that equals one of these phrases; punctuation and case do not count."""
    wanted = {simple(phrase) for phrase in phrases if simple(phrase)}
    return next((f"headed {head[:100]!r}" for head in features.headings if simple(head) in wanted), None)
