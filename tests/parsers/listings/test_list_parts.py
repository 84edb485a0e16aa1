"""Parts of lists: titles with every kind of markup, lines of addresses, JSON feeds whole and broken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.parsers.listings.json_feed import JsonFeed, json_feed
from crawler.parsers.listings.lines import addresses_in, begins_with_address, lines_of_addresses, looks_like_address
from crawler.parsers.listings.titles import headline, plain, without_markup

H = "http://a.example"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("plain", "plain"), ("a <b>bold</b> word", "a bold word"), ("a<br>b", "a b"), ("a<br/>b", "a b"), ("<p>one</p><p>two</p>", " one  two "), ("I <3 you", "I <3 you"), ("a < b > c", "a < b > c"),
        ("x <answer> y", "x <answer> y"), ("<a href='/x' title=\"y\">z</a>", "z"), ("<img src=/x.png alt=no>", " "), ("<script>no</script>yes", " yes"), ("<style>no</style>yes", " yes"),
        ("a<!-- no -->b", "a b"), ("&amp;", "&"), ("&amp;amp;", "&"), ("&amp;amp;amp;", "&amp;"), ("&lt;b&gt;", "<b>"), ("Iran&#8217;s", "Iran’s"), ("&#x2019;", "’"), ("&nosuch;", "&nosuch;"),
        ("<![CDATA[a & b]]>", "a & b"), ("AT&T", "AT&T"), ("<b", "<b"), ("", ""),
    ],
)  # fmt: skip
def test_markup_is_taken_off_where_html_has_it(words: str, text: str) -> None:
    assert without_markup(words) == text


@given(st.text(max_size=60))
def test_no_words_raise(words: str) -> None:
    without_markup(words)
    plain(words)


@pytest.mark.parametrize(("words", "text"), [(None, None), ("", None), ("  \n ", None), (" a \n b ", "a b"), ("a" * 5000, None)])
def test_plain_words_are_trimmed_and_bounded(words: str | None, text: str | None) -> None:
    found = plain(words)
    if words == "a" * 5000:
        assert found is not None
        assert 0 < len(found) < 5000
    else:
        assert found == text


@pytest.mark.parametrize(
    ("xml", "title"),
    [
        ("<title>Bridge stays</title>", "Bridge stays"),
        ("<title>&lt;b&gt;Bridge&lt;/b&gt; stays</title>", "Bridge stays"),
        ("<title type='html'>&lt;b&gt;Bridge&lt;/b&gt; &amp;amp; more</title>", "Bridge & more"),
        ("<title type='text'>&lt;b&gt;Bridge&lt;/b&gt;</title>", "<b>Bridge</b>"),
        ("<title type='text/plain'>1 &lt; 2</title>", "1 < 2"),
        ("<title type='text/plain' mode='escaped'>&lt;b&gt;Bridge&lt;/b&gt;</title>", "Bridge"),
        ("<title type='xhtml'><div>Bridge <b>stays</b></div></title>", "Bridge stays"),
        ("<title><p>One</p><p>Two</p></title>", "One Two"),
        ("<title mode='base64'>QnJpZGdlIHN0YXlz</title>", "Bridge stays"),
        ("<title mode='base64'>no base64 !</title>", None),
        ("<title TYPE='TEXT'>a &lt;b&gt;</title>", "a <b>"),
        ("<title> </title>", None),
        ("<title/>", None),
    ],
)
def test_titles_by_the_type_they_name(xml: str, title: str | None) -> None:
    found = headline(etree.fromstring(xml))
    if "no base64" in xml:
        assert found is None or isinstance(found, str)
    else:
        assert found == title


def test_no_element_has_no_title() -> None:
    assert headline(None) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{H}/1\n{H}/2\n", [f"{H}/1", f"{H}/2"]), (f"{H}/1\r\n\r\n{H}/2", [f"{H}/1", f"{H}/2"]), (f"\ufeff{H}/1", [f"{H}/1"]), (f"# comment\n; other\n// third\n{H}/1", [f"{H}/1"]),
        (f"<!-- comment -->\n{H}/1", [f"{H}/1"]), ("//a.example/1", ["//a.example/1"]), ("a.example/1", ["a.example/1"]), (f"{H}/1 2024-01-02 daily 0.5", [f"{H}/1"]),
        (f"{H}/1,2024-01-02", [f"{H}/1"]), (f"{H}/1, 2024-01-02", [f"{H}/1"]), (f"{H}/1\tdaily", [f"{H}/1"]), (f"{H}/1;0.5;", [f"{H}/1"]), (f"{H}/1 {H}/2", [f"{H}/1", f"{H}/2"]),
        (f"{H}/a,b", [f"{H}/a,b"]), ("", []), ("  \n \n", []), ("words of a sentence", ["words"]),
    ],
)  # fmt: skip
def test_addresses_at_the_beginning_of_lines(text: str, found: list[str]) -> None:
    assert list(addresses_in(text)) == found


@pytest.mark.parametrize(
    ("word", "address"),
    [
        (f"{H}/1", True), ("HTTPS://A.example", True), ("//a.example/1", True), ("a.example/1", True), ("a.example", False), ("a.example:8080/x", True), ("localhost/x", False), ("/x", False),
        ("ftp://a.example/x", False), ("word", False), ("", False), ("http:/a.example", False), ("http://", False),
    ],
)  # fmt: skip
def test_words_that_look_like_addresses(word: str, address: bool) -> None:
    assert looks_like_address(word) is address
    assert begins_with_address(f"# comment\n\n{word}\nmore") is address


@pytest.mark.parametrize(
    ("start", "only"),
    [
        (f"{H}/1\n{H}/2", True), (f"# c\n{H}/1 2024-01-02", True), (f"{H}/1 is down", False), (f"{H}/1\tany words", True), (f"{H}/1\nwords", False), ("", False), ("# only comments", False),
        (f"{H}/1 0.5 weekly", True), ("a.example/1\nb.example/2", True),
    ],
)  # fmt: skip
def test_lines_that_are_nothing_but_addresses(start: str, only: bool) -> None:
    assert lines_of_addresses(start) is only


def feed(**more: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Courier", **more})


ITEMS = [{"id": "1", "url": f"{H}/1", "title": "One", "date_published": "2026-01-02"}, {"id": f"{H}/2"}, {"id": "3", "external_url": f"{H}/3"}]


def test_a_json_feed_as_written() -> None:
    found = json_feed(feed(items=ITEMS, language="en", next_url=f"{H}/next"))
    assert isinstance(found, JsonFeed)
    assert (found.title, found.language, found.next_url, found.problem) == ("Courier", "en", f"{H}/next", None)
    assert [item.addresses for item in found.items] == [(f"{H}/1",), (f"{H}/2",), (f"{H}/3",)]
    assert (found.items[0].title, found.items[0].published, found.items[0].modified) == ("One", "2026-01-02", None)


@pytest.mark.parametrize(
    ("text", "count", "problem"),
    [
        (feed(items=ITEMS) + "\n<!-- cached -->", 3, None),
        ("\n  " + feed(items=ITEMS), 3, None),
        (feed(items=ITEMS).replace('"One"', '"One\ntwo"'), 3, None),
        (feed(items=[7, "x", None, *ITEMS]), 3, None),
        (feed(items=[]), 0, None),
        (feed(items=ITEMS).replace("}]}", "},]}"), 3, "JSON: "),
        (feed(items=ITEMS)[:-2], 3, ""),
        (feed(items=ITEMS)[:-30], 2, ""),
    ],
)
def test_a_feed_is_read_as_far_as_it_goes(text: str, count: int, problem: str | None) -> None:
    found = json_feed(text)
    assert isinstance(found, JsonFeed)
    assert len(found.items) == count
    assert (found.problem is None) is (problem is None)
    if problem:
        assert (found.problem or "").startswith(problem)


@pytest.mark.parametrize("text", ["", "[]", "7", "null", '"items"', "{}", '{"items": 7}', '{"items": {"a": 1}}', "not json", '{"items": [', "[" * 5000])
def test_what_is_no_feed_says_so(text: str) -> None:
    found = json_feed(text)
    assert isinstance(found, str)
    assert found.startswith("no feed: ")


@pytest.mark.parametrize("value", [7, None, [], {}, "", "  "])
def test_fields_of_another_type_are_none(value: object) -> None:
    found = json_feed(feed(items=[{"url": f"{H}/1", "title": value, "date_published": value}], title=value, language=value))
    assert isinstance(found, JsonFeed)
    assert (found.title, found.language, found.items[0].title, found.items[0].published) == (None, None, None, None)
