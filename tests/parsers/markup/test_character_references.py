"""References in XML and HTML text: made right before a strict reading, without changing what is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.parsers.markup.character_references import allowed, repaired_references, unescaped


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("plain", "plain"), ("a & b", "a &amp; b"), ("AT&T", "AT&amp;T"), ("&amp; &lt; &gt; &quot; &apos;", "&amp; &lt; &gt; &quot; &apos;"), ("&nbsp;", "\u00a0"),
        ("&eacute;t&eacute;", "été"), ("&nosuch;", "&amp;nosuch;"), ("&AMP;", "&amp;"), ("&LT;b&GT;", "&lt;b&gt;"), ("&#233;", "é"), ("&#xE9;", "é"), ("&#XE9;", "é"), ("&#38;", "&amp;"),
        ("&#60;", "&lt;"), ("&#8217;", "’"), ("&#146;", "’"), ("&#x92;", "’"), ("&#0;", ""), ("&#1;", ""), ("&#11;", ""), ("&#xFFFF;", ""), ("&#x110000;", ""), ("&#99999999999;", ""),
        ("&#9;&#10;", "\t\n"), ("&#x1F600;", "😀"), ("&#xD83D;&#xDE00;", "😀"), ("&#xD83D; alone", " alone"), ("&#;", "&amp;#;"), ("&#x;", "&amp;#x;"), ("&#12", "&amp;#12"), ("&", "&amp;"),
        ("1 < 2", "1 &lt; 2"), ("a <b>c</b>", "a <b>c</b>"), ("< a", "&lt; a"), ("<3", "&lt;3"), ("<!-- x --><?p x?></b>", "<!-- x --><?p x?></b>"), ("<é>", "<é>"),
        ("<![CDATA[a & b < c &nbsp;]]> & d", "<![CDATA[a & b < c &nbsp;]]> &amp; d"), ("<![CDATA[open & x", "<![CDATA[open &amp; x"), ("&ampx;", "&amp;ampx;"), ("?a=1&b=2", "?a=1&amp;b=2"),
        ("", ""),
    ],
)  # fmt: skip
def test_references_are_made_right(text: str, right: str) -> None:
    assert repaired_references(text) == right


@given(st.text(st.sampled_from("a1;&#xlt<>ampé \u00a0"), max_size=30))
def test_text_that_was_made_right_is_read_strictly_and_stays(text: str) -> None:
    right = repaired_references(text.replace("<", "&lt;"))
    root = etree.fromstring(f"<a>{right}</a>".encode())
    assert repaired_references(right) == right
    assert (root.text or "").replace("\r", "\n") == unescaped(right).replace("\r", "\n")


@pytest.mark.parametrize(
    ("text", "left"),
    [("plain", "plain"), ("a\x00b\x0b\x1fc", "abc"), ("tab\tnew\nline\r", "tab\tnew\nline\r"), ("\ufffe\uffff", ""), ("\ud83d\ude00", "😀"), ("\ud83d x", " x"), ("\ude00\ud83d", ""), ("x\x7f\x85", "x\x7f\x85")],
)  # fmt: skip
def test_characters_that_xml_forbids_go(text: str, left: str) -> None:
    assert allowed(text) == left


@given(st.text(st.characters(), max_size=40))
def test_what_is_left_is_xml(text: str) -> None:
    left = allowed(text).replace("&", "").replace("<", "")
    etree.fromstring(f"<a>{left}</a>".encode())


@pytest.mark.parametrize(("text", "plain"), [("", ""), ("a", "a"), ("&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;", "<b> & \"c\" 'd'"), ("&amp;lt;", "&lt;"), ("&amp;amp;", "&amp;"), ("&nbsp;", "&nbsp;")])
def test_references_are_taken_off_once(text: str, plain: str) -> None:
    assert unescaped(text) == plain
