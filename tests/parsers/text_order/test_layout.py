"""Parts of a page found by the order of its text: made once for each page and order."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, datetime

from crawler.parsers.document.page import Page
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.layout import outline

HTML = b"<html><body><h1>The first headline of it</h1><h2>The second headline of it</h2><p>A text of one paragraph, for both.</p></body></html>"


def page() -> Page:
    return Page.from_payload(url="https://paper.example/1", date=datetime(2026, 1, 1, tzinfo=UTC), headers=(), payload=HTML)


def test_each_order_gets_its_own_outline_also_where_one_takes_the_place_of_another_in_memory() -> None:
    read = page()
    found = [outline(Order(headline=(name,)), read).headline for name in ("h1", "h2", "h1", "h2")]
    assert found == ["The first headline of it", "The second headline of it"] * 2


def test_orders_that_are_equal_share_one_outline() -> None:
    read = page()
    assert outline(Order(headline=("h1",)), read) is outline(Order(headline=("h1",)), read)


def test_a_page_read_by_an_order_is_gone_at_once() -> None:
    # As for the generic reader: what a page keeps must not lead back to it.
    order = Order(headline=("h1",), body=("body",), related="//aside", furniture_boxes="//form", story_link=r"\d+")
    text = HTML.replace(b"</body>", b"<aside class=related><a href=/2><img src=/2.jpg>Another</a></aside><form>x</form></body>")
    read: Page | None = Page.from_payload(url="https://paper.example/1", date=datetime(2026, 1, 1, tzinfo=UTC), headers=(), payload=text)
    assert read is not None
    gc.disable()
    try:
        assert outline(order, read).related
        left, read = weakref.ref(read), None
        assert left() is None
    finally:
        gc.enable()
