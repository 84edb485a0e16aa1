"""Kinds of lists without boxes, without linked headings or without long links; and stories among links of these kinds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from list_pages import HOST, Paper

from crawler.parsers.classify.listing import is_listing
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def listed(html: str, path: str) -> bool:
    page = Page.from_text(HOST + path, NOW, html)
    return is_listing(page, parse(page))


def lines(paper: Paper) -> str:
    """Items that are one line each: link, date, summary."""
    items = "".join(f"<li>{paper.anchor(n)} 3.4.2026 {paper.prose(n, 2)}</li>" for n in range(12))
    return paper.page(paper.section, f"<h1>{paper.section}</h1><ul>{items}</ul>", "<meta property=og:type content=article>")


def breaks(paper: Paper) -> str:
    """Links and summaries parted by line breaks alone."""
    return f"<title>{paper.name}</title><b>{paper.section}</b><br>" + "<br>".join(
        f"{paper.anchor(n)}<br>{paper.prose(n, 2)}<br>" for n in range(12)
    )


def preformatted(paper: Paper) -> str:
    """An archive as preformatted text."""
    return (
        f"<title>05/2013</title><h1>{paper.section} 05/2013</h1><pre>"
        + "".join(f"3.5.2013  {paper.anchor(n)}\n" for n in range(60))
        + "</pre>"
    )


def read_more(paper: Paper) -> str:
    """Headings that are no links, and a short link below each summary."""
    items = "".join(
        f"<div><h3>{paper.headline(n)}</h3><p>{paper.prose(n, 2)}</p><a href='{paper.link(n)}'>Weiter</a></div>" for n in range(12)
    )
    return paper.page(paper.section, f"<h1>{paper.section}</h1>{items}")


def people(paper: Paper) -> str:
    """Notices under names, each with a page and a page of that page."""
    items = "".join(
        f"<div><h4><a href='/notice/{n}'>A. Li</a></h4><p>{paper.prose(n, 1)}</p><a href='/notice/{n}/candles'>Candles</a></div>"
        for n in range(20)
    )
    return paper.page("Notices", f"<h1>Notices</h1>{items}")


def quotes(paper: Paper) -> str:
    """Names and figures."""
    rows = "".join(f"<tr><td><a href='/quote/{n}'>ACME {n}</a></td><td>{n}.20</td></tr>" for n in range(40))
    return paper.page(paper.section, f"<h1>{paper.section}</h1><p>{paper.prose(0, 1)}</p><table>{rows}</table>")


def pictures(paper: Paper) -> str:
    """Teasers whose pictures are their only links."""
    items = "".join(f"<div><a href='{paper.link(n)}'><img src='/p/{n}.jpg'></a><p>{paper.prose(n, 2)}</p></div>" for n in range(12))
    return paper.page(paper.section, f"<h1>{paper.section}</h1>{items}")


def posts(paper: Paper) -> str:
    """Whole posts, heading and text side by side, the text in a box of its own."""
    items = "".join(f"<h2>{paper.anchor(n)}</h2><div>3.4.2026</div><div>{paper.text(4)}</div>" for n in range(5))
    return f"<title>{paper.name}</title><div>{items}</div>"


def life(paper: Paper) -> str:
    """An author's page: a long life, then headlines alone."""
    items = "".join(f"<li>{paper.anchor(n)}</li>" for n in range(15))
    return paper.page("Ada Quill", f"<h1>Ada Quill</h1><p>{paper.prose(0, 8)}</p><ul>{items}</ul>")


def many(paper: Paper) -> str:
    """More entries than are looked at."""
    return paper.page(
        paper.section, f"<h1>{paper.section}</h1>" + "".join(f"<p>{paper.anchor(n)}<br>{paper.prose(n, 1)}</p>" for n in range(1_800))
    )


