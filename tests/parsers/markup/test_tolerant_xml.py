"""Broken XML: the same events as a strict parser's where nothing is broken, and reading on behind every fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.parsers.markup.character_references import repaired_references
from crawler.parsers.markup.tolerant_xml import MAX_DEPTH, Skipped, TolerantXml

WANTED = frozenset({"item", "entry", "url"})
Told = list[tuple[str, str, str]]


def told(text: str, skipped: Skipped | None = None) -> Told:
    """Events with the names and, at an end, the texts of elements."""
    reader = TolerantXml(repaired_references(text), WANTED) if skipped is None else TolerantXml(repaired_references(text), WANTED, skipped)
    return [(event, str(one.tag), (one.text or "").strip() if event == "end" else "") for event, one in reader]


def leaves(text: str) -> list[tuple[str, str]]:
    """Elements without children, with their texts, as they end."""
    return [(str(one.tag), (one.text or "").strip()) for event, one in TolerantXml(repaired_references(text), WANTED) if event == "end" and not len(one)]


NAMES = st.sampled_from(["channel", "image", "width", "a", "b", "x"])
TEXTS = st.text(st.sampled_from("ab &<é"), max_size=8)
TREES = st.recursive(
    st.tuples(NAMES, TEXTS), lambda inner: st.tuples(NAMES, st.lists(inner, min_size=1, max_size=3)), max_leaves=12,
)  # fmt: skip


def written(tree: tuple[str, object]) -> str:
    name, inside = tree
    body = inside.replace("&", "&amp;").replace("<", "&lt;") if isinstance(inside, str) else "".join(map(written, inside))  # type: ignore[arg-type]
    return f"<{name}>{body}</{name}>"


@given(TREES)
def test_well_formed_text_gives_the_events_of_a_strict_parser(tree: tuple[str, object]) -> None:
    text = written(tree)
    parser = etree.XMLPullParser(events=("start", "end"))
    parser.feed(text)
    strict = [(event, one.tag, (one.text or "").strip() if event == "end" else "") for event, one in parser.read_events()]
    assert told(text) == strict


@given(st.text(st.sampled_from("<>/a!-[]CDAT?=\"' &;item"), max_size=60))
def test_whatever_the_text_every_element_that_begins_ends(text: str) -> None:
    open_: list[object] = []
    for event, one in TolerantXml(text, WANTED):
        if event == "start":
            open_.append(one)
        else:
            assert open_.pop() is one
    assert not open_


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<rss><item><title>A</title></item></rss>", [("title", "A")]),
        ("<rss><item><title>A<link>/1</link></item></rss>", [("title", "A"), ("link", "/1")]),
        ("<rss><item><title>A</item><item><title>B</title></item></rss>", [("title", "A"), ("title", "B")]),
        ("<rss><item><title>A</title><item><title>B</title></item></rss>", [("title", "A"), ("title", "B")]),
        ("<rss></b><item><title>A</title></item></rss>", [("title", "A")]),
        ("<rss><item><title>1 < 2</title></item></rss>", [("title", "1 < 2")]),
        ("<rss><item><title>A & B</title></item></rss>", [("title", "A & B")]),
        ("<rss><item><title><![CDATA[A <b> & C]]></title></item></rss>", [("title", "A <b> & C")]),
        ("<rss><item><title><![CDATA[A</title><link>/1</link></item></rss>", [("title", "A"), ("link", "/1")]),
        ("<rss><!-- x <item> --><item><title>A</title></item></rss>", [("title", "A")]),
        ("<rss><item><!-- open <title>A</title></item><item><title>B</title></item></rss>", [("item", ""), ("title", "B")]),
        ("<rss><item><?php echo 1 ?><title>A</title></item></rss>", [("title", "A")]),
        ('<rss><item><enclosure url="/a.mp3" length=5/><title>A</title></item></rss>', [("enclosure", ""), ("title", "A")]),
        ("<rss><item/><item><title>A</title></item></rss>", [("item", ""), ("title", "A")]),
        ("<RSS><ITEM><TITLE>A</title></ITEM></RSS>", [("TITLE", "A")]),
        ("<rss><item><title>A</title></item>", [("title", "A")]),
        ("<rss><item><title>half", [("title", "")]),
        ("<rss><item><title>A</title><link>/ha", [("title", "A"), ("link", "")]),
        ("no element at all", []),
        ("", []),
    ],
)
def test_faults_are_read_past(text: str, found: list[tuple[str, str]]) -> None:
    assert leaves(text) == found


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ('<a href="/x"/>', {"href": "/x"}), ("<a href='/x'/>", {"href": "/x"}), ("<a href=/x/>", {"href": "/x"}), ("<a href=/x b=c/>", {"href": "/x", "b": "c"}),
        ('<a href="/x?a=1&b=2"/>', {"href": "/x?a=1&b=2"}), ('<a href="a" href="b"/>', {"href": "a"}), ('<a href = "/x" />', {"href": "/x"}), ('<a title="a > b"/>', {"title": "a > b"}),
        ('<a b="&quot;c&quot;"/>', {"b": '"c"'}), ("<a b/>", {}),
    ],
)  # fmt: skip
def test_attributes(tag: str, attributes: dict[str, str]) -> None:
    (element,) = [one for event, one in TolerantXml(repaired_references(tag), WANTED) if event == "end"]
    assert dict(element.items()) == attributes


def test_names_have_their_namespaces_and_an_undeclared_prefix_stands_for_itself() -> None:
    text = '<rss xmlns:media="http://search.yahoo.com/mrss/"><item><media:title>A</media:title><dc:date>B</dc:date></item></rss>'
    tags = [one.tag for event, one in TolerantXml(text, WANTED) if event == "end"]
    assert tags[:2] == ["{http://search.yahoo.com/mrss/}title", "{dc}date"]
    (root,) = [one for event, one in TolerantXml('<feed xmlns="http://www.w3.org/2005/Atom"/>', WANTED) if event == "end"]
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"


def test_deeper_than_the_limit_nothing_is_opened() -> None:
    text = "<x>" * (MAX_DEPTH + 50) + "deep"
    assert sum(event == "start" for event, _ in TolerantXml(text, WANTED)) == MAX_DEPTH


def test_entries_that_were_read_already_are_passed_over() -> None:
    text = "<rss><item><title>A</title></item><item><title>B</title></item></rss>"
    first = text.index("<item>")
    end = text.index("</item>") + len("</item>")
    assert [line for line in told(text, Skipped(first, end)) if line[1] == "title"] == [("start", "title", ""), ("end", "title", "B")]


def test_what_ends_because_the_text_does_is_said_to_be_cut() -> None:
    reader = TolerantXml("<rss><item><title>A</title>", WANTED)
    seen = [(str(one.tag), reader.cut) for event, one in reader if event == "end"]
    assert seen == [("title", False), ("item", True), ("rss", True)]
