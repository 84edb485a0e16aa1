"""IRNA, the Islamic Republic News Agency: two languages, one row of numbers.

What it rests on: a dozen addresses of www.irna.ir and en.irna.ir with their days (2019 to 2026: both editions share one row of numbers),
a stored page text of 2019 (it ends in the editors' numbers, `9156**1430`, and in "Follow us on Twitter @IrnaEnglish"), the feed `/rss` of
both hosts in a dozen lists, and the selectors of a scraper of 2024 that reads several papers of the same system (also in Mehr). No whole
page was seen. Unproven: sitemap, older addresses, the words of a page whose story is gone. IRNA's servers send a page "Transferring to
the website..." to robots; that is known as no answer (docs/completeness.md). Days are printed in the Jalali calendar on www.irna.ir.
"""

from __future__ import annotations

from datetime import date

from crawler.parsers.dates.dates import moment
from crawler.parsers.document.selectors import css, every, first, links
from crawler.parsers.text_order.config import Order
from crawler.parsers.text_order.fields import Ordered
from crawler.parsers.text_order.templates import MODIFIED, PUBLISHED, ordered
from crawler.sites.site import Feed, Mirror, Section, Site

PAPERS = "IRNA English|IRNA|Mehr News Agency|ایرنا|خبرگزاری مهر"
ORDER = Order(
    headline=(".item-title h1", "h1.title", ".title", "h1"),
    body=(".item-body .item-text", ".item-text", ".item-body"),
    dates=(".item-date",),
    paper=rf"^(?:{PAPERS})\s*[-–—|]\s*|\s*[-–—|]\s*(?:{PAPERS})\s*$",
    story_link=r"/(?:news|photo|video)/\d{4,8}(?:/|$)",
    furniture_boxes="//*[contains(@class, 'comments') or contains(@class, 'tags') or contains(@class, 'item-code')]",
    furniture=r"^(?:follow us on twitter.*|your comment|news code.*|کد خبر.*|نظر شما|برچسب‌ها|تعليقك)$",
    ends=r"^(?:tags|your comment|نظر شما|برچسب‌ها|related news|اخبار مرتبط|/?انتهى/?|/?انتهای پیام.*)$",
    initials=r"/?(?:انتهى|انتهای پیام)/?|\d{3,5}(?:\*{1,2}\d{3,5})+",
)

NASTOOH = ordered(
    "nastooh", ORDER, css(".item-text, .item-body"),
    deck=first(css("p.summary"), css(".item-summary"), css(".introtext")),
    published=first(PUBLISHED, css(".item-date").then(moment)),
    published_raw=css(".item-date"),
    modified=first(MODIFIED, Ordered(ORDER).modified()),
    breadcrumb=links(".breadcrumb li a"),
    section=css(".breadcrumb li:last-child a"),
    tags=every(".tags li"),
)  # fmt: skip

SITE = Site(
    name="irna",
    title="IRNA",
    language="fa",
    timezone="Asia/Tehran",
    mirrors=(
        Mirror("www.irna.ir"),
        Mirror("irna.ir", alias=True),
        Mirror("en.irna.ir", language="en"),
    ),
    stories=(r"^/(?:news|photo|video)/(?P<id>\d{6,9})(?:[/?#]|$)",),
    # By days told beside addresses.
    numbered=(
        (83792035, date(2020, 5, 18)), (85069178, date(2023, 4, 7)), (86156817, date(2026, 5, 17)), (86281056, date(2026, 10, 2)),
    ),
    seeds=(Feed("/rss"), Feed("/rss", language="en"), Section("/"), Section("/", language="en")),
    templates=(NASTOOH,),
    identity=("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
)  # fmt: skip
