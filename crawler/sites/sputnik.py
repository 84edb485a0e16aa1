"""Sputnik: day and number in the address, three editions.

What it rests on: addresses of sputnikglobe.com from 2023 to 2026, of fr.sputniknews.africa and anlatilaninotesi.com.tr, one of the former
form (cz.sputniknews.com, 2017), the feed `/export/rss2/archive/index.xml` in a dozen lists, a survey of 2026 that opened days of the
archive (`/20231007/`) and gives numbers of two editions (each counts in a range of its own), and class names on which eight scrapers
agree, the line of the date as one of them prints it (`10:01 GMT 03.12.2023 (Updated: ...)`). No whole page was seen.
en.sputniknews.africa is a paper of its own and not here. Unproven: the day on which sputniknews.com was left (it had answered before,
sputnikglobe.com is seen from July 2023 on).
"""

from __future__ import annotations

from datetime import date

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import css, every, first, xpath
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.parsers.text_order.templates import MODIFIED, PUBLISHED, ordered
from crawler.sites.site import Feed, Mirror, Section, Site

PICTURE = r"/im(?:g|ages)/(?:[0-9a-f]{2,4}/)+(?P<key>\d{6,})_"
"""`/images/07e4/02/0d/1564648884_0:15:3072:1743_600x0_80_0_0_16f7....jpg`, as on other papers of the house: a number, a crop, a size."""

ORDER = Order(
    headline=("h1.article__title", ".article__title"),
    body=(".article__body",),
    dates=(".article__info-date",),
    paper=r"\s*[-–—|,]\s*(?:\d\d\.\d\d\.20\d\d,\s*)?Sputnik\b.*$",
    story_link=r"/20\d{6}/[\w%-]+\.html",
    picture_key=PICTURE,
    furniture_boxes="//*[contains(@class, 'article__tags') or contains(@class, 'article__notice') or contains(@class, 'article__info')"
    " or contains(@class, 'article__announce-text')]",
    related="//*[@data-type='article']",
    furniture=r"^(?:subscribe|all materials|write to the author|show more)$",
)


SECONDS = xpath("//*[contains(@class, 'article__info-date')]//@data-unixtime").then(moment)

ARTICLE = ordered(
    "article", ORDER, css(".article__title"),
    deck=css(".article__announce-text"),
    published=first(PUBLISHED, SECONDS, css(".article__info-date a").then(moment)),
    published_raw=css(".article__info-date a"),
    modified=first(MODIFIED, Ordered(ORDER).modified()),
    authors=first(every(".article__author-name"), Ordered(ORDER).authors()),
    tags=every(".article__tags a"),
)  # fmt: skip

SITE = Site(
    name="sputnik",
    title="Sputnik",
    language="en",
    mirrors=(
        Mirror("sputnikglobe.com"),
        Mirror("sputniknews.com", until=date(2023, 7, 3)),
        Mirror("fr.sputniknews.africa", language="fr", series="fr"),
        Mirror("anlatilaninotesi.com.tr", language="tr", series="tr"),
    ),
    stories=(
        r"^/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)/(?:[^/?#]*-)?(?P<id>\d{8,12})\.html",
        r"^/[\w-]+/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?P<id>\d{7,12})-[^/?#]+",
    ),
    seeds=(Feed("/export/rss2/archive/index.xml"), Section("/"), Section("/", language="fr"), Section("/", language="tr")),
    sections=(r"^/(?P<id>20\d{6})/?(?:[?#]|$)",),
    section_page="/{id}/",
    templates=(ARTICLE,),
    picture_key=PICTURE,
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)
