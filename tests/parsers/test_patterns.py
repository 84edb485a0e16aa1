"""Patterns that could be matched in more ways than can be tried: what is repeated in them must not be parted anew."""

from __future__ import annotations

import pytest

from crawler.parsers.classify.page_features import HTML_START
from crawler.parsers.encoding.media_type import _SKIPPED
from crawler.parsers.images.collect import _LABEL_OF_BUTTON
from crawler.parsers.listings.recognise import list_in
from crawler.parsers.markup.xml import XmlEntries

COMMENTS = "<!-- x -->" * 60


def test_many_comments_before_a_page_are_passed_over() -> None:
    assert not list_in(f"{COMMENTS}<q>", "text/html")
    assert HTML_START.match(f"{COMMENTS}<q>") is None
    assert HTML_START.match(f"{COMMENTS}<html>")
    assert list_in(f"{COMMENTS}<rss>", "text/xml")
    assert _SKIPPED.fullmatch(f"{COMMENTS} q") is None
    assert _SKIPPED.match(f"{COMMENTS} q").end() == len(COMMENTS) + 1  # type: ignore[union-attr]
    xml = XmlEntries(f"{COMMENTS}<q/>", frozenset({"item"}))
    assert list(xml) == []
    assert xml.root == "q"


@pytest.mark.parametrize(("line", "button"), [("2026-11-28 " * 20 + "x", False), ("1" * 90 + "x", False), ("3 of 12", True), ("Open full screen", True)])
def test_a_line_of_figures_is_told_from_a_button(line: str, button: bool) -> None:
    assert (_LABEL_OF_BUTTON.match(line) is not None) == button
