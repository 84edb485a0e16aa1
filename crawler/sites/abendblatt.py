"""Hamburger Abendblatt: two layouts, one numbering of stories.

What is known comes from three saved pages: a story of 2020 saved in August 2022, one of April 2024, one of November 2025. They name no
sitemap, link a page `/rss` that nobody has saved, and show no second page of a section: none of these is here.
"""

from __future__ import annotations

from datetime import date

from attrs import evolve

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import css, every, first, jsonld, links, meta, xpath
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.sites.site import Mirror, Section, Site, Template

PICTURE = r"(?:^/|/crop)(?P<key>\d{6,}(?:_\d{9,})?)[_/]"
"""`/410395622/410395622_1762445183_v16_9_1600.jpeg`; before, `/img/hamburg/crop229104247/7477659614-w1200-cv16_9-q85/Slug.jpg`."""

ORDER = Order(
    # The h1 is the breadcrumb's last entry; the headline printed over the story is an h2.
    headline=("article hgroup h2",),
    body=(".article-body",),
    story_link=r"/article\d{6,12}/",
    picture_key=PICTURE,
    # The authors' portraits, the podcast player; in 2024 the deck is the body's first paragraph, in bold.
    furniture_boxes="//figure[.//a[@rel='author']] | //*[contains(@class, 'julep')] | //p[contains(@class, 'font-medium')]",
)
TEXT = Ordered(ORDER)

MODERN = Template(
    name="modern",
    seen_from=date(2024, 4, 28),
    mark=css("h1[data-breadcrumb-headline]"),
    headline=TEXT.headline(),
    headline_alternatives=TEXT.titles(jsonld("headline")),
    deck=first(css("hgroup + div.expressive-copy-lg"), css(".article-body > p.font-medium")),
    blocks=TEXT.blocks(),
    images=TEXT.images(),
    authors=every("article address a[rel=author]"),
    published=meta("date").then(moment),
    published_raw=css("article time[datetime]"),
    modified=meta("last-modified").then(moment),
    breadcrumb=links("nav[data-module-id=BreadcrumbModule] li a"),
    section=css("nav[data-module-id=BreadcrumbModule] li:nth-last-child(2) a"),
    language=xpath("//html/@lang"),
    tags=every("[data-test-tags-box-v2] li a"),
    related=TEXT.related(),
    canonical_url=xpath("//link[@rel='canonical']/@href"),
)

OLD = Ordered(
    evolve(
        ORDER,
        headline=(".article__header__headline",),
        body=(".article__body",),
        paper=r"\s+-\s+Hamburger Abendblatt$",
        furniture_boxes="//figure[contains(@class, 'video-inline')] | //*[contains(@class, 'newsletter')] | //aside | //article//article"
        " | //*[contains(@class, 'author-info_wrapper')]",
    )
)

CLASSIC = evolve(
    MODERN,
    name="classic",
    seen_from=None,
    seen_until=date(2024, 4, 27),
    mark=css(".article__header__headline"),
    headline=OLD.headline(),
    headline_alternatives=OLD.titles(),
    deck=css(".article__header__intro__text"),
    blocks=OLD.blocks(),
    images=OLD.images(),
    authors=every(".author-info__name-text"),
    published=css(".article__field__multi time::attr(datetime)").then(moment),
    published_raw=css(".article__field__multi time"),
    breadcrumb=links("a.breadcrumb__link"),
    section=css(".breadcrumb__item:nth-last-child(2) a"),
    language=xpath("//html/@lang").then(lambda code: code[:2]),
    tags=meta("news_keywords").then(lambda line: tuple(word.strip() for word in line.split(",") if word.strip())),
    related=OLD.related(),
)

SITE = Site(
    name="abendblatt",
    title="Hamburger Abendblatt",
    language="de",
    timezone="Europe/Berlin",
    mirrors=(Mirror("www.abendblatt.de"),),
    stories=(r"^/(?:[^/?#]+/)*article0*(?P<id>\d{6,12})(?:[/.?#]|$)",),
    seeds=(Section("/"), *(Section(f"/{name}/") for name in ("hamburg", "schleswig-holstein", "niedersachsen", "politik", "panorama"))),
    sections=(r"^/(?P<id>(?:hamburg|schleswig-holstein|niedersachsen|politik|panorama|sport|kultur)(?:/[a-z0-9-]+)?)/(?:[?#]|$)",),
    section_page="/{id}/",
    templates=(MODERN, CLASSIC),
    picture_key=PICTURE,
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url' or @name='og:url']/@content"),
)
