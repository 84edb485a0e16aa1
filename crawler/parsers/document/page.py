"""Page: a capture decoded once, selectable; all that a parser may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from attrs import frozen
from lxml import etree
from lxml import html as lxml_html
from parsel import Selector, SelectorList

from crawler.errors import Unreadable
from crawler.items import READ_FROM_CUT, Headers
from crawler.parsers.document.cut import is_cut_off, whole_characters, whole_markup
from crawler.parsers.document.rules import Trace
from crawler.parsers.encoding.charset import charset_read
from crawler.parsers.encoding.content_coding import LIMITS, content_decoded
from crawler.parsers.encoding.encoders import encoder_of
from crawler.parsers.encoding.media_type import HEADER_BYTES, sniffed
from crawler.parsers.limits import ReadLimits
from crawler.parsers.markup.html_repair import repaired
from crawler.parsers.markup.tree import as_browsers
from crawler.urls import join

OVER = "bytes of pages beyond the size that is read"
"""What is left out of a page for its size."""


# One class for all elements: lxml's own table of them is asked in Python for each element met. The text extractor wants this class.
_ELEMENTS = etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement, comment=lxml_html.HtmlComment)


@frozen
class Resolver:
    """Makes the addresses of one page absolute, and does not hold the page."""

    base: str
    encode: Callable[[str], bytes] | None

    def __call__(self, href: str) -> str | None:
        """As `Page.join`."""
        return join(self.base, href, self.encode) if self.base else href


class Page:
    """One page as text, with its address and capture time; parsed on demand."""

    def __init__(
        self, *, url: str, date: datetime, text: str, headers: Sequence[tuple[str, str]] = (), problems: Sequence[str] = (),
        limits: ReadLimits = LIMITS, start: bytes | None = None, charset: str = "utf-8",
    ) -> None:  # fmt: skip
        self.url = url
        self.date = date
        """When it was captured: aware, UTC."""
        self.is_capture = True
        """Whether that is known; else the date is the time of reading."""
        self.headers = Headers(headers)
        self.text = text
        self.charset = charset
        """Codec of the bytes the text was decoded from."""
        self.problems = tuple(problems)
        """What was wrong with its bytes."""
        self.limits = limits
        self._start = start
        self.limited: dict[str, None] = {}
        """The limits that were hit while it was read, in order."""
        self.left_out: dict[str, int] = {}
        """What of it was not read for those limits: in words for the run report, and how many."""
        self.memo: dict[Any, Any] = {}
        """What readers found and other readers will ask for again; gone with the page."""
        self.trace: Trace | None = None
        """Collects the answers of the rules, if asked for (`--explain`)."""

    @classmethod
    def from_payload(
        cls, *, url: str, date: datetime, headers: Sequence[tuple[str, str]], payload: bytes, limits: ReadLimits = LIMITS, cut: bool = False
    ) -> Page:  # fmt: skip
        """A page from the bytes a capture holds.

        Args:
            payload: The entity body: transfer coding removed, content coding kept. Not changed.
            cut: Whether the payload is the beginning of one; so is a compressed one that stops before its end.
        """
        body, problems = content_decoded(payload, headers, limits)
        if cut := cut or is_cut_off(problems):
            body = whole_characters(body)
            problems.append(READ_FROM_CUT)
        inflated = any("grows beyond" in problem for problem in problems)
        most = min(limits.text_bytes, limits.html_bytes)
        over = max(0, len(body) - most)
        if over:
            body = body[:most]
            problems.append(f"cut at {most} bytes")
        text, more, charset = charset_read(body, headers)
        text = whole_markup(text) if cut else text
        page = cls(
            url=url, date=date, headers=headers, text=text, problems=(*problems, *more), limits=limits, start=body[:HEADER_BYTES],
            charset=charset,
        )  # fmt: skip
        page.left_out |= {OVER: over} if over else {}
        page.left_out |= {"page that inflates beyond the size that is read": 1} if inflated else {}
        page.limited |= dict.fromkeys([*(["decoded size"] if inflated else []), *(["page size"] if over else [])])
        return page

    @classmethod
    def from_text(cls, url: str, date: datetime, text: str) -> Page:
        """Make a page from decoded text."""
        return cls(url=url, date=date, text=text)

    @property
    def mime(self) -> str:
        """The media type that the server named, lower case, or empty."""
        return self.headers.joined("content-type").split(";")[0].split(",")[0].strip().lower()

    @cached_property
    def media_type(self) -> str:
        """The media type, by its bytes and the server's name for it."""
        start = self.text[:HEADER_BYTES].encode("utf-8", "replace") if self._start is None else self._start
        return sniffed(self.mime, start)

    @cached_property
    def root(self) -> etree._Element:
        """The tree.

        Raises:
            Unreadable: There is no element in the text.
        """
        # NUL ends a C string; U+FEFF before the doctype puts libxml2 into the body at once.
        source = repaired(self.text)
        data = source.text.replace("\0", "").lstrip("\ufeff \t\r\n").encode("utf-8", "replace")
        if not data and source.text is not self.text:
            data = b"<html>"  # all that was there is no part of the page
        # Depth is bounded by libxml2 itself: 2048 with huge_tree, 256 (too few for unclosed old markup) without.
        parser = etree.HTMLParser(encoding="utf-8", recover=True, huge_tree=True)
        parser.set_element_class_lookup(_ELEMENTS)
        try:
            root = etree.fromstring(data, parser=parser) if data else None
        except (etree.ParserError, etree.XMLSyntaxError, MemoryError) as error:
            raise Unreadable(f"{self.url}: {error}") from error
        if root is None:
            raise Unreadable(f"{self.url or 'page'}: no element in {len(self.text)} characters")
        if any("Excessive depth" in entry.message for entry in parser.error_log):
            raise Unreadable(f"{self.url}: elements nested deeper than the parser follows")
        if problems := [*source.problems, *as_browsers(root, source)]:
            self.problems = (*self.problems, *problems)
        return root

    @property
    def has_tree(self) -> bool:
        """True once the tree has been made."""
        return "root" in self.__dict__

    @cached_property
    def base(self) -> str:
        """The base of relative addresses: the first valid `base href`, else its own address.

        Where the links then lead is judged as for any link: by scope and address guard.
        """
        try:
            first = next((element for element in self.root.iter("base") if element.get("href") is not None), None)
        except Unreadable:
            return self.url
        return (join(self.url, first.get("href", ""), encoder_of(self.charset)) if first is not None else None) or self.url

    def join(self, href: str) -> str | None:
        """Make an address absolute, as a browser does; None if it is invalid.

        Returns:
            The address as written where nothing is known that it could be relative to.
        """
        return self.resolver(href)

    @cached_property
    def resolver(self) -> Resolver:
        """The resolver of its addresses, for values that must not hold the page."""
        return Resolver(self.base, encoder_of(self.charset))

    @cached_property
    def selector(self) -> Selector:
        """Parsel's view of the tree."""
        return Selector(root=self.root, type="html", base_url=self.url or None)

    def css(self, query: str) -> SelectorList[Selector]:
        """Select by CSS."""
        return self.selector.css(query)

    def xpath(self, query: str) -> SelectorList[Selector]:
        """Select by XPath."""
        return self.selector.xpath(query)
