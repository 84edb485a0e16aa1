"""Readers: named functions from a page to a value, and their composition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import frozen

from crawler.items import Link
from crawler.parsers.document.page import Page
from crawler.parsers.document.queries import by_css, by_xpath, text_of
from crawler.parsers.document.segments import squeeze
from crawler.parsers.document.structured_data import linked_data, meta_values

T = TypeVar("T")
U = TypeVar("U")


@frozen
class Found(Generic[T]):
    """A value, and the name of the reader that found it."""

    value: T
    by: str


@frozen
class Reader(Generic[T]):
    """A named function of a page.

    None, an empty text and an empty tuple all mean "not found".
    """

    name: str
    find: Callable[[Page], Found[T] | None]
    best: str | None = None
    """Of several: the name of the one that is asked first; None if there is only one."""
    parts: tuple[Reader[T], ...] = ()
    """Of several: the readers, in the order they are asked."""

    def __call__(self, page: Page) -> Found[T] | None:
        return self.find(page)

    def then(self, change: Callable[[T], U | None]) -> Reader[U]:
        """The same reader, its value changed; None means "not found"."""

        def find(page: Page) -> Found[U] | None:
            found = self.find(page)
            if found is None:
                return None
            value: Any = change(found.value)
            return None if _absent(value) else Found(value, found.by)

        return Reader(self.name, find, self.best, tuple(part.then(change) for part in self.parts))


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, (str, tuple, list)) and not value)


def reader(name: str, function: Callable[[Page], T | None]) -> Reader[T]:
    """A reader from any function of a page."""

    def find(page: Page) -> Found[T] | None:
        value = function(page)
        return None if value is None or _absent(value) else Found(value, name)

    return Reader(name, find)


def first(*readers: Reader[T]) -> Reader[T]:
    """The first of several readers that finds something."""

    def find(page: Page) -> Found[T] | None:
        return next((found for one in readers if (found := one(page)) is not None), None)

    return Reader(" | ".join(one.name for one in readers), find, readers[0].best or readers[0].name, readers)


NOTHING: Reader[Any] = Reader("nothing", lambda page: None)
"""The reader that finds nothing."""


def css(query: str) -> Reader[str]:
    """Read the first element with a text, or an attribute (`::attr()`)."""

    def text(page: Page) -> str | None:
        return next((line for node in by_css(page, query) if (line := squeeze(text_of(node)))), None)

    return reader(f"css {query}", text)


def every(query: str) -> Reader[tuple[str, ...]]:
    """Read the texts, or attributes (`::attr()`), of all elements, each once."""

    def texts(page: Page) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line for node in by_css(page, query) if (line := squeeze(text_of(node)))))

    return reader(f"css {query}", texts)


def links(query: str) -> Reader[tuple[Link, ...]]:
    """The links a selector finds, with their texts, each once."""

    def found(page: Page) -> tuple[Link, ...]:
        anchors = ((node.get("href"), squeeze(text_of(node))) for node in by_css(page, query))
        return tuple(dict.fromkeys(Link(url=page.join(href) or "", text=text) for href, text in anchors if href and text))

    return reader(f"css {query}", found)


def xpath(query: str) -> Reader[str]:
    """Read the first match of an expression for text, attributes or elements."""

    def text(page: Page) -> str | None:
        return next((line for node in by_xpath(page, query) if (line := squeeze(text_of(node)))), None)

    return reader(f"xpath {query}", text)


def meta(name: str) -> Reader[str]:
    """The content of the first non-empty `meta` of that name, property or itemprop, case ignored."""
    return reader(f"meta {name}", lambda page: next(iter(meta_values(page).get(name.lower(), ())), None))


def jsonld(key: str) -> Reader[str]:
    """A text of the page's main JSON-LD article."""

    def text(page: Page) -> str | None:
        value = linked_data(page).article.get(key)
        return squeeze(value) if isinstance(value, str) else None

    return reader(f"jsonld {key}", text)
