"""Meduza: stories known by their slug, two languages on one host.

What it rests on: two dozen addresses of 2019 to 2026, two stored page texts (one from the mirror cg-entry.meduza.io, October 2024), the
feeds `/rss/all` and `/rss/en/all` in a dozen lists, class names on which a public site configuration and six scrapers of 2019 to 2024
agree, and the `data-testid` names in one of them. No whole page was seen. Meduza gives readers in Russia ever new mirrors, which it tells
its subscribers: name those that you know in `mirrors`. Unproven: that the mirror answers today, the zone of printed times (Moscow's is
assumed).
"""

from __future__ import annotations

from crawler.parsers.document.selectors import css, first, xpath
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.parsers.text_order.templates import MODIFIED, PUBLISHED, ordered
from crawler.sites.site import Feed, Mirror, Section, Site

NOT_TEXT = ("announcement-in-text", "related-rich-block", "related-block", "material-note", "toolbar", "donates-teaser")
ORDER = Order(
    headline=("h1.RichTitle-root", "h1.SimpleTitle-root", "[data-testid='rich-title']", "[data-testid='simple-title']"),
    body=(".GeneralMaterial-article", ".SlidesMaterial-layout"),
    dates=(".GeneralMaterial-materialHeader time", ".Slide-slide time"),
    paper=r"\s*[-–—|]\s*(?:Meduza|Медуза)\s*$",
    story_link=r"/[a-z-]+/20\d\d/\d\d/\d\d/[\w%-]+",
    furniture_boxes=" | ".join(f"//*[@data-testid='{name}']" for name in NOT_TEXT) + " | //*[contains(@class, 'MaterialNote')]",
    related="//*[contains(@class, 'RelatedBlock') or contains(@class, 'RelatedRichBlock')]",
)

MATERIAL = ordered(
    "material", ORDER, css(".GeneralMaterial-article, .SlidesMaterial-layout"),
    # The second title is a part of the heading.
    headline=first(xpath("//h1[contains(@class, 'RichTitle-root')][*]/text()[normalize-space()][1]"), Ordered(ORDER).headline()),
    published=first(PUBLISHED, Ordered(ORDER).published()),
    modified=first(MODIFIED, Ordered(ORDER).modified()),
)  # fmt: skip

SITE = Site(
    name="meduza",
    title="Meduza",
    language="ru",
    timezone="Europe/Moscow",
    mirrors=(Mirror("meduza.io"), Mirror("cg-entry.meduza.io", alias=True)),
    stories=(
        r"^/(?:en/)?[a-z-]+/(?P<y>20\d\d)/(?P<m>\d\d)/(?P<d>\d\d)/(?P<id>[\w%-]+)",
        r"^/(?:en/)?cards/(?P<id>[\w%-]+)",
    ),
    languages_in=((r"^/en(?:/|$)", "en"),),
    seeds=(Feed("/rss/all"), Feed("/rss/en/all"), Section("/"), Section("/en")),
    templates=(MATERIAL,),
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)
