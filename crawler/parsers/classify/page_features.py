"""Features of a page by which error pages and interstitials are recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

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
MAX_PROSE = 10
"""More than any rule asks for."""
MAX_TEXT = 20_000
MAX_SOURCE = 200_000

_SILENT = frozenset({"script", "style", "template", "svg", "head", "title", "iframe", "object"})
_FRAME = ("a", "nav", "aside", "header", "footer", "noscript")
"""Elements whose paragraphs are no prose of the page."""
_hrefs = etree.XPath("descendant-or-self::a/@href", smart_strings=False)
_kinds = etree.XPath(
    "descendant-or-self::*[@itemtype][self::article or self::div or self::main or self::body]/@itemtype", smart_strings=False
)
_TITLE_PARTS = re.compile(r"\s*[|·»–—]\s*|\s-\s|(?<=\w)-(?=[A-Z])")
_PUNCTUATION = re.compile(r"[\s.…!?,:;\"'“”‘’«»()\[\]|/–—-]+")


class PageFeatures:
    """Headings, visible text, and counts of links and paragraphs of a page.

    Each is measured when it is asked for: most pages call themselves articles, and nothing else is asked.
    """

    def __init__(self, page: Page) -> None:
        self._source = page.text  # and not the page, which keeps these features
        try:
            self._root: etree._Element | None = page.root
        except Unreadable:
            self._root = None

    @property
    def source(self) -> str:
        """HTML source, for the names of protection services."""
        return self._source[:MAX_SOURCE]

    @cached_property
    def article(self) -> bool:
        """True if the page calls itself an article."""
        return self._root is not None and _calls_itself_article(self._root, self._source)

    @cached_property
    def title(self) -> str:
        """The text of the title, or empty."""
        return next(self._words_of("title"), "")

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Texts of h1 and h2, at most six."""
        return tuple(islice(self._words_of("h1", "h2"), 6))

    @property
    def heads(self) -> tuple[str, ...]:
        """Title, its parts (most carry the site's name), and headings."""
        return (self.title, *_TITLE_PARTS.split(self.title), *self.headings)

    @cached_property
    def links(self) -> int:
        """Number of links that lead somewhere."""
        return sum(1 for href in _hrefs(self._root) if href.strip("# ")) if self._root is not None else 0

    @cached_property
    def prose(self) -> int:
        """Paragraphs of prose, without those of teasers and of the page's frame; at most `MAX_PROSE`."""
        paragraphs = () if self._root is None else islice(self._root.iter("p", "li", "blockquote"), MAX_PARAGRAPHS)
        return sum(1 for _ in islice(filter(_is_prose, paragraphs), MAX_PROSE))

    @cached_property
    def text(self) -> str:
        """Visible text, blanks squeezed, at most 20,000 characters."""
        seen: list[str] = []
        if self._root is not None:
            _visible(self._root, seen)
        return " ".join(" ".join(seen).split())[:MAX_TEXT]

    @cached_property
    def pictures(self) -> tuple[str, ...]:
        """alt and src of the first pictures."""
        found = () if self._root is None else islice(self._root.iter("img"), 5)
        return tuple(f"{i.get('alt') or ''} {i.get('src') or ''}".strip() for i in found)

    def _words_of(self, *tags: str) -> Iterator[str]:
        return map(_words, () if self._root is None else self._root.iter(*tags))


def features_of(page: Page) -> PageFeatures:
    """The features of a page; one that cannot be parsed has none."""
    known = page.memo.get(features_of)
    if not isinstance(known, PageFeatures):
        page.memo[features_of] = known = PageFeatures(page)
    return known


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
    return " ".join("".join(element.itertext()).split())


def _is_prose(paragraph: etree._Element) -> bool:
    return len(_words(paragraph)) >= LONG_PARAGRAPH and next(paragraph.iterancestors(*_FRAME), None) is None


def _calls_itself_article(root: etree._Element, source: str) -> bool:
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name.startswith(("article:published", "article:modified", "citation_")) or (
            name == "og:type" and "article" in (meta.get("content") or "").lower()
        ):
            return True
    return bool(_ARTICLE_TYPE.search(source)) or any("article" in kind.lower() for kind in _kinds(root))


def heading_among(features: PageFeatures, phrases: Sequence[str]) -> str | None:
    """Find a heading that equals one of these phrases; punctuation and case do not count."""
    wanted = {simple(phrase) for phrase in phrases if simple(phrase)}
    heads = features.headings if wanted else ()
    return next((f"headed {head[:100]!r}" for head in heads if simple(head) in wanted), None)
