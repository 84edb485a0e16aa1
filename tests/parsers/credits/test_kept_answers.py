"""Answers that are remembered: none about long texts, which a page could fill the memory with."""

from __future__ import annotations

import pytest
from lxml import etree

from crawler.parsers.captions import caption_boxes
from crawler.parsers.credits import names
from crawler.parsers.picture_urls import same_file as image_urls


@pytest.mark.parametrize("size", [10, 100_000])
def test_only_short_texts_are_remembered(size: int) -> None:
    kept = (names._like_name, image_urls._file, caption_boxes._speaks_of_credits, caption_boxes._speaks_of_captions)
    for one in kept:
        one.cache_clear()
    box = etree.Element("div", {"class": "caption photo-credit " + "x" * size})
    assert not names.like_name("Jane Roe " + "x" * size)
    assert image_urls.same_file("https://a.example/harbour/1" + "x" * size).endswith("xx")
    assert caption_boxes.is_called_caption(box)
    assert caption_boxes.is_credit_box(box) is False
    assert {one.cache_info().currsize for one in kept} == {int(size == 10)}
