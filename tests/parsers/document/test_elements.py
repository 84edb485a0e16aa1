"""Elements collected in one walk, and what is read of them, against a search of the tree for each."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.parsers.document.elements import TAGS, is_named_anywhere, marked, tagged
from crawler.parsers.document.page import Page
from crawler.parsers.document.structured_data import canonical_href, title_of
from crawler.parsers.document.videos import videos

PIECES = st.sampled_from((
    "<a href=/film.mp4>", "<a href='/film.MP4?x=1'>f</a>", "<a href=/story>s</a>", "</a>", "<video src=/v.webm>", "<source src=/late.m3u8>",
    "</video>", "<div data-video=' https://a.example/d.mp4 '>", "</div>", "<input value=https://a.example/i.mov>", "<input value=i.mov>",
    "<link rel=canonical>", "<link rel=canonical href=''>", "<link rel=canonical href=/c>", "<link rel=next href=/n>", "<title>T &amp; t",
    "</title>", "<span itemprop=author>", "<span itemprop='author name'>", "</span>", "<time>", "<h1>", "<meta itemprop=author content=x>",
    "<script>file: 'https://a.example/s.mp4'</script>", "text", "<a>", "<br>",
))  # fmt: skip


def page(text: str) -> Page:
    return Page.from_text("https://a.example/", datetime(2026, 3, 1, tzinfo=UTC), f"<html>{text}")


@given(st.lists(PIECES, max_size=30).map("".join))
def test_elements_are_those_that_a_search_finds(text: str) -> None:
    one = page(text)
    assert all(list(tagged(one, tag)) == list(one.root.iter(tag)) for tag in TAGS)
    assert list(marked(one, "author")) == one.root.xpath("//*[@itemprop='author']")
    assert title_of(one) == one.root.xpath("string(//title)")
    assert canonical_href(one) == next(iter(one.root.xpath("//link[@rel='canonical']/@href")), None)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_films_come_in_the_order_of_the_page(text: str) -> None:
    one = page(text)
    film = re.compile(r"\.(?:m3u8|mp4|webm|m4v|mov)(?:[?#]|$)", re.IGNORECASE)
    shown = one.root.xpath("//a/@href | //video/@src | //video//source/@src | //*[@data-video]/@data-video")
    found = [value for value in shown if film.search(value)]
    found += ["https://a.example/s.mp4" for script in one.root.iter("script") if "s.mp4" in (script.text or "")]
    found += [value for value in one.root.xpath("//input/@value") if film.search(value) and "/" in value]
    names: dict[str, str] = {}
    for value in found:
        url = one.join(value.strip()) or ""
        names.setdefault(url.rpartition("/")[2].partition("?")[0].lower(), url)
    read = videos()(one)
    assert (read.value if read else ()) == tuple(names.values())


def test_names_are_looked_for_in_classes_and_ids() -> None:
    page = Page.from_text("http://a.example/", datetime(2026, 1, 2, tzinfo=UTC), "<div class='Some Crumbs'><p id='Related-box'>text</p></div>")
    assert is_named_anywhere(page, re.compile("crumbs?"))
    assert is_named_anywhere(page, re.compile("^related"))
    assert not is_named_anywhere(page, re.compile("text"))
