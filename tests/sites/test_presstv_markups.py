"""One story of our own in many markups of the modern layout: nothing may rest on class names that nobody has proven."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse
from crawler.sites.presstv import SITE

URL = "https://www.presstv.co.uk/Detail/2026/03/09/765432/Lighthouse-Keepers-Harbor"
HEADLINE = "Harbor town’s lighthouse is lit again after forty years"
DECK = "The lamp of the old lighthouse was lit again on Monday after two years of repairs."
FIRST = DECK
SECOND = "Volunteers had rebuilt the lens from drawings that were found in a school’s attic, the keeper&nbsp;said.  "
THIRD = "The council expects some 20,000 visitors this summer, twice as many as before the repairs began."
LAST = " Boats sounded their horns for a minute when the beam first crossed the bay."
LEAD_CAPTION = "The keeper (left) and his daughter (2ndR) watch the lamp turn, March 9, 2026."
INNER_CAPTION = "Fishing boats pass below the lighthouse at dusk."
LEAD = "//cdn.presstv.ir//Photo/2026/3/9/0a1b2c3d-1111-4222-a333-444455556666.jpg"
INNER = "//cdn.presstv.ir/Photo/2026/3/9/0a1b2c3d-7777-4888-a999-aaaabbbbcccc.JPG"
OTHER = "https://www.presstv.ir/Detail/2026/03/01/765000/Another-Story"
STAMP = "Monday, 09 March 2026 11:50 AM"
SENTENCE = "Press TV’s website can also be accessed at the following alternate addresses:"

HEAD = (
    f'<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>PressTV-{HEADLINE}</title><meta property=og:title content="PressTV-'
    f'{HEADLINE.replace("’", "")}"><meta name=description content="{DECK}"><meta property=og:image content=https:{LEAD}>'
    '<meta name=DC.Date.Created content="3/9/2026 11:50:13 AM"></head><body><header><a href=/><img src=/images/logo.png alt="Press TV"></a>'
    "<ul><li><a href=/Section/101>Iran</a><li><a href=/Section/102>West Asia</a><li><a href=/Section/103>US</a><li><a"
    " href=/Section/104>Asia</a>"
    "<li><a href=/Section/105>Africa</a><li><a href=/Section/106>Europe</a><li><a href=/live>Live</a></ul></header>"
)
SIDE = (
    "<div><h4>Latest News</h4>"
    + "".join(
        f"<a href=/Detail/2026/03/0{n}/76500{n}/x><img src=//cdn.presstv.ir/Photo/2026/3/{n}/e{n}.s.jpg><div>Teaser number {n}</div>"
        f"<p>A teaser of some length that tells what another story is about, number {n}.</p></a>"
        for n in range(1, 5)
    )
    + "</div><footer><p>© 2026 Press TV. All rights reserved.</p></footer><img src=/Submission/ViewCounter/765432></body></html>"
)
SHARE = (
    "<div><h5>SHARE THIS ARTICLE</h5><a href=https://www.facebook.com/sharer/sharer.php?u=x><i></i></a></div><div>Press TV News Roku</div>"
)
TRAIL = "<a href=/>News</a> &nbsp; / &nbsp; <a href=/Section/130>#PressTV</a> &nbsp; / &nbsp; <a href=/Section/13001>Reports</a>"


def _figures() -> str:
    return (
        f"<main><article><ul class=x><li><a href=/>News</a><li><a href=/Section/130>#PressTV</a><li><a"
        f" href=/Section/13001>Reports</a></ul><h1>{HEADLINE}</h1>"
        f"<time>{STAMP}</time><figure><img src={LEAD}><figcaption>{LEAD_CAPTION} (IRNA photo)</figcaption>"
        f"<figcaption>{LEAD_CAPTION} (IRNA photo)</figcaption></figure>"
        f"<p>Mina Darvish<p>Press TV, Tehran<p>{FIRST}<p>{SECOND}<h3>A summer of visitors</h3><p>{THIRD}<figure><img src={INNER}>"
        f"<figcaption>{INNER_CAPTION} ©Reuters"
        f"</figcaption></figure><aside><a href={OTHER}><img src=//cdn.presstv.ir/Photo/2026/3/1/aa.jpg><h5>PressTV-Another story"
        f"</h5></a></aside><p>{LAST}</article>"
        f"<p>{SENTENCE}</p><ul><li><a href=http://www.presstv.co.uk>www.presstv.co.uk</a></ul>{SHARE}</main>"
    )


def _soup() -> str:
    return (
        f"<div><div><div>{TRAIL}</div><div>WATCH PRESS TV NEWS HEADLINES</div><div><h1>{HEADLINE}</h1></div><div>Mina Darvish"
        f"<br>Press TV, Tehran</div><div>{STAMP}</div>"
        f"<div><img src={LEAD}></div><div>{LEAD_CAPTION} (IRNA photo)</div><div>{FIRST}</div><div>{SECOND}</div><h3>A summer of"
        f" visitors</h3><div>{THIRD}</div>"
        f"<div><img src={INNER}></div><div>{INNER_CAPTION} ©Reuters</div><div><a href={OTHER}><img"
        f" src=//cdn.presstv.ir/Photo/2026/3/1/aa.jpg></a><a href={OTHER}>Another "
        f"story</a></div><div>{LAST}</div><div>{SENTENCE}<br>www.presstv.co.uk</div>{SHARE}</div></div>"
    )


def _tables() -> str:
    return (
        f"<div class=col-md-9><p>{TRAIL}</p><h1 class=news-title-container>{HEADLINE}</h1><div class=news-detail>{STAMP} &nbsp;["
        f" Last Update: {STAMP} ]</div>"
        f"<div>SHARE THIS ARTICLE</div><table align=center><tr><td><img src={LEAD}></td></tr><tr><td>{LEAD_CAPTION} (IRNA photo)"
        f"</td></tr></table>"
        f"<div class=news-body-container><p>{FIRST}</p><p>{SECOND}</p><h2>A summer of visitors</h2><p>{THIRD}</p><table><tr><td>"
        f"<img src={INNER}><tr><td>{INNER_CAPTION} "
        f"©Reuters</table><p><a href={OTHER}>Another story</a></p><p>{LAST}</p><p><b>Mina Darvish</b> | Press TV, Tehran</p>"
        f"<p>{SENTENCE.replace('’', chr(39))}</p>"
        f"<p>www.presstv.co.uk</p></div>{SHARE}</div>"
    )


def _paragraphs() -> str:
    return (
        f"<div><nav aria-label=breadcrumb><ol><li><a href=/>News</a></li><li><a href=/Section/130>#PressTV</a></li><li><a"
        f" href=/Section/13001>Reports</a></li></ol></nav>"
        f"<h1>{HEADLINE}</h1><div>{STAMP}</div><div class=c><p><img src={LEAD}></p><p class=caption>{LEAD_CAPTION} (IRNA photo)"
        f"</p><p><em>Mina Darvish</em><br>Press TV, Tehran</p>"
        f"<p>{FIRST}</p>\r\n<p>{SECOND}</p>\r\n<h3>A summer of visitors</h3><p>{THIRD}</p><p style=text-align:center><img"
        f" src={INNER}><br>{INNER_CAPTION} ©Reuters</p>"
        f"<div data-oembed-url={OTHER}><div><a href={OTHER}><img src=//cdn.presstv.ir/Photo/2026/3/1/aa.jpg></a><div><a"
        f" href={OTHER}>PressTV-Another story</a></div></div>"
        f"<a href={OTHER}>What the other story is about, told in one line that is long enough.</a></div><p>{LAST}</p></div>"
        f"<p>{SENTENCE} <a href=https://www.presstv.co.uk>www.presstv.co.uk</a></p>{SHARE}</div>"
    )


def _stacked() -> str:
    """Picture above the headline, caption and credit in two boxes, the sidebar first, hosts as pictures."""
    return (
        f"{SIDE.split('<footer>')[0]}<div><div><img src={LEAD.replace('.jpg', '.m.jpg')}><div>{LEAD_CAPTION}</div><div>(IRNA"
        f" photo)</div></div><div>{TRAIL}</div><h1>{HEADLINE}</h1>"
        f"<div class=author>By Mina Darvish</div><div>{STAMP}</div><div><p>{FIRST}</p><p>{SECOND}</p><h4>A summer of visitors"
        f"</h4><p>{THIRD}</p><div><img src={INNER}><div>"
        f"{INNER_CAPTION}</div><div>©Reuters</div></div><div class=related><h6>Read more</h6><a href={OTHER}>Another story</a>"
        f"<p>What the other story is about.</p></div>"
        f"<p>{LAST}</p></div><section><p>{SENTENCE}</p><a href=http://www.presstv.co.uk><img src=/images/uk.png></a></section>{SHARE}</div>"
    )


def _background() -> str:
    """The lead picture is a background, lines are broken by `br`, pictures are lazy, another story is named in a line."""
    lazy = f"<img src=data:image/gif;base64,R0lGOD data-src={INNER}>"
    return (
        f"<div><div>{TRAIL.replace(' / ', ' › ')}</div><h1>{HEADLINE}</h1><h5>Mina Darvish</h5><h5>Press TV, Tehran"
        f"</h5><span>{STAMP}</span>"
        f"<div style='background-image:url({LEAD})'></div><div>{LEAD_CAPTION} (IRNA photo)</div><div>{FIRST}"
        f"<br><br>{SECOND}<br><br>"
        f"<h3>A summer of visitors</h3>{THIRD}<br><br><center>{lazy}<br><small>{INNER_CAPTION} ©Reuters</small></center>"
        f"<p>Read more: <a href={OTHER}>Another story</a></p>{LAST}<br></div><div>{SENTENCE}<br>www.presstv.co.uk</div>{SHARE}</div>"
    )


MARKUPS = {"background": _background, "figures": _figures, "soup": _soup, "tables": _tables, "paragraphs": _paragraphs, "stacked": _stacked}


@pytest.fixture(params=MARKUPS, scope="module")
def article(request: pytest.FixtureRequest) -> Article:
    page = Page.from_payload(
        url=URL,
        date=datetime(2026, 3, 10, tzinfo=UTC),
        headers=[("Content-Type", "text/html; charset=utf-8")],
        payload=(HEAD + MARKUPS[request.param]() + SIDE).encode(),
    )
    return parse(page, SITE.templates, story=SITE.story_id(URL), language="en", timezone=SITE.timezone, key_of_picture=SITE.key_of_picture)


def test_body_is_the_paragraphs_and_nothing_else(article: Article) -> None:
    assert article.template == "modern"
    squeezed = SECOND.replace("&nbsp;", " ").strip()
    assert [b.text for b in article.blocks if b.kind == "paragraph"] == [FIRST, squeezed, THIRD, LAST.strip()]
    assert [b.text for b in article.blocks if b.kind == "heading"] == ["A summer of visitors"]


def test_headline_and_deck_have_their_apostrophes(article: Article) -> None:
    assert (article.headline, article.deck, article.story) == (HEADLINE, DECK, "presstv/765432")


def test_pictures_have_captions_and_credits_apart(article: Article) -> None:
    assert [(i.caption, i.credit, i.agency) for i in article.images] == [
        (LEAD_CAPTION, "IRNA", "IRNA"),
        (INNER_CAPTION, "Reuters", "Reuters"),
    ]
    assert [i.raw for i in article.images] == [f"{LEAD_CAPTION} (IRNA photo)", f"{INNER_CAPTION} ©Reuters"]
    assert [i.key for i in article.images] == ["0a1b2c3d-1111-4222-a333-444455556666", "0a1b2c3d-7777-4888-a999-aaaabbbbcccc"]
    assert not article.images[0].url.endswith(".m.jpg")


def test_pictures_stand_in_the_body_where_they_are_printed(article: Article) -> None:
    kinds = [b.kind for b in article.blocks if b.kind in ("picture", "heading")]
    assert kinds == ["picture", "heading", "picture"]
    assert [b.image for b in article.blocks if b.kind == "picture"] == [0, 1]


def test_byline_trail_and_alternates(article: Article) -> None:
    assert article.authors == ("Mina Darvish",)
    assert [(c.text, urlsplit(c.url).path) for c in article.breadcrumb] == [
        ("News", "/"),
        ("#PressTV", "/Section/130"),
        ("Reports", "/Section/13001"),
    ]
    assert article.section == "Reports"
    assert article.alternates == ("www.presstv.co.uk",)


def test_date_has_seconds_and_says_that_its_zone_is_assumed(article: Article) -> None:
    assert article.published == "2026-03-09T11:50:13+00:00"
    assert article.published_raw == STAMP
    assert article.modified is None
    assert "zone-assumed" in article.problems


def test_related_box_leads_to_the_other_story_and_leaks_nothing(article: Article) -> None:
    assert [(SITE.number(link.url), link.text) for link in article.related] == [("765000", "Another story")]
    assert "other story" not in article.body


def test_every_field_says_who_read_it(article: Article) -> None:
    assert article.read_by["published"] == "meta DC.Date.Created"
    assert {"headline", "deck", "blocks", "images", "authors", "breadcrumb", "alternates"} <= set(article.read_by)
