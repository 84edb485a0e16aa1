"""Kinds of markup that Press TV's pages may have, one row each: a part of a plain page exchanged, and what must be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.items import Article
from crawler.parsers.document.page import Page
from crawler.parsers.template import parse
from crawler.sites.presstv import SITE

URL = "https://www.presstv.ir/Detail/2025/01/17/741207/Carpet-Weavers"
HEADLINE = "Weavers of a desert town open a school for the young"
TEXT = (
    "A guild of carpet weavers has opened a school where thirty pupils learn the craft from women who have woven for decades.",
    "The first looms stand in a former caravanserai, whose roof had to be rebuilt with mud bricks over the past eight months.",
    "A second class is to begin in autumn if money can be found, the guild said in a statement on Friday.",
)
PHOTO = "//cdn.presstv.ir/Photo/2025/1/17/0a1b2c3d-1111-4222-a333-444455556666.jpg"
CAPTION = "Pupils knot wool at a loom in the former caravanserai."
OTHER = "/Detail/2025/01/11/740800/Another-Story"
SENTENCE = "<p>Press TV’s website can also be accessed at the following alternate addresses:</p>"
TEASERS = "".join(
    f"<a href=/Detail/2025/01/1{n}/74090{n}/x><img src=//cdn.presstv.ir/Photo/2025/1/1{n}/e.s.jpg><div>Another teaser {n}</div>"
    f"<time datetime=2025-01-1{n}T01:00:00></time><p>What this teaser is about, in a line of some length, number {n}.</p></a>"
    for n in (1, 2, 3)
)
PARTS = {
    "title": f"PressTV-{HEADLINE}",
    "head": "",
    "before": "",
    "crumbs": "<div><a href=/>News</a> &nbsp; / &nbsp; <a href=/Section/101>Iran</a></div>",
    "headline": f"<h1>{HEADLINE}</h1>",
    "byline": "",
    "date": "<div>Friday, 17 January 2025 10:06 AM</div>",
    "lead": f"<figure><img src={PHOTO}><figcaption>{CAPTION} (Photo by Tasnim)</figcaption></figure>",
    "text": "".join(f"<p>{line}</p>" for line in TEXT),
    "end": "",
    "hosts": f"{SENTENCE}<p>www.presstv.co.uk</p>",
    "after": "<h5>SHARE THIS ARTICLE</h5><div>Press TV News Roku</div>",
}
ORDER = ("crumbs", "headline", "byline", "date", "lead", "text", "end", "hosts", "after")


def article(parts: dict[str, str], order: tuple[str, ...] = ORDER) -> Article:
    all_parts = PARTS | parts
    menu = "".join(
        f"<li><a href=/Section/{n}>{name}</a></li>" for n, name in ((101, "Iran"), (103, "US"), (105, "Africa"), (130, "Videos"))
    )
    html = (
        f"<!DOCTYPE html><html lang=en><head><title>{all_parts['title']}</title>{all_parts['head']}</head><body><header><ul>{menu}</ul></header>"
        f"{all_parts['before']}<main>{''.join(all_parts[name] for name in order)}</main><footer>© 2025 Press TV</footer></body></html>"
    )
    page = Page.from_payload(
        url=URL, date=datetime(2026, 3, 1, tzinfo=UTC), headers=[("Content-Type", "text/html; charset=utf-8")], payload=html.encode()
    )
    return parse(page, SITE.templates, story=SITE.story_id(URL), language="en", timezone=SITE.timezone, key_of_picture=SITE.key_of_picture)


def facts(found: Article) -> dict[str, Any]:
    lead = found.images[0] if found.images else None
    return {
        "headline": found.headline,
        "text": tuple(block.text for block in found.blocks if block.kind == "paragraph"),
        "authors": found.authors,
        "published": (found.published or "")[:16],
        "modified": found.modified and found.modified[:16],
        "caption": lead and (lead.caption, lead.credit),
        "pictures": len(found.images),
        "crumbs": tuple(crumb.text for crumb in found.breadcrumb),
        "hosts": found.alternates,
    }


PLAIN = {
    "headline": HEADLINE, "text": TEXT, "authors": (), "published": "2025-01-17T10:06", "modified": None, "caption": (CAPTION, "Tasnim"),
    "pictures": 1, "crumbs": ("News", "Iran"), "hosts": ("www.presstv.co.uk",),
}  # fmt: skip
DESK, REPORTER = ("Press TV Culture Desk",), ("Mina Darvish",)
LATE = "2025-01-17T12:40"

KINDS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "plain": ({}, {}),
    "title-behind": ({"title": f"{HEADLINE} - Press TV", "headline": f"<div class=a1>{HEADLINE}</div>"}, {}),
    "title-with-bar": ({"title": f"{HEADLINE} | Press TV", "headline": f"<h2>{HEADLINE}</h2>"}, {}),
    "title-of-other-words": ({"title": "PressTV-Carpet school in focus", "headline": f"<h2 class=x>{HEADLINE}</h2>"}, {}),
    "title-of-some-words": ({"title": "PressTV-Weavers open a school", "headline": f"<div class=x>{HEADLINE}</div>"}, {}),
    "headline-in-script": (
        {
            "title": "PressTV-Carpets",
            "headline": f"<p><b>{HEADLINE}</b></p>",
            "head": f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{HEADLINE}"}}</script>',
        },
        {},
    ),
    "no-mark-at-all": ({"title": HEADLINE, "hosts": "", "after": ""}, {"hosts": ()}),
    "desk": ({"byline": "<p><em>Press TV Culture Desk</em></p>"}, {"authors": DESK}),
    "by-desk": ({"byline": "<div>By Press TV Culture Desk</div>"}, {"authors": DESK}),
    "by-website-staff": ({"lead": "<p><b>By Press TV Website Staff</b></p>"}, {"authors": ("Press TV Website Staff",), "caption": None, "pictures": 0}),
    "staff-writer-at-the-end": ({"end": "<p>Press TV Staff Writer</p>"}, {"authors": ("Press TV Staff Writer",)}),
    "reporter-and-desk": ({"byline": "<p>By Mina Darvish</p>", "end": "<p>Press TV Culture Desk</p>"}, {"authors": REPORTER}),
    "place": ({"byline": "<p>Mina Darvish<br>Press TV, Tehran</p>"}, {"authors": REPORTER}),
    "by-the-paper": ({"byline": "<p>By Press TV</p>"}, {}),
    "three-names": ({"byline": "<p>By Mina Darvish, Omid Rastgar and Hiba Morad</p>"}, {"authors": ("Mina Darvish", "Omid Rastgar", "Hiba Morad")}),
    "linked-name": ({"byline": "<a href=/Author/12>Mina Darvish</a>"}, {"authors": REPORTER}),
    "name-and-place-behind": ({"end": "<p><em>Mina Darvish, Press TV, Damascus</em></p>"}, {"authors": REPORTER}),
    "capitals": ({"byline": "<p>BY MINA DARVISH</p>"}, {"authors": ("MINA DARVISH",)}),
    "initials": ({"end": "<p>AMF/SZH/JR</p>"}, {}),
    "initials-of-one": ({"end": "<div align=right><b>HN</b></div>"}, {}),
    "initials-behind-the-text": ({"text": PARTS["text"].removesuffix("</p>") + " MKA/HN</p>"}, {}),
    "no-initials": ({"end": "<p>The guild is a member of the UN.</p>"}, {"text": (*TEXT, "The guild is a member of the UN.")}),
    "credit-within": ({"lead": f"<div><img src={PHOTO}></div><div>{CAPTION.replace(' at a', ' (Photo by Tasnim) at a')}</div>"}, {}),
    "file-photo-within": (
        {"lead": f"<div><img src={PHOTO}></div><div>{CAPTION.replace(' at a', ' (file photo) at a')}</div>"},
        {"caption": (CAPTION, "file photo")},
    ),
    "caption-above": ({"lead": f"<table><tr><td>{CAPTION} [Photo by Tasnim]<tr><td><img src={PHOTO}></table>"}, {}),
    "two-sources": (
        {
            "head": f"<meta property=og:image content=https:{PHOTO}>",
            "lead": f"<picture><source srcset={PHOTO.replace('.jpg', '.webp')}><img src={PHOTO}></picture><div>{CAPTION} (Photo by Tasnim)</div>",
        },
        {},
    ),
    "time-element-and-day": ({"date": "<time datetime=2025-01-17T10:06:00+00:00>17 January 2025</time>"}, {}),
    "time-element-alone": ({"date": "<time datetime=2025-01-17T10:06:09Z></time>"}, {}),
    "time-element-for-people": ({"date": "<time>Fri Jan 17, 2025 10:06AM GMT</time>"}, {}),
    "two-time-elements": (
        {"date": "<div><time datetime=2025-01-17T10:06Z></time> Updated: <time datetime=2025-01-17T12:40Z></time></div>"},
        {"modified": LATE},
    ),
    "time-element-behind-a-comment": ({"date": "<div><!-- date --><time datetime=2025-01-17T10:06Z></time></div>"}, {}),
    "label-in-a-box": (
        {"date": "<div><time datetime=2025-01-17T10:06Z></time><!-- --><b>Last Update</b>: <time datetime=2025-01-17T12:40Z></time></div>"},
        {"modified": LATE},
    ),
    "teasers-with-times-before": ({"before": f"<div><h4>Latest News</h4>{TEASERS}</div>", "date": "<time datetime=2025-01-17T10:06Z></time>"}, {}),
    "teasers-before-no-crumbs": ({"before": f"<div>{TEASERS}</div>", "crumbs": ""}, {"crumbs": ()}),
    "menu-before-no-crumbs": ({"crumbs": ""}, {"crumbs": ()}),
    "updated-line": ({"date": "<p>Fri Jan 17, 2025 10:06AM</p><p>Last Update: Fri Jan 17, 2025 12:40PM</p>"}, {"modified": LATE}),
    "teasers-behind": (
        {"hosts": "", "after": f"<section><h3>More</h3><div><a href={OTHER}><img src=//cdn.presstv.ir/Photo/2025/1/1/r.jpg><b>Older</b></a></div></section>"},
        {"hosts": ()},
    ),
    "no-host-and-teasers": ({"hosts": SENTENCE, "after": f"<ul><li><a href={OTHER}>Older story</a></ul>"}, {"hosts": ()}),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_read_like_the_plain_page(kind: str) -> None:
    parts, other = KINDS[kind]
    assert facts(article(parts)) == PLAIN | other


@pytest.mark.parametrize("unused", ["hosts", "crumbs", "date"])
def test_a_part_may_be_missing(unused: str) -> None:
    found = facts(article({unused: ""}))
    missing = {"hosts": {"hosts": ()}, "crumbs": {"crumbs": ()}, "date": {"published": "2025-01-17"}}[unused]
    assert found == PLAIN | missing


@pytest.mark.parametrize("box", ["div", "span", "center", "table", "figure"])
def test_the_lead_picture_may_stand_above_the_headline(box: str) -> None:
    inner = f"<img src={PHOTO}><div>{CAPTION} ©Tasnim</div>" if box != "table" else f"<tr><td><img src={PHOTO}><tr><td>{CAPTION} ©Tasnim"
    lead = f"<{box}>{inner}</{box}>"
    assert facts(article({"lead": lead}, ("lead", *(name for name in ORDER if name != "lead")))) == PLAIN


def test_a_background_is_captioned_below_byline_and_date() -> None:
    parts = {
        "head": f"<meta property=og:image content=https:{PHOTO}>",
        "byline": "<p>By Mina Darvish</p>",
        "lead": f"<div style='background:url({PHOTO})'></div><div>{CAPTION} Photo: Tasnim</div>",
    }
    assert facts(article(parts)) == PLAIN | {"authors": REPORTER}
