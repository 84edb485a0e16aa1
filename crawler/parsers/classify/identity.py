"""Story numbers that a page names as its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from attrs import frozen

from crawler.parsers.document.page import Page


@frozen(kw_only=True)
class Named:
    """Story numbers that the candidates for a page's identity name."""

    numbers: tuple[str, ...]
    """One for each candidate that names a story."""
    front: bool
    """Whether a candidate names the front page in place of a story."""

    def other_than(self, number: str) -> str | None:
        """The number that most others name, if most candidates name another story than this one."""
        others = [n for n in self.numbers if n != number]
        return max(set(others), key=others.count) if len(others) * 2 > len(self.numbers) else None


def named_on(page: Page, identity: Sequence[str], number: str, number_of: Callable[[str], str | None]) -> Named:
    """Read the story numbers that a page names by these XPath expressions."""
    named: list[str] = []
    front = False
    for expression in identity:
        values = [value.strip() for value in page.xpath(expression).getall() if value.strip()]
        numbers = {n for value in values if (n := _number(value, page, number_of))}
        named += _vote(numbers, number)
        front = front or (not numbers and any(_is_front(value, page) for value in values))
    return Named(numbers=tuple(named), front=front)


def _vote(numbers: set[str], number: str) -> list[str]:
    """Choose among the numbers of one candidate: the one asked for, or the only one."""
    if number in numbers:
        return [number]
    return list(numbers) if len(numbers) == 1 else []


def _number(value: str, page: Page, number_of: Callable[[str], str | None]) -> str | None:
    """Read a story number, given as a number or as an address."""
    if value.isascii() and value.isdecimal():
        return value.lstrip("0") or "0"
    address = page.join(value)
    if address is None:
        return None
    return next((n for a in _addresses_in(address) if (n := number_of(a))), None) or _last_number(address)


def _addresses_in(address: str) -> Iterator[str]:
    """An address and those in its query: a share link carries the story's address there."""
    yield address
    yield from (value for _, value in parse_qsl(urlsplit(address).query) if value.startswith(("http://", "https://")))


def _last_number(address: str) -> str | None:
    """The bare number at the end of a path, as a counter's address has it."""
    tail = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    return tail.lstrip("0") or None if tail.isascii() and tail.isdecimal() else None


def _is_front(value: str, page: Page) -> bool:
    """Test for the address of the front page, on another page."""
    address = page.join(value)
    return address is not None and urlsplit(address).path == "/" and not urlsplit(address).query and urlsplit(page.url).path != "/"
