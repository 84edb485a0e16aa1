"""Pages of a few lines, for the tests of single readers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lxml import etree

from crawler.parsers.document.page import Page

URL = "https://courier.example/2026/11/24/harbour"
DATE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def page(html: str, *, url: str = URL, **more: Any) -> Page:
    """A page from text; `more` are fields of Page."""
    return Page(url=url, date=DATE, text=html, **more)


def element(html: str, path: str) -> etree._Element:
    """The first element of a page that an expression finds."""
    return next(iter(page(html).root.xpath(path)))
