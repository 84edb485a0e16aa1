"""The deck under a headline and the stories a text leads to; pages of our own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

FERRY = "The old ferry between the two banks was taken out of service on Friday after ninety years in all weathers."
BRIDGE = "A new bridge, twice as wide as the one that fell, is to be opened by the end of the year, the ministry announced."
SHOPS = "Shopkeepers on the northern bank fear for their trade, while those on the southern bank sell maps of the detour."
DECK = "After ninety years the boat stays at the bank; until the bridge is built, buses take the long way round by the dam."


def read(described: str, above: str = "", among: str = "") -> Article:
    html = (
        f"<html><head><meta name=description content='{described}'></head><body><nav><a href=/s>All stories of the valley and its boats</a></nav>"
        f"<h1>Ferry makes its last crossing</h1>{above}<article><p>{FERRY}</p><p>{BRIDGE}</p>{among}<p>{SHOPS}</p></article></body></html>"
    )
    return parse(Page.from_text("https://post.example/a", datetime(2026, 3, 2, tzinfo=UTC), html))


@pytest.mark.parametrize("described", [DECK, DECK[:60] + "…", DECK[:60] + "..."])
def test_the_deck_is_taken_as_it_is_printed(described: str) -> None:
    found = read(described, above=f"<h2 class=deck>{DECK}</h2>")
    assert (found.deck, found.read_by["deck"]) == (DECK, "printed")


def test_a_deck_that_is_not_printed_is_told() -> None:
    found = read(DECK)
    assert (found.deck, found.read_by["deck"]) == (DECK, "meta description")


@pytest.mark.parametrize("described", [FERRY, FERRY[:70] + "…", f"{FERRY} {BRIDGE[:30]}...", ""])
def test_the_start_of_the_text_is_no_deck(described: str) -> None:
    found = read(described)
    assert found.deck is None
    assert "deck" not in found.read_by


def test_related_stories_are_those_the_text_leads_to() -> None:
    links = (
        "<ul><li>Valley: <a href=/dam>The dam is to be raised by another three yards</a></li><li><a href=/dam>The dam is to be raised</a></li>"
        "<li><a href=/a>Ferry makes its last crossing</a></li><li><a href=https://other.example/x>Somebody else on the same old ferry</a></li></ul>"
    )
    assert [(link.url, link.text) for link in read("", among=links).related] == [("https://post.example/dam", "The dam is to be raised")]
