"""What parts words and what does not, by tag, class and style."""

from __future__ import annotations

import pytest
from small_pages import element, page

from crawler.parsers.document.display import as_shown, line_of
from crawler.parsers.document.flow import flow


def shown(html: str) -> list[str]:
    return [segment.text for segment in flow(page(f"<html><body>{html}")) if segment.text]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>One<span class='x br'></span>two</p>", ["One\ntwo"]),
        ("<p>One<span class='line-break'></span><span class='line-break'></span>two</p>", ["One", "two"]),
        ("<p>One<span class='br'>and</span>two</p>", ["Oneandtwo"]),
        ("<p>Eins<span class='br'></span>zwei<span class=abbr></span>fach</p>", ["Eins\nzweifach"]),
        ("<p>One<span style='display: block'>two</span>three</p>", ["One", "two", "three"]),
        ("<p><b style='color:red;display:block'>One</b>two <i>three</i></p>", ["One", "two three"]),
        ("<p>One <span style='display:none'>no</span>two</p>", ["One two"]),
        ("<p>One <span style='DISPLAY : NONE'>no</span>two <a href=/x style='visibility:hidden'>no</a></p>", ["One two"]),
        ("<p>One <span style='display:inline'>yes</span></p>", ["One yes"]),
        (f"<div style='display:none'>{'A whole story that a script shows. ' * 30}</div>", ["A whole story that a script shows. " * 29 + "A whole story that a script shows."]),
        ("<p>In <st1:city w:st='on'>Paris</st1:city>, they<o:p></o:p> said</p>", ["In Paris, they said"]),
        ("<p>A <tool-tip>word</tool-tip>s end<meta itemprop=x content=y>ing</p>", ["A words ending"]),
        ("<my-deck>One</my-deck><my-byline>two</my-byline>", ["One", "two"]),
        ("<div>One<my-box><p>two</p></my-box>three</div>", ["One", "two", "three"]),
        ("<p style='white-space:pre-line'>One</p>two", ["One", "two"]),
        ("<ul><li>One<ul><li>two</li></ul>three</ul>", ["One", "two", "three"]),
        ("<blockquote><p>One</p><footer>two</footer></blockquote>", ["One", "two"]),
    ],
)  # fmt: skip
def test_flow_parts_words_as_a_browser_does(html: str, lines: list[str]) -> None:
    assert shown(html) == lines


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("<div id=x>One<br>two</div>", "One two"),
        ("<div id=x><p>One</p><p>two</p></div>", "One two"),
        ("<li id=x>Berg<ul><li>Tal<li>See</ul>Ende</li>", "Berg Tal See Ende"),
        ("<tr id=x><td>1<td>Kim</tr>", "1 Kim"),
        ("<h1 id=x>A <b>sto</b><i>ry</i><!-- no -->line</h1>", "A storyline"),
        ("<div id=x>One<script>no</script> two<style>no</style></div>", "One two"),
        ("<span id=x>Jane</span>Miller", "Jane"),
        ("<div id=x>One<wbr>two<img src=/a.gif>three</div>", "Onetwothree"),
    ],
)
def test_the_text_of_an_element_parts_words_likewise(html: str, line: str) -> None:
    html = f"<table>{html}</table>" if html.startswith("<tr") else html
    assert line_of(element(html, "//*[@id='x']")) == line


def test_an_element_that_is_hidden_twice_is_left_out_once() -> None:
    html = "<html><body><p>One <span hidden style='display:none'>two</span> three.</p></body></html>"
    shown = page(html)
    assert "".join(as_shown(shown).itertext()).split() == ["One", "three."]
