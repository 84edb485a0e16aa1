"""RT: one layout, three hosts, a row of numbers for each language.

What it rests on: stored feeds of www.rt.com, swentr.site and rurtnews.com (May 2026; the feeds name www.rt.com in their links and their
own host in the text) prove hosts, feeds, addresses and picture addresses of the English edition. A scraper lists the hosts and sitemaps
of the other editions; of these only russian.rt.com has an address in the stored material. Class names are those that five scrapers of
2019 to 2023 agree on; no whole page was seen. Unproven: the form of addresses and the layout of the other editions, the zone of printed
times.
"""

from __future__ import annotations

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import css, every, first
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.parsers.text_order.templates import PUBLISHED, ordered
from crawler.sites.site import Feed, Mirror, Section, Site, Sitemap

STORY = r"/(?P<id>\d{4,8})-[^/?#]+"
PICTURE = r"/files/20\d\d\.\d\d/(?:\w+/)?(?P<key>[0-9a-f]{24})\.\w{2,5}$"
"""`https://mf.b37mrtl.ru/files/2026.05/thumbnail/6a12d26985f5405e7e571185.png`: the size is a folder."""

ORDER = Order(
    headline=("h1.article__heading",),
    body=(".article__text",),
    dates=(".date_article-header",),
    paper=r"^read more:\s*|\s+[—–-]\s+RT\b[^—–]*$",
    story_link=r"/\d{4,8}-[\w-]+/?(?:[?#]|$)",
    picture_key=PICTURE,
    furniture=r"^(?:read more:?|\d+ comments?|get short url)$",
    related="//*[contains(@class, 'read-more')]",
)

ARTICLE = ordered(
    "article", ORDER, css("h1.article__heading"),
    deck=css(".article__summary"),
    published=first(PUBLISHED, css(".date_article-header").then(moment)),
    published_raw=css(".date_article-header"),
    authors=first(every(".article__author-name"), Ordered(ORDER).authors()),
    tags=every(".tags-trends a"),
)  # fmt: skip

EDITIONS = (
    ("russian.rt.com", "ru"),
    ("arabic.rt.com", "ar"),
    ("actualidad.rt.com", "es"),
    ("francais.rt.com", "fr"),
    ("deutsch.rt.com", "de"),
)

SITE = Site(
    name="rt",
    title="RT",
    language="en",
    mirrors=(
        Mirror("www.rt.com"),
        Mirror("swentr.site"),
        Mirror("rurtnews.com"),
        Mirror("rt.com", alias=True),
        *(Mirror(host, language=language, series=language) for host, language in EDITIONS),
    ),
    stories=(rf"^(?:/[\w-]+){{1,3}}{STORY}",),
    seeds=(
        Feed("/rss/"),
        Feed("/rss/news/"),
        Feed("/rss/russia/"),
        Sitemap("/sitemap.xml"),
        Section("/"),
        *(Sitemap("/sitemap.xml", language=language) for _, language in EDITIONS),
    ),
    templates=(ARTICLE,),
    picture_key=PICTURE,
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)
