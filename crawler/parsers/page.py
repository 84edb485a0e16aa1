"""Page: a capture decoded once, selectable; all that a parser may see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from parsel import Selector, SelectorList

from crawler.errors import Unreadable
from crawler.items import READ_FROM_CUT
from crawler.limits import ReadLimits
from crawler.parsers.charset import charset_read
from crawler.parsers.charset_encoders import encoder_of
from crawler.parsers.cut import is_cut_off, whole_characters, whole_markup
from crawler.parsers.decode import LIMITS, content_decoded, header
from crawler.parsers.sniff import HEADER_BYTES, sniffed
from crawler.urls import join

BEHIND_THE_END = "content behind </html>"
"""The problem of a page that goes on behind its end tag, or is a second document behind another; what stands there is read."""
_OF_HEAD = frozenset(
    ("base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "object", "script", "style", "template", "title")
)
"""What may stand in a head; any other element opens the body."""
# What lxml hands out of an HTML page and does not take back.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Page:
    """One page as text, with its address and the time of its capture; the tree is built at first need."""

    def __init__(
        self, *, url: str, date: datetime, text: str, headers: Sequence[tuple[str, str]] = (), problems: Sequence[str] = (),
        limits: ReadLimits = LIMITS, start: bytes | None = None, charset: str = "utf-8",
    ) -> None:  # fmt: skip
        self.url = url
        self.date = date
        """When it was captured: aware, UTC."""
        self.headers = tuple(headers)
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
        """What of it was not read for those limits: in words for the run report, and how many pieces."""
        self.memo: dict[Any, Any] = {}
        """What readers found and other readers will ask for again; gone with the page."""

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
        page.left_out |= {"bytes of pages beyond the size that is read": over} if over else {}
        page.left_out |= {"page that inflates beyond the size that is read": 1} if inflated else {}
        page.limited |= dict.fromkeys([*(["decoded size"] if inflated else []), *(["page size"] if over else [])])
        return page

    @classmethod
    def from_text(cls, url: str, date: datetime, text: str) -> Page:
        """A page from text that somebody else decoded."""
        return cls(url=url, date=date, text=text)

    @property
    def mime(self) -> str:
        """The media type the server named, lower case; empty where it named none."""
        return header(self.headers, "content-type").split(";")[0].split(",")[0].strip().lower()

    @cached_property
    def media_type(self) -> str:
        """What it is by its bytes; the type the server named is believed where they do not speak against it."""
        start = self.text[:HEADER_BYTES].encode("utf-8", "replace") if self._start is None else self._start
        return sniffed(self.mime, start)

    @cached_property
    def root(self) -> etree._Element:
        """The tree.

        Raises:
            Unreadable: There is no element in the text.
        """
        # NUL ends a C string; U+FEFF before the doctype puts libxml2 into the body at once.
        data = self.text.replace("\0", "").lstrip("\ufeff \t\r\n").encode("utf-8", "replace")
        # Depth is bounded by libxml2 itself: 2048 with huge_tree, 256 (too few for unclosed old markup) without.
        parser = lxml_html.HTMLParser(encoding="utf-8", recover=True, huge_tree=True)
        try:
            root = etree.fromstring(data, parser=parser) if data else None
        except (etree.ParserError, etree.XMLSyntaxError, MemoryError) as error:
            raise Unreadable(f"{self.url}: {error}") from error
        if root is None:
            raise Unreadable(f"{self.url}: no element in {len(self.text)} characters")
        if any("Excessive depth" in entry.message for entry in parser.error_log):
            raise Unreadable(f"{self.url}: elements nested deeper than the parser follows")
        _free_body(root)
        if root.getnext() is not None and _joined(root):
            self.problems = (*self.problems, BEHIND_THE_END)
        return root

    @cached_property
    def base(self) -> str:
        """What its relative addresses are relative to: its own address, or the first `base href` that is an address, whatever its host.

        Where the links then lead is judged as for any link: by scope and address guard.
        """
        try:
            found = (element for element in self.root.iter("base") if element.get("href") is not None)
            first = next((element for element in found if next(element.iterancestors("template"), None) is None), None)
        except Unreadable:
            return self.url
        return (join(self.url, first.get("href", ""), encoder_of(self.charset)) if first is not None else None) or self.url

    def join(self, href: str) -> str | None:
        """An address on the page made absolute, as a browser does; None where it is none.

        Returns:
            The address as written where nothing is known that it could be relative to.
        """
        return join(self.base, href, encoder_of(self.charset)) if self.base else href

    @cached_property
    def selector(self) -> Selector:
        """Parsel's view of the tree."""
        return Selector(root=self.root, type="html", base_url=self.url or None)

    def css(self, query: str) -> SelectorList[Selector]:
        """What a CSS selector finds."""
        return self.selector.css(query)

    def xpath(self, query: str) -> SelectorList[Selector]:
        """What an XPath expression finds."""
        return self.selector.xpath(query)


def _free_body(root: etree._Element) -> None:
    """Move what libxml2 left in the head into the body: it knows no HTML 5, and minifiers leave out `</head><body>`."""
    head = root.find("head")
    stray = next((child for child in head if isinstance(child.tag, str) and child.tag not in _OF_HEAD), None) if head is not None else None
    if head is None or stray is None:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    body[:0] = [stray, *stray.itersiblings()]


def _joined(root: etree._Element) -> bool:
    """Move what stands behind `</html>` into the document, as browsers do: libxml2 makes it a second root, which nobody would look at.

    Returns:
        Whether anything of it can be seen or followed.
    """
    others = [sibling for sibling in root.itersiblings() if isinstance(sibling.tag, str)]
    head, body = root.find("head"), root.find("body")
    if not others or root.find("frameset") is not None:
        return False
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    if body is None:
        body = etree.SubElement(root, "body")
    seen = False
    for other in others:
        _name(root, other)
        seen = seen or any(map(_shows, other.iter()))
        if other.tag != "html":
            body.append(other)
            continue
        _append(body, other.text)
        for child in list(other):
            tail, child.tail = child.tail, None
            if child.tag in ("head", "body"):
                into = head if child.tag == "head" else body
                _name(into, child)
                _append(into, child.text)
                into.extend(list(child))
            else:
                body.append(child)
            _append(body, tail)
        parent = other.getparent()
        if parent is not None:
            parent.remove(other)
    return seen


def _shows(element: etree._Element) -> bool:
    """Whether an element, without what lies in it, can be seen or followed."""
    own = isinstance(element.tag, str) and element.tag not in _OF_HEAD and bool((element.text or "").strip())
    return own or element.tag in ("a", "img", "frame", "iframe") or bool((element.tail or "").strip())


def _name(element: etree._Element, other: etree._Element) -> None:
    """Give an element those attributes of another that it lacks."""
    for name, value in other.attrib.items():
        if element.get(name) is None:
            element.set(name, _NO_XML.sub("", value))


def _append(element: etree._Element, text: str | None) -> None:
    """Put text behind all that an element holds."""
    if not text:
        return
    text = _NO_XML.sub("", text)
    if len(element):
        element[-1].tail = _NO_XML.sub("", element[-1].tail or "") + text
    else:
        element.text = _NO_XML.sub("", element.text or "") + text
