"""Pages whose text waits in a script: written by us after the ways newspapers' frameworks keep it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.parsers.document.page import Page
from crawler.parsers.embedded.hydrated import hydrated
from crawler.parsers.template import parse

FERRY = "The old ferry between the two banks was taken out of service on Friday after ninety years in all weathers."
BRIDGE = "A new bridge, twice as wide as the one that fell, is to be opened by the end of the year, the ministry announced."
MARKUP = (
    '<div class="box"><img src="/pics/ferry.jpg"><div class="caption"><p>The ferry in fog. Photo: John Doe</p></div></div>'
    f"<p><strong>{FERRY}</strong> {BRIDGE}</p><h3>The long way</h3><p>{BRIDGE} {FERRY}</p>"
    + "<p>{0}</p><p>{0}</p>".format("More of the fog. " * 20)
)


def page(script: str, body: str = "<div id=app></div>", title: str = "The old ferry is gone | The Valley Post") -> Page:
    text = f"<html><head><title>{title}</title><script>{script}</script></head><body class=x>{body}</body></html>"
    return Page.from_text("https://post.example/a", datetime(2026, 3, 2, tzinfo=UTC), text)


def state(markup: str = MARKUP) -> str:
    held = {"article": {"createDt": "2026-01-01 10:00", "contentHtml": markup, "publishedAt": "2026-02-27T08:30:00+01:00"}}
    return json.dumps(held).replace("<", "\\u003c")


@pytest.mark.parametrize(
    "script",
    [
        f"window.__STATE__ = {state()}",
        f"self.__next_f.push([1, {json.dumps(state())}])",
        f"window.__STATE__ = {state(MARKUP.replace('<', '&lt;').replace('>', '&gt;'))}",
    ],
    ids=["once", "twice", "entities"],
)
def test_text_picture_and_time_are_read_from_a_script(script: str) -> None:
    found = parse(page(script))
    assert found.body.startswith(f"{FERRY} {BRIDGE}\nThe long way\n{BRIDGE} {FERRY}\n")
    assert found.published == "2026-02-27T08:30:00+01:00"
    assert [(i.url, i.caption, i.credit) for i in found.images] == [
        ("https://post.example/pics/ferry.jpg", "The ferry in fog.", "John Doe"),
    ]


def test_a_page_with_text_of_its_own_is_left_as_it_is() -> None:
    own = page(f"window.__STATE__ = {state()}", body=f"<div>{f'<p>{BRIDGE}</p>' * 4}</div>")
    assert hydrated(own) is own


def test_a_banner_in_a_script_is_no_article() -> None:
    banner = page(f"window.__STATE__ = {state()}", title="Valley weather")
    assert hydrated(banner) is banner


@pytest.mark.parametrize("script", ["", "x = '" + "<p>" * 400 + "'", 'x = "' + "<p>" * 400, f'x = "{"<p>x " * 400}\\q"'])
def test_a_script_without_an_article(script: str) -> None:
    bare = page(script)
    assert hydrated(bare) is bare
