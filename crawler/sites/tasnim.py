"""Tasnim News Agency: three languages on one host, Jalali days in addresses.

What it rests on: some twenty addresses of 2015 to 2026 in Persian, English and Arabic with their days (one row of numbers for all), a
stored page text of the Arabic edition, feeds `/fa/rss/feed/0/7/0/` and `/en/rss/feed/0/7/0/all-news` in several lists, the hosts
tasnimnews.ir (a list of feeds) and tasnimnews.org (a scraper), and that scraper's selectors (2024). No whole page was seen. Unproven:
whether the hosts other than .com answer today; a list of 2026 calls the English feed dead.
"""

from __future__ import annotations

from datetime import date

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import css, every, first
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.parsers.text_order.templates import MODIFIED, PUBLISHED, ordered
from crawler.sites.site import Feed, Mirror, Section, Site

ORDER = Order(
    headline=("article h1.title", "article .title", "h1"),
    body=(".story",),
    dates=("article .time", "article time"),
    paper=r"\s*[-–—|]\s*(?:Tasnim News Agency|تسنیم|خبرگزاری تسنیم)\s*$",
    story_link=r"/(?:fa|en|ar|tr|ur|ru)/(?:news|media)/\d{4}/\d\d/\d\d/\d+",
    furniture=r"^(?:این خبر به?روز ?رسانی می ?شود.*|بازگشت به صفحه رسانه.*)$",
    furniture_boxes="//*[contains(@class, 'jwplayer') or contains(@class, 'hideTag') or contains(@class, 'tags')]",
    initials=r"/?انتهای پیام/?(?:\s*\*?)?",
)

NEWS = ordered(
    "news", ORDER, css("article.single-news, article.media"),
    deck=css("article .lead"),
    published=first(PUBLISHED, Ordered(ORDER).published(), css("article .time").then(moment)),
    published_raw=css("article .time, article time"),
    modified=first(MODIFIED, Ordered(ORDER).modified()),
    section=css("li.service a, li.service"),
    tags=every(".tags li"),
)  # fmt: skip

SITE = Site(
    name="tasnim",
    title="Tasnim News Agency",
    language="fa",
    timezone="Asia/Tehran",
    mirrors=(
        Mirror("www.tasnimnews.com"),
        Mirror("tasnimnews.com", alias=True),
        Mirror("www.tasnimnews.ir"),
        Mirror("www.tasnimnews.org", alias=True),
    ),
    stories=(
        r"^/fa/(?:news|media)/(?P<jy>1[34]\d\d)/(?P<jm>\d\d?)/(?P<jd>\d\d?)/(?P<id>\d{1,8})(?:[/?#]|$)",
        r"^/[a-z]{2}/(?:news|media)/(?P<y>20\d\d)/(?P<m>\d\d?)/(?P<d>\d\d?)/(?P<id>\d{1,8})(?:[/?#]|$)",
    ),
    languages_in=tuple((rf"^/{code}(?:/|$)", code) for code in ("fa", "en", "ar", "tr", "ur", "ru")),
    # By the days in addresses.
    numbered=(
        (827252, date(2015, 8, 12)), (2015910, date(2019, 5, 20)), (2805804, date(2022, 11, 17)), (3478556, date(2025, 12, 23)),
    ),
    seeds=(Feed("/fa/rss/feed/0/7/0/"), Feed("/en/rss/feed/0/7/0/all-news"), Section("/fa"), Section("/en")),
    templates=(NEWS,),
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)  # fmt: skip