def top_story(paper: Paper) -> str:
    """A section whose JSON-LD is that of its first story."""
    ld = {"@type": "NewsArticle", "headline": paper.headline(0), "url": HOST + paper.link(0)}
    items = "".join(f"<article><h3>{paper.anchor(n)}</h3><p>{paper.prose(n, 2)}</p></article>" for n in range(12))
    head = f"<meta property=og:type content=article><script type='application/ld+json'>{json.dumps(ld)}</script>"
    return paper.page(paper.section, f"<h1>{paper.section}</h1>{items}", head)


def elsewhere(paper: Paper) -> str:
    """Links to other sites."""
    items = "".join(f"<li><a href='https://site{n}.example/{n}'>{paper.headline(n)}</a></li>" for n in range(30))
    return f"<title>Planet</title><h1>Planet</h1><ul>{items}</ul>"


def one(paper: Paper) -> str:
    """A section with a single entry."""
    entry = f"<div><h2>{paper.anchor(0)}</h2><p>{paper.prose(0, 1)}</p></div>"
    return f"<title>{paper.section}</title><main><h1>{paper.section}</h1>{entry}</main>"


LISTS = (one, lines, breaks, preformatted, read_more, people, quotes, pictures, posts, life, many, top_story, elsewhere)


def front_below(paper: Paper) -> str:
    """Two short paragraphs over all of a front page."""
    items = "".join(f"<div><h3>{paper.anchor(n)}</h3><p>{paper.prose(n, 2)}</p></div>" for n in range(1, 40))
    return paper.page(
        paper.headline(0), f"<h1>{paper.headline(0)}</h1><div>3.4.2026</div><p>{paper.prose(0, 1)}</p><p>{paper.prose(1, 1)}</p>{items}"
    )


def cell(paper: Paper) -> str:
    """Headline and date in one cell of a layout table, beside a row of links."""
    left = "<br>".join(paper.anchor(n) for n in range(1, 25))
    return f"<title>{paper.headline(0)}</title><table><tr><td>{left}<td><b>{paper.headline(0)}</b><br>3.4.2026<br><br>{paper.prose(0, 9)}</table>"


def ten_things(paper: Paper) -> str:
    """Headings that lead to other pages of the site, under an introduction and a date."""
    items = "".join(f"<h2>{paper.anchor(n)}</h2><p>{paper.prose(n, 3)}</p>" for n in range(1, 11))
    return paper.page(paper.headline(0), f"<h1>{paper.headline(0)}</h1><div>3.4.2026</div><p>{paper.prose(0, 3)}</p>{items}")


def commented(paper: Paper) -> str:
    """Short names with dates, which make long lines of links."""
    rows = "".join(
        f"<li><a href='/user/{n}'>Ada Quill</a> <a href='#c{n}'>3.4.2026 10:15</a><p>{paper.prose(n, 2)}</p></li>" for n in range(80)
    )
    return paper.page(paper.headline(0), f"<h1>{paper.headline(0)}</h1>{paper.text(1)}<ol>{rows}</ol>")


def ranked(paper: Paper) -> str:
    """A table of thirty with links and notes."""
    rows = "".join(f"<tr><td>{n}<td>{paper.anchor(n)}<td>{paper.prose(n, 1)}" for n in range(1, 30))
    return paper.page(paper.headline(0), f"<h1>{paper.headline(0)}</h1><div>3.4.2026</div><p>{paper.prose(0, 2)}</p><table>{rows}</table>")


def short_name(paper: Paper) -> str:
    """Three paragraphs under a headline of two words, among links."""
    links = "<ul>" + "".join(f"<li>{paper.anchor(n)}</li>" for n in range(1, 30)) + "</ul>"
    return f"<body>{links}<h1>{paper.section}</h1>{paper.text(3, 2)}{links}"


STORIES = (front_below, cell, ten_things, commented, ranked, short_name)


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("language", ["en", "fa", "zh"])
def test_a_list_is_told(kind: Callable[[Paper], str], language: str) -> None:
    assert listed(kind(Paper(language)), "/a/b")


@pytest.mark.parametrize("kind", STORIES)
@pytest.mark.parametrize("language", ["en", "fa", "zh"])
def test_a_story_is_no_list(kind: Callable[[Paper], str], language: str) -> None:
    assert not listed(kind(Paper(language)), "/a/b")
