"""Segments of a page: runs of text and pictures, and how texts are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from attrs import frozen
from lxml import etree

from crawler.items import Link
from crawler.parsers.document.text_run import folded as folded
from crawler.parsers.document.text_run import squeeze as squeeze
from crawler.parsers.patterns import later

_PUNCTUATION = re.compile(r"[\W_]+")
_NO_LETTERS = {place: chr(place).lower() if chr(place).isalnum() else None for place in range(128)}
_IDEOGRAPH = later(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def words(text: str) -> str:
    """Drop case, punctuation and blanks of a text, for comparison.

    >>> words("Iran's “pilots”") == words("irans pilots")
    True
    """
    if text.isascii():
        return text.translate(_NO_LETTERS)
    key = "".join(text.casefold().split())
    return key if key.isalnum() else _PUNCTUATION.sub("", key)


def letters(text: str) -> int:
    """Measure a text in letters; an ideograph counts for two and a half."""
    return len(text) if text.isascii() else len(text) + 3 * len(_IDEOGRAPH.findall(text)) // 2


@frozen(eq=False, kw_only=True, slots=False)
class Segment:
    """One run of text, or one picture."""

    n: int
    """Place in the flow."""
    element: etree._Element
    """The block element the text lies in, or the picture's element."""
    text: str = ""
    """Squeezed; single line breaks kept as newlines. Empty for a picture."""
    anchors: tuple[tuple[str, str], ...] = ()
    """Address as written and text of each link."""
    resolve: Callable[[str], str | None] = str
    """Makes an address as written absolute, if the page's own is known; None for an invalid one."""
    linked: float = 0.0
    """Share of the characters that are links."""
    strong: float = 0.0
    """Share of the characters that are bold or italic."""
    picture: str | None = None
    """Address of a picture, absolute where the page's own is known."""
    alt: str | None = None
    href: str | None = None
    """Where a click on the picture leads."""
    written: etree._Element | None = None
    """The element around it whose line breaks are shown as they are written (`pre`)."""

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The valid links, absolute if the page's own address is known."""
        told = ((self.resolve(href), text) for href, text in self.anchors)
        return tuple(Link(url=url, text=text) for url, text in told if url)

    @cached_property
    def key(self) -> str:
        """The text without case, punctuation and blanks."""
        return words(self.text)

    @cached_property
    def size(self) -> int:
        """The length of the text, measured by `letters`."""
        return letters(self.text)

    @cached_property
    def tag(self) -> str:
        """The tag of `element`."""
        return str(self.element.tag)

    @property
    def shown(self) -> str:
        """The text with its line breaks if they are shown, else on one line."""
        return self.line if self.written is None else self.text

    @property
    def line(self) -> str:
        """The text on one line."""
        return self.text.replace("\n", " ")

    def inside(self, *tags: str) -> etree._Element | None:
        """The nearest element of one of these tags that holds the segment, itself included."""
        for element in ancestry(self.element):
            if element.tag in tags:
                return element
        return None


def ancestry(element: etree._Element) -> Iterator[etree._Element]:
    """An element and what holds it, inside out."""
    yield element
    yield from element.iterancestors()


def small(element: etree._Element, limit: int) -> str | None:
    """The squeezed text of an element; None beyond a limit, which ends the walk."""
    parts: list[str] = []
    size = 0
    for text in element.itertext():
        parts.append(text)
        size += len(text.strip())
        if size > limit:
            return None
    return squeeze("".join(parts))


def named(element: etree._Element) -> str:
    """Class and id of an element, lower case: what its makers called it."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()
